using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Singles.Reports;

/// <summary>Who is barred by officers in reach. Looking is audited.</summary>
internal static class ListBars
{
    public const string Deed = "list_singles_bars";

    /// <param name="Name">Masked.</param>
    /// <param name="UntilOn">The last day; null: for ever.</param>
    /// <param name="MayLift">Another officer decided it.</param>
    public sealed record Item(string Id, string? Name, DateOnly? UntilOn, string Reason, DateTimeOffset At, bool MayLift);

    /// <summary>限制参加名单 (bars in force), the newest first.</summary>
    /// <param name="take">How many at most.</param>
    /// <param name="after">next of the page before.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Caller caller, Reach reach, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        var (count, mark, now) = (Page.Take(take), Page.AfterId(after), clock.Milliseconds());
        await database.TransactAsync(writing => Audit.WriteAsync(writing, caller, Deed, "singles_bars", "", now), cancellation);

        await using var db = database.Open();
        var (ancestors, records, today) = (db.UnionAncestors, db.MemberRecords, Instants.DateOf(now).Stored());
        var rows = await (
            from bar in db.SinglesBars
            from record in records.LeftJoin(r => r.PersonId == bar.PersonId)
            where bar.LiftedAt == null && (bar.UntilOn == null || bar.UntilOn.CompareTo(today) >= 0)
                && ancestors.Any(a => a.UnionId == bar.UnionId && reach.UnionIds.Contains(a.AncestorId))
                && (mark == null || bar.Id.CompareTo(mark) < 0)
            orderby bar.Id descending
            select new { bar, record.Name }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.bar.Id,
                r.Name is null ? null : Masking.Name(r.Name),
                Instants.DateOrNone(r.bar.UntilOn),
                cipher.Open(SinglesBarRow.ReasonPlace, r.bar.Id, r.bar.ReasonSealed),
                Instants.At(r.bar.At),
                r.bar.MadeBy != caller.PersonId),
            r => r.bar.Id));
    }
}
