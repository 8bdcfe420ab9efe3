using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Singles.Plates;

/// <summary>What a guest is called tonight.</summary>
internal static class GetPlate
{
    /// <param name="Plate">男01 or 女01.</param>
    public sealed record Response(string Plate, DateTimeOffset GivenAt);

    /// <summary>我的号牌 (my number plate of a singles' evening), given at check-in.</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Response>> Handle(string id, Caller caller, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var plate = await db.PlateOfAsync(id, caller, cancellation);
        return TypedResults.Ok(new Response(plate.Plate.ToString(), Instants.At(plate.GivenAt)));
    }
}
