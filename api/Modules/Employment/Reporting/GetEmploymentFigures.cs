using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Reporting;

/// <summary>
/// 促进再就业 (work point 20): what was offered within some days, and what came of it, for the firms in reach. Small
/// counts of people are withheld, and what would give them away.
/// </summary>
internal static class GetEmploymentFigures
{
    private const int MostDays = 366;
    private const string InReach = "EXISTS (SELECT 1 FROM union_ancestors n WHERE n.union_id = e.union_id AND n.ancestor_id IN (@among))";

    private const string Offered =
        $"""
        SELECT COUNT(*) AS first, COUNT(DISTINCT e.id) AS second, COALESCE(SUM(v.headcount), 0) AS third
        FROM vacancies v JOIN employers e ON e.id = v.employer_id
        WHERE v.published_at >= @start AND v.published_at < @over AND v.merged_into IS NULL AND {InReach}
        """;

    /// <summary>Who is accepted again because her hiring was corrected is no new intention.</summary>
    private const string Applied =
        $"""
        SELECT COALESCE(SUM(CASE WHEN a.created_at >= @start AND a.created_at < @over THEN 1 ELSE 0 END), 0) AS first,
            COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM vacancy_application_steps s
                WHERE s.application_id = a.id AND s.state = 'accepted' AND s.reason IS NULL AND s.at >= @start AND s.at < @over) THEN 1 ELSE 0 END), 0) AS second,
            0 AS third
        FROM vacancy_applications a JOIN vacancies v ON v.id = a.vacancy_id JOIN employers e ON e.id = v.employer_id
        WHERE a.created_at < @over AND a.updated_at >= @start AND {InReach}
        """;

    private const string Hired =
        $"""
        SELECT SUBSTR(v.occupation, 1, 1) AS word, COUNT(*) AS first,
            COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM hardship_marks m WHERE m.live_person_id = a.person_id) THEN 1 ELSE 0 END), 0) AS second, 0 AS third
        FROM vacancy_applications a JOIN vacancies v ON v.id = a.vacancy_id JOIN employers e ON e.id = v.employer_id
        WHERE a.state = 'hired' AND a.contract_on >= @from AND a.contract_on <= @until AND {InReach}
        GROUP BY SUBSTR(v.occupation, 1, 1) ORDER BY word
        """;

    private const string FollowedUp =
        $"""
        SELECT COUNT(*) AS first, COALESCE(SUM(a.is_still_there), 0) AS second, 0 AS third
        FROM vacancy_applications a JOIN vacancies v ON v.id = a.vacancy_id JOIN employers e ON e.id = v.employer_id
        WHERE a.state = 'hired' AND a.is_still_there IS NOT NULL AND a.follow_up_due_at >= @start AND a.follow_up_due_at < @over AND {InReach}
        """;

    private const string Complained =
        $"""
        SELECT c.due_on AS word, COALESCE(c.decided_at, 0) AS first, 0 AS second, 0 AS third
        FROM vacancy_complaints c JOIN employers e ON e.id = c.employer_id
        WHERE c.created_at >= @start AND c.created_at < @over AND {InReach}
        """;

    /// <param name="Occupation">大类: the first digit of a code of the table <c>occupation</c>.</param>
    /// <param name="Hired">Null: withheld.</param>
    public sealed record InOccupation(string Occupation, string Name, int? Hired);

    /// <param name="Employers">用人单位 that published.</param>
    /// <param name="Vacancies">岗位信息 published.</param>
    /// <param name="Posts">岗位数, their headcount.</param>
    /// <param name="Applications">投递; null, here and below: withheld.</param>
    /// <param name="Intentions">达成意向: who was accepted.</param>
    /// <param name="Hired">就业人数: contracts of these days.</param>
    /// <param name="HiredMarked">Of these, 就业困难人员 and families in hardship.</param>
    /// <param name="FollowedUp">Whose three months were over in these days and who answered.</param>
    /// <param name="Stable">Of these, who is still there (稳定就业).</param>
    /// <param name="ByOccupation">Hired, by 大类.</param>
    /// <param name="Complaints">投诉 of these days.</param>
    /// <param name="ComplaintsLate">Of these, answered late, or not yet though due.</param>
    /// <param name="HasWithheld">Whether any count was withheld.</param>
    public sealed record Response(
        DateOnly From, DateOnly Until, int Employers, int Vacancies, int Posts, int? Applications, int? Intentions, int? Hired, int? HiredMarked, int? FollowedUp, int? Stable, IReadOnlyList<InOccupation> ByOccupation, int Complaints, int ComplaintsLate, bool HasWithheld);

    /// <summary>再就业工作统计 (figures of work point 20).</summary>
    /// <param name="from">The first day.</param>
    /// <param name="until">The last day, at most a year later.</param>
    internal static async Task<Ok<Response>> Handle(
        DateOnly? from, DateOnly? until, Reach reach, CodeTables tables, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        if (from is not { } first || until is not { } last || last < first || last.DayNumber - first.DayNumber > MostDays || first.Year < 2000 || last.Year > 2999)
        {
            throw Refusal.OfField("until", "请填写起止日期,截止日期不早于起始日期,跨度不超过一年。");
        }

        await using var db = database.Open();
        (string Name, object? Value)[] span =
        [
            ("start", Instants.StartOf(first)), ("over", Instants.StartOf(last.AddDays(1))), ("from", first.Stored()), ("until", last.Stored()),
        ];
        async Task<List<Counts>> Ask(string sql) =>
            await db.QueryAmongAsync<Counts>(sql, reach.UnionIds, cancellation, [.. span.Where(p => sql.Contains('@' + p.Name, StringComparison.Ordinal))]);
        var (offered, applied, followed) = ((await Ask(Offered))[0], (await Ask(Applied))[0], (await Ask(FollowedUp))[0]);
        var (hired, complaints) = (await Ask(Hired), await Ask(Complained));
        var names = tables.All["occupation"].Entries.ToDictionary(e => e.Code, e => e.Name);
        var (byOccupation, all) = SmallCounts.InSum([.. hired.Select(h => (int)h.First)]);
        var marked = SmallCounts.InSum((int)hired.Sum(h => h.Second), (int)hired.Sum(h => h.First - h.Second)).Cells[0];
        var (stayed, answered) = SmallCounts.InSum((int)followed.Second, (int)(followed.First - followed.Second));
        var (sent, intentions) = (SmallCounts.Alone((int)applied.First), SmallCounts.Alone((int)applied.Second));
        return TypedResults.Ok(new Response(
            first,
            last,
            (int)offered.Second,
            (int)offered.First,
            (int)offered.Third,
            sent,
            intentions,
            all,
            marked,
            answered,
            stayed[0],
            [.. hired.Zip(byOccupation, (h, count) => new InOccupation(h.Word!, names.GetValueOrDefault(h.Word!, ""), count))],
            complaints.Count,
            complaints.Count(c => (c.First == 0 ? clock.Today() : Instants.DateOf(c.First)) > Instants.Date(c.Word!)),
            new[] { sent, intentions, all, marked, answered, stayed[0] }.Concat(byOccupation).Contains(null)));
    }

    private sealed record Counts
    {
        public string? Word { get; init; }

        public required long First { get; init; }

        public required long Second { get; init; }

        public required long Third { get; init; }
    }
}
