using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Singles.Figures;

/// <summary>
/// Fixes once what is told of a year: of a look before and one after something, the difference would be what somebody did. A week
/// after its end, when all its evenings are over, that is sign-ups, attendance and pairs, 300 days after its end what was answered
/// to follow-ups. Whatever changes later, also who stands above whom, changes nothing of it.
/// </summary>
internal static class CloseYears
{
    private static readonly TimeSpan Attendance = TimeSpan.FromDays(7);
    private static readonly TimeSpan FollowUps = TimeSpan.FromDays(300);

    private static readonly Measured[] AtTheYearsEnd =
    [
        new(Measure.SignedUp, t => [t.MenSignedUp, t.WomenSignedUp]),
        new(Measure.Came, t => [t.MenCame, t.WomenCame]),
        new(Measure.Pairs, t => [t.Pairs]),
    ];

    private static readonly Measured[] Later =
    [
        new(Measure.Week, t => [t.WeekTogether, t.WeekParted, t.WeekMarried]),
        new(Measure.Month, t => [t.MonthTogether, t.MonthParted, t.MonthMarried]),
        new(Measure.HalfYear, t => [t.HalfYearTogether, t.HalfYearParted, t.HalfYearMarried]),
    ];

    /// <summary>From when on the follow-ups of a year are told: all of its evenings have had their time.</summary>
    public static bool AreFollowUpsOver(int year, long now) => EndOf(year) + (long)FollowUps.TotalMilliseconds <= now;

    public static async Task RunAsync(Db db, long now, CancellationToken cancellation)
    {
        foreach (var year in await db.SinglesTallies.Select(t => t.Year).Distinct().ToListAsync(cancellation))
        {
            if (EndOf(year) + (long)Attendance.TotalMilliseconds <= now && !await IsRunningAsync(db, year, now, cancellation))
            {
                await FixAsync(db, year, AtTheYearsEnd, now, cancellation);
            }

            if (AreFollowUpsOver(year, now))
            {
                await FixAsync(db, year, Later, now, cancellation);
            }
        }
    }

    private static long EndOf(int year) => Instants.StartOf(new DateOnly(year + 1, 1, 1));

    private static Task<bool> IsRunningAsync(Db db, int year, long now, CancellationToken cancellation)
    {
        var (from, until) = (Instants.StartOf(new DateOnly(year, 1, 1)), EndOf(year));
        return db.Activities.AnyAsync(
            a => a.Kind == ActivityKind.Singles && a.State == ActivityState.Published && a.StartsAt >= from && a.StartsAt < until && a.EndsAt > now, cancellation);
    }

    private static async Task FixAsync(Db db, int year, Measured[] measures, long now, CancellationToken cancellation)
    {
        if (await db.SinglesFigures.AnyAsync(f => f.Year == year && f.Measure == measures[0].Measure, cancellation))
        {
            return;
        }

        var parents = await db.Unions.ToDictionaryAsync(u => u.Id, u => u.ParentId, cancellation);
        var activities = db.Activities;
        var tallies = await (
            from tally in db.SinglesTallies
            join activity in activities on tally.ActivityId equals activity.Id
            where tally.Year == year
            select new { activity.UnionId, tally }).ToListAsync(cancellation);
        await db.InsertManyAsync(
            from measured in measures
            let held = tallies.GroupBy(t => t.UnionId).ToDictionary(g => g.Key, g => g.Select(t => measured.CountsOf(t.tally)).Aggregate(ToldCounts.Add))
            from told in ToldCounts.Of(parents, held)
            select new SinglesFigureRow
            {
                Year = year,
                UnionId = told.Key,
                Measure = measured.Measure,
                FirstCount = told.Value.Cells[0],
                SecondCount = told.Value.Cells.ElementAtOrDefault(1),
                ThirdCount = told.Value.Cells.ElementAtOrDefault(2),
                Whole = told.Value.Sum,
                ToldAt = now,
            });
    }

    private sealed record Measured(Measure Measure, Func<TallyRow, int[]> CountsOf);
}
