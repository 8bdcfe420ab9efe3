using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>Which values were entered for a draw, and which awaits its check?</summary>
internal static class ListDrawValues
{
    /// <param name="IsMine">The caller entered it, so somebody else must check it.</param>
    /// <param name="Reason">Why it was returned.</param>
    public sealed record Item(
        string Id, string Value, DrawValueState State, bool IsMine, DateTimeOffset MadeAt, DateTimeOffset? DecidedAt, string? Reason);

    /// <summary>公开值清单 (values entered for a draw), newest first.</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string id, int? take, string? after, Caller caller, Reach reach, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        await ActivityDrafts.FindAsync(db, id, reach, cancellation);
        var rows = await db.DrawValues.Where(v => v.ActivityId == id && (mark == null || v.Id.CompareTo(mark) < 0))
            .OrderByDescending(v => v.Id).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            v => new Item(
                v.Id, v.Value, v.State, v.MadeBy == caller.PersonId, Instants.At(v.MadeAt), Instants.At(v.DecidedAt), v.ReasonSealed is { } reason ? cipher.Open(DrawValueRow.ReasonPlace, v.Id, reason) : null),
            v => v.Id));
    }
}
