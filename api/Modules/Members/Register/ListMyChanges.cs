using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Members.Corrections;

namespace WeChatUnion.Api.Modules.Members.Register;

/// <summary>What happened to my membership, and who changed what on my form.</summary>
internal static class ListMyChanges
{
    /// <param name="Items">Oldest first; a working life has few of them, so they come whole.</param>
    public sealed record Response(IReadOnlyList<ChangeSummary> Items);

    /// <summary>我的会籍变动 (changes of my membership).</summary>
    internal static async Task<Ok<Response>> Handle(
        Caller caller, Database database, FieldCipher cipher, Correcting correcting, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return TypedResults.Ok(new Response(await ChangeSummary.ReadAsync(
            db, db.Memberships.Where(m => m.PersonId == caller.PersonId), cipher, correcting, cancellation)));
    }
}
