using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.FollowUps;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Singles.Figures;

/// <summary>
/// The evenings of a year that unions in reach held, in numbers (domain/singles.md 2.6): fit for a report, since no count
/// below five is in it. Whole years only: two periods that differ by one evening would tell of that evening. What was answered to
/// follow-ups is in it once the year is closed, and does not change then: of two looks, one before and one after an answer,
/// the difference would be that answer.
/// </summary>
internal static class GetSinglesFigures
{
    private const int FirstYear = 2020;

    /// <param name="All">Null like the others when below five; the two are null together, so that the sum tells neither.</param>
    public sealed record BySex(int? Men, int? Women, int? All);

    /// <param name="Answered">Pairs of whom at least one answered; where the two differ, parted counts before together before married. Null like the others until 300 days after the end of the year.</param>
    public sealed record FollowedUp(FollowUpStage Stage, int? Together, int? Parted, int? Married, int? Answered);

    /// <param name="Evenings">场次 that are over and were not cancelled.</param>
    /// <param name="SignedUp">报名人数.</param>
    /// <param name="Came">到场人数.</param>
    /// <param name="Pairs">牵手; null when below five.</param>
    /// <param name="CountedAt">As of then; reckoned once a day. Null when there is nothing.</param>
    public sealed record Response(
        int Year, int Evenings, BySex SignedUp, BySex Came, int? Pairs, IReadOnlyList<FollowedUp> FollowUps, DateTimeOffset? CountedAt);

    /// <summary>联谊统计 (figures of a year). Counts below five are left out, and those that would give them away.</summary>
    /// <param name="year">This year when left out.</param>
    internal static async Task<Ok<Response>> Handle(int? year, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var asked = year ?? clock.Today().Year;
        if (asked < FirstYear || asked > clock.Today().Year)
        {
            throw Refusal.OfField("year", "请填写 2020 年以来的年份。");
        }

        await using var db = database.Open();
        var (ancestors, activities) = (db.UnionAncestors, db.Activities);
        var tallies = await db.SinglesTallies
            .Where(t => t.Year == asked
                && activities.Any(a => a.Id == t.ActivityId && ancestors.Any(u => u.UnionId == a.UnionId && reach.UnionIds.Contains(u.AncestorId))))
            .ToListAsync(cancellation);
        var closed = TallyEvenings.IsClosed(asked, clock.Milliseconds()) ? tallies : [];
        return TypedResults.Ok(new Response(
            asked,
            tallies.Count,
            Divided(tallies.Sum(t => t.MenSignedUp), tallies.Sum(t => t.WomenSignedUp)),
            Divided(tallies.Sum(t => t.MenCame), tallies.Sum(t => t.WomenCame)),
            SmallCounts.Alone(tallies.Sum(t => t.Pairs)),
            [
                Answered(FollowUpStage.Week, closed.Sum(t => t.WeekTogether), closed.Sum(t => t.WeekParted), closed.Sum(t => t.WeekMarried)),
                Answered(FollowUpStage.Month, closed.Sum(t => t.MonthTogether), closed.Sum(t => t.MonthParted), closed.Sum(t => t.MonthMarried)),
                Answered(FollowUpStage.HalfYear, closed.Sum(t => t.HalfYearTogether), closed.Sum(t => t.HalfYearParted), closed.Sum(t => t.HalfYearMarried)),
            ],
            tallies.Count == 0 ? null : Instants.At(tallies.Max(t => t.CountedAt))));
    }

    private static BySex Divided(int men, int women)
    {
        var (cells, sum) = SmallCounts.InSum(men, women);
        return new BySex(cells[0], cells[1], sum);
    }

    private static FollowedUp Answered(FollowUpStage stage, int together, int parted, int married)
    {
        var (cells, sum) = SmallCounts.InSum(together, parted, married);
        return new FollowedUp(stage, cells[0], cells[1], cells[2], sum);
    }
}
