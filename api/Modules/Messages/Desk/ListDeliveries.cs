using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Messages.Desk;

/// <summary>The officer sees what went to one member, when and by which channel: to answer "nobody told me".</summary>
internal static class ListDeliveries
{
    public const string Deed = "list_deliveries";

    /// <param name="Title">Null for a sensitive notice.</param>
    /// <param name="Kind">Null for a sensitive notice.</param>
    /// <param name="Channel">Null: in the inbox only.</param>
    /// <param name="State">Of the channel; null in the inbox only.</param>
    /// <param name="ReadAt">When she opened it in the inbox.</param>
    public sealed record Item(
        string Id, string? Kind, string? Title, DateTimeOffset CreatedAt, DateTimeOffset? ReadAt, DeliveryChannel? Channel, DeliveryState? State, DateTimeOffset? ClosedAt);

    /// <summary>某人的通知投递记录 (what was told to one person), newest first.</summary>
    /// <param name="personId">In reach as member or applicant.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string personId, int? take, string? after, Caller caller, Reach reach, IEnumerable<PersonInReach> belongs, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var untold = NoticeKinds.Untold;
        var rows = await database.TransactAsync(
            async db =>
            {
                if (!await belongs.AnyAsync(db, reach.UnionIds, personId, cancellation))
                {
                    throw new Refusal(CommonProblems.NotFound);
                }

                await Audit.WriteAsync(db, caller, Deed, "person", personId, clock.Milliseconds(), personId);
                var deliveries = db.Deliveries;
                return await (
                    from message in db.Messages
                    from delivery in deliveries.LeftJoin(d => d.MessageId == message.Id && d.PersonId == message.PersonId)
                    where message.PersonId == personId && !untold.Contains(message.Kind) && (mark == null || message.Id.CompareTo(mark) < 0)
                    orderby message.Id descending
                    select new { message, delivery }).Take(count + 1).ToListAsync(cancellation);
            },
            cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r =>
            {
                var isSensitive = NoticeKinds.Of(r.message.Kind).IsSensitive;
                return new Item(
                    r.message.Id,
                    isSensitive ? null : r.message.Kind,
                    isSensitive ? null : r.message.Title,
                    Instants.At(r.message.CreatedAt),
                    Instants.At(r.message.ReadAt),
                    r.delivery?.Channel,
                    r.delivery?.State,
                    Instants.At(r.delivery?.ClosedAt));
            },
            r => r.message.Id));
    }
}
