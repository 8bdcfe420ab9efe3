using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>Who opened what was written of me, and on which days?</summary>
internal static class ListMyReadings
{
    /// <param name="Reader">Name of the counsellor.</param>
    public sealed record Item(string Reader, DateOnly ReadOn);

    /// <param name="Items">Latest first.</param>
    public sealed record Response(IReadOnlyList<Item> Items, IReadOnlyList<Hotline> Hotlines);

    /// <summary>谁看过我的咨询记录 (who read what was written of me).</summary>
    internal static async Task<Ok<Response>> Handle(
        Caller caller, ClientRecords clients, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var readings = (await clients.OfPersonAsync(db, caller.PersonId, cancellation))?.Record.Readings ?? [];
        return TypedResults.Ok(new Response([.. readings.Reverse().Select(r => new Item(r.Reader, Instants.Date(r.ReadOn)))], Hotline.All(settings)));
    }
}
