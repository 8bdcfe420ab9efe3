using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Singles.Reports;

/// <summary>
/// Who may not take part for now (domain/singles.md 2.6): by an officer's decision, or by having stayed away without a word,
/// twice within twelve months for six months, three times for twelve. An absence that was lifted on appeal counts no more.
/// </summary>
internal static class Bars
{
    private const int ManyAbsences = 3;
    private const int MonthsAfterTwo = 6;
    private const int MonthsAfterMany = 12;

    /// <summary>Person → why and until when, in words for her; who may take part is not in it.</summary>
    public static async Task<Dictionary<string, string>> OfAsync(
        Db db, IReadOnlyCollection<string> people, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        var barred = AbsencesInWords(await AbsencesAsync(db, people, now, cancellation), now);
        var today = Instants.DateOf(now).Stored();
        var rows = await db.QueryAmongAsync<SinglesBarRow>(
            """
            SELECT id, person_id, union_id, until_on, reason_sealed, made_by, at, lifted_by, lifted_at FROM singles_bars
            WHERE person_id IN (@among) AND lifted_at IS NULL AND (until_on IS NULL OR until_on >= @today) ORDER BY id
            """,
            people,
            cancellation,
            ("today", today));
        foreach (var row in rows)
        {
            barred[row.PersonId] = InWords(row.UntilOn, cipher.Open(SinglesBarRow.ReasonPlace, row.Id, row.ReasonSealed));
        }

        return barred;
    }

    public static string InWords(string? untilOn, string reason) =>
        $"您被限制参加单身联谊活动,{(untilOn is null ? "长期有效" : $"至 {untilOn} 止")}。原因:{reason}。如有疑问请联系主办工会。";

    private static Task<List<Absence>> AbsencesAsync(Db db, IReadOnlyCollection<string> people, long now, CancellationToken cancellation)
    {
        var yearAgo = Instants.At(now).AddMonths(-MonthsAfterMany).ToUnixTimeMilliseconds();
        return db.QueryAmongAsync<Absence>(
            """
            SELECT e.person_id, a.ends_at FROM enrolments e JOIN activities a ON a.id = e.activity_id
            WHERE e.person_id IN (@among) AND a.kind = 'singles' AND a.ends_at > @yearAgo
                AND (SELECT s.kind FROM enrolment_steps s WHERE s.enrolment_id = e.id AND s.kind IN ('no_show', 'no_show_lifted') ORDER BY s.id DESC LIMIT 1) = 'no_show'
            """,
            people,
            cancellation,
            ("yearAgo", yearAgo));
    }

    private static Dictionary<string, string> AbsencesInWords(List<Absence> absences, long now)
    {
        var barred = new Dictionary<string, string>();
        foreach (var his in absences.GroupBy(a => a.PersonId).Where(g => g.Count() > 1))
        {
            var until = Instants.At(his.Max(a => a.EndsAt)).AddMonths(his.Count() >= ManyAbsences ? MonthsAfterMany : MonthsAfterTwo);
            if (until.ToUnixTimeMilliseconds() > now)
            {
                barred[his.Key] = $"您在 12 个月内有 {his.Count()} 次报名联谊而没有到场,{until:yyyy-MM-dd} 前不能报名。对缺席记分有异议的,可以在守约记分中申诉。";
            }
        }

        return barred;
    }

    private sealed record Absence
    {
        public required string PersonId { get; init; }

        public required long EndsAt { get; init; }
    }
}
