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

/// <summary>
/// Who is barred by officers in reach, and of the members of unions in reach who is barred for ever, as for a false declaration
/// (domain/singles.md 2.6). Each look is written down with whom it showed.
/// </summary>
internal static class ListBars
{
    public const string Deed = "list_singles_bars";

    /// <param name="Name">Masked.</param>
    /// <param name="UntilOn">The last day; null: for ever.</param>
    /// <param name="MayLift">An officer in reach decided it, another one than the caller, and it is not about her.</param>
    public sealed record Item(string Id, string? Name, DateOnly? UntilOn, string Reason, DateTimeOffset At, bool MayLift);

    /// <summary>限制参加名单 (bars in force), the newest first.</summary>
    /// <param name="take">How many at most.</param>
    /// <param name="after">next of the page before.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Caller caller, Reach reach, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        var (count, mark, now) = (Page.Take(take), Page.AfterId(after), clock.Milliseconds());
        var (rows, herself) = await ReadAsync(count, mark, now, caller, reach, database, cancellation);
        await database.TransactAsync(
            db => db.InsertManyAsync(rows.Take(count).Select(r => Audit.RowOf(caller, Deed, "singles_bar", r.Bar.Id, now, r.Bar.PersonId))), cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.Bar.Id,
                r.Name is null ? null : Masking.Name(r.Name),
                r.Bar.UntilOn,
                cipher.Open(SinglesBarRow.ReasonPlace, r.Bar.Id, r.Bar.ReasonSealed),
                Instants.At(r.Bar.At),
                r.IsInReach && r.Bar.MadeBy != caller.PersonId && !herself.Contains(r.Bar.PersonId)),
            r => r.Bar.Id));
    }

    private static async Task<(List<Row> Rows, HashSet<string> Herself)> ReadAsync(
        int count, string? mark, long now, Caller caller, Reach reach, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var (ancestors, records, memberships) = (db.UnionAncestors, db.MemberRecords, db.Memberships);
        var rows = await (
            from bar in db.SinglesBars
            from record in records.LeftJoin(r => r.PersonId == bar.PersonId)
            let isInReach = ancestors.Any(a => a.UnionId == bar.UnionId && reach.UnionIds.Contains(a.AncestorId))
            where bar.LiftedAt == null && (bar.EndsAt == null || bar.EndsAt > now)
                && (isInReach || (bar.EndsAt == null
                    && memberships.Any(m => m.LivePersonId == bar.PersonId && ancestors.Any(a => a.UnionId == m.UnionId && reach.UnionIds.Contains(a.AncestorId)))))
                && (mark == null || bar.Id.CompareTo(mark) < 0)
            orderby bar.Id descending
            select new Row(bar, record.Name, isInReach)).Take(count + 1).ToListAsync(cancellation);
        return (rows, await db.PersonsOfHumanAsync(caller.PersonId, cancellation));
    }

    private sealed record Row(SinglesBarRow Bar, string? Name, bool IsInReach);
}
