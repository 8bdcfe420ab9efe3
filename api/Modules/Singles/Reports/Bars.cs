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
    private const int WindowMonths = 12;
    private const int MonthsAfterTwo = 6;
    private const int MonthsAfterMany = 12;

    /// <summary>Person → why and until when, in words for her; who may take part is not in it.</summary>
    public static async Task<Dictionary<string, string>> OfAsync(
        Db db, IReadOnlyCollection<string> people, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        var barred = AbsencesInWords(await AbsencesAsync(db, people, now, cancellation), now);
        var rows = await db.QueryAmongAsync<SinglesBarRow>(
            """
            SELECT id, person_id, union_id, ends_at, reason_sealed, made_by, at, lifted_by, lifted_at FROM singles_bars
            WHERE person_id IN (@among) AND lifted_at IS NULL AND (ends_at IS NULL OR ends_at > @now) ORDER BY id
            """,
            people,
            cancellation,
            ("now", now));
        foreach (var row in rows)
        {
            barred[row.PersonId] = InWords(row.UntilOn, cipher.Open(SinglesBarRow.ReasonPlace, row.Id, row.ReasonSealed));
        }

        return barred;
    }

    public static string InWords(DateOnly? untilOn, string reason) =>
        $"您被限制参加单身联谊活动,{(untilOn is { } day ? $"至 {day.Stored()} 止" : "长期有效")}。原因:{reason}。如有疑问请联系主办工会。";

    /// <summary>A bar lasts at most twelve months from the last absence, and that one counts those of twelve months before it.</summary>
    private static Task<List<Absence>> AbsencesAsync(Db db, IReadOnlyCollection<string> people, long now, CancellationToken cancellation) =>
        db.QueryAmongAsync<Absence>(
            """
            SELECT e.person_id, a.ends_at FROM enrolments e JOIN activities a ON a.id = e.activity_id
            WHERE e.person_id IN (@among) AND a.kind = 'singles' AND a.ends_at > @since
                AND (SELECT s.kind FROM enrolment_steps s WHERE s.enrolment_id = e.id AND s.kind IN ('no_show', 'no_show_lifted') ORDER BY s.id DESC LIMIT 1) = 'no_show'
            """,
            people,
            cancellation,
            ("since", MonthsAfter(now, -WindowMonths - MonthsAfterMany)));

    private static Dictionary<string, string> AbsencesInWords(List<Absence> absences, long now)
    {
        var barred = new Dictionary<string, string>();
        foreach (var hers in absences.GroupBy(a => a.PersonId, a => a.EndsAt))
        {
            var (until, count) = hers.Select(last => BarAfter(last, hers)).Where(b => b.Count > 1).OrderByDescending(b => b.Until).FirstOrDefault();
            if (until > now)
            {
                barred[hers.Key] = $"您在 12 个月内有 {count} 次报名联谊而没有到场,{Instants.DateOf(until).Stored()} 前不能报名。对缺席记分有异议的,可以在守约记分中申诉。";
            }
        }

        return barred;
    }

    /// <summary>Until when an absence keeps her out, with those before it.</summary>
    internal static (long Until, int Count) BarAfter(long last, IEnumerable<long> absences)
    {
        var since = MonthsAfter(last, -WindowMonths);
        var count = absences.Count(a => a > since && a <= last);
        return (count switch { 0 or 1 => last, < ManyAbsences => MonthsAfter(last, MonthsAfterTwo), _ => MonthsAfter(last, MonthsAfterMany) }, count);
    }

    private static long MonthsAfter(long at, int months) => Instants.At(at).AddMonths(months).ToUnixTimeMilliseconds();

    private sealed record Absence
    {
        public required string PersonId { get; init; }

        public required long EndsAt { get; init; }
    }
}
