using System.Globalization;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Singles.Entries;
using WeChatUnion.Api.Modules.Singles.Reports;

namespace WeChatUnion.Api.Modules.Singles.Joining;

/// <summary>
/// Who may sign up for a singles' evening (domain/singles.md 2.2): an approved entry, the consent and the declaration alive,
/// the age on that day, no bar, so many evenings a quarter, so many people of one union. Read in one go for a batch; sign-ups of
/// one person for two evenings at once meet at her entry's row.
/// </summary>
internal sealed class SinglesGate : SignUpGate
{
    private const int MonthsAQuarter = 3;

    private readonly SinglesRules rules;
    private readonly PeoplesFacts facts;
    private readonly HashSet<string> approved;
    private readonly Dictionary<string, string> barred;
    private readonly Dictionary<string, int> evenings;
    private readonly Dictionary<string, int> ofUnion;

    private SinglesGate(
        SinglesRules rules,
        PeoplesFacts facts,
        HashSet<string> approved,
        Dictionary<string, string> barred,
        Dictionary<string, int> evenings,
        Dictionary<string, int> ofUnion)
    {
        this.rules = rules;
        this.facts = facts;
        this.approved = approved;
        this.barred = barred;
        this.evenings = evenings;
        this.ofUnion = ofUnion;
    }

    public static OpenGate Opening(SinglesRules rules, FieldCipher cipher) => async (db, activity, facts, people, now, cancellation) =>
    {
        if (activity.Kind != ActivityKind.Singles)
        {
            return null;
        }

        await db.ExecuteAmongAsync("UPDATE singles_entries SET turn = turn + 1 WHERE person_id IN (@among)", people, cancellation);
        var day = Instants.DateOf(activity.StartsAt);
        var approved = await db.QueryAmongAsync<string>(
            $"""
            SELECT e.person_id FROM singles_entries e JOIN consents c ON c.person_id = e.person_id AND c.live_purpose = '{SinglesConsents.Purpose}'
            WHERE e.person_id IN (@among) AND e.state = 'approved'
            """,
            people,
            cancellation);
        return new SinglesGate(
            rules,
            facts,
            [.. approved],
            await Bars.OfAsync(db, people, cipher, now, cancellation),
            await EveningsAsync(db, activity, day, people, cancellation),
            await OfUnionAsync(db, activity, cancellation));
    };

    public override string? Objection(string personId)
    {
        if (StandingObjection(personId) is { } standing)
        {
            return standing;
        }

        if (evenings.GetValueOrDefault(personId) >= rules.EveningsAQuarter)
        {
            return string.Create(CultureInfo.InvariantCulture, $"每人每季度最多报名 {rules.EveningsAQuarter} 场联谊,您本季度的场次已满。");
        }

        return facts.Of(personId).Member.UnionId is { } unionId && ofUnion.GetValueOrDefault(unionId) >= rules.MostOfOneUnion
            ? string.Create(CultureInfo.InvariantCulture, $"每个单位最多 {rules.MostOfOneUnion} 人报名本场联谊,您单位的名额已满。")
            : null;
    }

    public override string? StandingObjection(string personId)
    {
        var (member, seen) = facts.Of(personId);
        if (!approved.Contains(personId))
        {
            return "仅限联谊信息审核通过的职工报名,请先在“单身联谊”中填写联谊信息并提交审核。";
        }

        if (seen.IsSingle != true)
        {
            return "仅限单身职工报名,请先签署单身承诺。";
        }

        if (barred.TryGetValue(personId, out var words))
        {
            return words;
        }

        return seen.Age is not { } age || age < rules.LeastAgeOf(member.Sex) || age > rules.MostAge
            ? string.Create(CultureInfo.InvariantCulture, $"活动当天年龄应为 {rules.LeastAgeOf(member.Sex)} 到 {rules.MostAge} 周岁。")
            : null;
    }

    public override bool MayWait(GroupPlaces group) => group.Waiting * 100 < group.Capacity * rules.WaitingPercent;

    public override void Took(string personId)
    {
        if (facts.Of(personId).Member.UnionId is { } unionId)
        {
            ofUnion[unionId] = ofUnion.GetValueOrDefault(unionId) + 1;
        }
    }

    /// <summary>Person → her living sign-ups for other evenings of the quarter.</summary>
    private static async Task<Dictionary<string, int>> EveningsAsync(
        Db db, ActivityRow activity, DateOnly day, IReadOnlyCollection<string> people, CancellationToken cancellation)
    {
        var first = new DateOnly(day.Year, ((day.Month - 1) / MonthsAQuarter * MonthsAQuarter) + 1, 1);
        var rows = await db.QueryAmongAsync<Counted>(
            """
            SELECT e.live_person_id AS counted_id, COUNT(*) AS many FROM enrolments e JOIN activities a ON a.id = e.activity_id
            WHERE e.live_person_id IN (@among) AND e.activity_id <> @activity AND a.kind = 'singles' AND a.state = 'published'
                AND a.starts_at >= @from AND a.starts_at < @until
            GROUP BY e.live_person_id
            """,
            people,
            cancellation,
            ("activity", activity.Id),
            ("from", Instants.StartOf(first)),
            ("until", Instants.StartOf(first.AddMonths(MonthsAQuarter))));
        return rows.ToDictionary(r => r.CountedId, r => r.Many);
    }

    /// <summary>Union → how many of its members have a living sign-up for this evening.</summary>
    private static async Task<Dictionary<string, int>> OfUnionAsync(Db db, ActivityRow activity, CancellationToken cancellation)
    {
        var rows = await db.QueryToListAsync<Counted>(
            """
            SELECT m.union_id AS counted_id, COUNT(*) AS many FROM enrolments e JOIN memberships m ON m.live_person_id = e.live_person_id
            WHERE e.activity_id = @Id AND e.live_person_id IS NOT NULL GROUP BY m.union_id
            """,
            new { activity.Id },
            cancellation);
        return rows.ToDictionary(r => r.CountedId, r => r.Many);
    }

    private sealed record Counted
    {
        public required string CountedId { get; init; }

        public required int Many { get; init; }
    }
}
