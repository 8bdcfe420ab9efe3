using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.FollowUps;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Singles.Figures;

/// <summary>
/// The evenings of a year that unions in reach held, in numbers (domain/singles.md 2.6): fit for a report. People are counted in closed
/// years only (<see cref="CloseYears"/>), no count is below five, and neither is what is left when those of a union are taken from
/// those of one above it (<see cref="ToldCounts"/>).
/// </summary>
internal static class GetSinglesFigures
{
    private const int FirstYear = 2020;

    private static readonly Measure[] Stages = [Measure.Week, Measure.Month, Measure.HalfYear];

    /// <param name="All">Null like the others below five, and where so little is left for the union above that only that one is told.</param>
    public sealed record BySex(int? Men, int? Women, int? All);

    /// <param name="Answered">Pairs of whom at least one answered; where the two differ, parted counts before together before married. Null like the others until 300 days after the end of the year.</param>
    public sealed record FollowedUp(FollowUpStage Stage, int? Together, int? Parted, int? Married, int? Answered);

    /// <param name="Evenings">场次 that are over and were not cancelled.</param>
    /// <param name="SignedUp">报名人数.</param>
    /// <param name="Came">到场人数.</param>
    /// <param name="Pairs">牵手.</param>
    /// <param name="ClosedAt">When what was counted of people was fixed; null until a week after the year, and nothing of it is told before.</param>
    public sealed record Response(
        int Year, int Evenings, BySex SignedUp, BySex Came, int? Pairs, IReadOnlyList<FollowedUp> FollowUps, DateTimeOffset? ClosedAt);

    /// <summary>联谊统计 (figures of a year). Counts below five are left out, and those that would give them away.</summary>
    /// <param name="year">This year when left out: until it is over only the evenings are counted.</param>
    internal static async Task<Ok<Response>> Handle(int? year, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var asked = year ?? clock.Today().Year;
        if (asked < FirstYear || asked > clock.Today().Year)
        {
            throw Refusal.OfField("year", "请填写 2020 年以来的年份。");
        }

        await using var db = database.Open();
        var held = await HeldAsync(db, asked, reach, cancellation);
        var tops = held.Select(h => h.Top).Distinct().ToArray();
        var rows = (await db.SinglesFigures.Where(f => f.Year == asked && tops.Contains(f.UnionId)).ToListAsync(cancellation)).ToLookup(f => f.Measure);
        var closedAt = await db.SinglesFigures.Where(f => f.Year == asked && f.Measure == Measure.SignedUp).MinAsync(f => (long?)f.ToldAt, cancellation);
        var (signedUp, came, pairs) = (Told(rows[Measure.SignedUp], tops), Told(rows[Measure.Came], tops), Told(rows[Measure.Pairs], tops));
        return TypedResults.Ok(new Response(
            asked,
            held.Select(h => h.ActivityId).Distinct().Count(),
            new BySex(signedUp?.FirstCount, signedUp?.SecondCount, signedUp?.Whole),
            new BySex(came?.FirstCount, came?.SecondCount, came?.Whole),
            pairs?.Whole,
            [
                .. Stages.Select((stage, i) => (Stage: (FollowUpStage)i, Told: Told(rows[stage], tops)))
                    .Select(s => new FollowedUp(s.Stage, s.Told?.FirstCount, s.Told?.SecondCount, s.Told?.ThirdCount, s.Told?.Whole)),
            ],
            Instants.At(closedAt)));
    }

    /// <summary>Each evening with the uppermost union in reach that it belongs to.</summary>
    private static Task<List<Held>> HeldAsync(Db db, int year, Reach reach, CancellationToken cancellation)
    {
        var (ancestors, activities, granted) = (db.UnionAncestors, db.Activities, reach.UnionIds.ToArray());
        return (
            from tally in db.SinglesTallies
            join activity in activities on tally.ActivityId equals activity.Id
            join above in ancestors on activity.UnionId equals above.UnionId
            where tally.Year == year && granted.Contains(above.AncestorId)
                && !ancestors.Any(a => a.UnionId == above.AncestorId && a.Distance > 0 && granted.Contains(a.AncestorId))
            select new Held(activity.Id, above.AncestorId)).ToListAsync(cancellation);
    }

    /// <summary>Of one union as it was fixed; of several added up, where each of them is told every count.</summary>
    private static SinglesFigureRow? Told(IEnumerable<SinglesFigureRow> rows, string[] tops)
    {
        var told = rows.ToList();
        return told.Count != tops.Length || told.Count == 0 ? null
            : told.Count == 1 ? told[0]
            : told.Aggregate((one, other) => one with
            {
                FirstCount = one.FirstCount + other.FirstCount,
                SecondCount = one.SecondCount + other.SecondCount,
                ThirdCount = one.ThirdCount + other.ThirdCount,
                Whole = one.Whole + other.Whole,
            });
    }

    private sealed record Held(string ActivityId, string Top);
}
