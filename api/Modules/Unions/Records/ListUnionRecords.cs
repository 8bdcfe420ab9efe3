using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions.Committees;

namespace WeChatUnion.Api.Modules.Unions.Records;

/// <summary>The unions in reach, with what has to be done about their committees.</summary>
internal static class ListUnionRecords
{
    /// <param name="EndsOn">届满日期; null before the first election was recorded.</param>
    /// <param name="ChairVacantSince">Null while there is a chair or no committee.</param>
    public sealed record Item(
        string Id,
        int Version,
        string Name,
        string Type,
        UnionState State,
        string? ParentId,
        string DivisionCode,
        int? Employees,
        DateOnly? EndsOn,
        TermState? Term,
        DateOnly? ChairVacantSince,
        DateOnly? ChairDueOn);

    /// <summary>工会名册 (unions), in the order they were recorded.</summary>
    /// <param name="state">preparing, established, re_electing, overdue or dissolved; all but dissolved when not given.</param>
    /// <param name="term">due: ends within 60 days; overdue: ended.</param>
    /// <param name="chairVacant">true: only those whose committee has no chair.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? state, string? term, bool? chairVacant, int? take, string? after, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var wanted = StateOf(state);
        var today = clock.Today();
        var (earliest, latest) = Ends(term, today);
        await using var db = database.Open();
        var (ancestors, committees, posts) = (db.UnionAncestors, db.Committees, db.Posts);
        var rows = await (
            from union in db.Unions
            from committee in committees.LeftJoin(c => c.CurrentUnionId == union.Id)
            where (wanted == null ? union.State != UnionState.Dissolved : union.State == wanted)
                && ancestors.Any(a => a.UnionId == union.Id && reach.UnionIds.Contains(a.AncestorId))
                && (latest == null || (committee.EndsOn.CompareTo(latest) <= 0 && committee.EndsOn.CompareTo(earliest) >= 0))
                && (chairVacant != true || (committee.Id != null && !posts.Any(p => p.ChairedCommitteeId == committee.Id)))
                && (mark == null || union.Id.CompareTo(mark) > 0)
            orderby union.Id
            select new { union, committee }).Take(count + 1).ToListAsync(cancellation);
        var vacancies = await CommitteeSummary.VacanciesAsync(db, [.. rows.Select(r => r.committee).OfType<CommitteeRow>()], cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, r => ItemOf(r.union, r.committee, vacancies, today), r => r.union.Id));
    }

    private static UnionState? StateOf(string? state) => state switch
    {
        null => null,
        "preparing" => UnionState.Preparing,
        "established" => UnionState.Established,
        "re_electing" => UnionState.ReElecting,
        "overdue" => UnionState.Overdue,
        "dissolved" => UnionState.Dissolved,
        _ => throw Refusal.OfField("state", "请从 preparing、established、re_electing、overdue、dissolved 中选择。"),
    };

    /// <summary>Between which stored dates the term ends.</summary>
    private static (string From, string? Until) Ends(string? term, DateOnly today) => term switch
    {
        null => ("", null),
        "due" => (today.Stored(), today.AddDays(Terms.DueDays).Stored()),
        "overdue" => ("", today.AddDays(-1).Stored()),
        _ => throw Refusal.OfField("term", "请从 due、overdue 中选择。"),
    };

    private static Item ItemOf(UnionRow union, CommitteeRow? committee, Dictionary<string, DateOnly> vacancies, DateOnly today)
    {
        DateOnly? vacantSince = committee is not null && vacancies.TryGetValue(committee.Id, out var since) ? since : null;
        return new Item(
            union.Id,
            union.Version,
            union.Name,
            union.Type,
            union.State,
            union.ParentId,
            union.DivisionCode,
            union.Employees,
            Instants.DateOrNone(committee?.EndsOn),
            committee is null ? null : Terms.StateOf(Instants.Date(committee.EndsOn), today),
            vacantSince,
            vacantSince?.AddMonths(Terms.ChairWithinMonths));
    }
}
