using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Singles.Ballots;
using WeChatUnion.Api.Modules.Singles.FollowUps;
using WeChatUnion.Api.Modules.Singles.Matches;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Figures;

/// <summary>
/// Once a day reckons the counts of the evenings that are over. An evening is reckoned until all its follow-ups were asked
/// and before anything of it is deleted, so its last counts stay, and not after its year is closed.
/// </summary>
internal sealed class TallyEvenings(Database database, TimeProvider clock) : IPeriodicTask
{
    private static readonly TimeSpan Reckoned = TimeSpan.FromDays(300);

    public async Task RunAsync(CancellationToken cancellation)
    {
        await Due.ForEachAsync(await DueAsync(cancellation), evening => database.TransactAsync(db => TallyAsync(db, evening, cancellation), cancellation));
        await database.TransactAsync(db => CloseYears.RunAsync(db, clock.Milliseconds(), cancellation), cancellation);
    }

    private async Task<List<ActivityRow>> DueAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var since = now - (long)Reckoned.TotalMilliseconds;
        await using var db = database.Open();
        var over = await db.Activities
            .Where(a => a.Kind == ActivityKind.Singles && a.State == ActivityState.Published && a.EndsAt <= now && a.EndsAt > since)
            .ToListAsync(cancellation);
        return over.FindAll(a => !CloseYears.AreFollowUpsOver(Instants.DateOf(a.StartsAt).Year, now));
    }

    private async Task TallyAsync(Db db, ActivityRow evening, CancellationToken cancellation)
    {
        var signedUp = await SignedUpAsync(db, evening.Id, cancellation);
        var came = (await db.Plates.Where(p => p.ActivityId == evening.Id).GroupBy(p => p.Sex)
            .Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellation)).ToDictionary(g => g.Key, g => g.Count);
        var pairs = (await db.BallotRounds.Where(r => r.ActivityId == evening.Id).Select(r => r.Pairs).ToListAsync(cancellation)).Sum() ?? 0;
        var answers = await AnswersAsync(db, evening.Id, cancellation);
        await db.SinglesTallies.Where(t => t.ActivityId == evening.Id).DeleteAsync(cancellation);
        await db.InsertAsync(
            new TallyRow
            {
                ActivityId = evening.Id,
                Year = Instants.DateOf(evening.StartsAt).Year,
                MenSignedUp = signedUp[Plate.Man].Sum(),
                WomenSignedUp = signedUp[Plate.Woman].Sum(),
                MenCame = came.GetValueOrDefault(Plate.Man),
                WomenCame = came.GetValueOrDefault(Plate.Woman),
                Pairs = pairs,
                WeekTogether = Count(FollowUpStage.Week, FollowUpAnswer.Together),
                WeekParted = Count(FollowUpStage.Week, FollowUpAnswer.Parted),
                WeekMarried = Count(FollowUpStage.Week, FollowUpAnswer.Married),
                MonthTogether = Count(FollowUpStage.Month, FollowUpAnswer.Together),
                MonthParted = Count(FollowUpStage.Month, FollowUpAnswer.Parted),
                MonthMarried = Count(FollowUpStage.Month, FollowUpAnswer.Married),
                HalfYearTogether = Count(FollowUpStage.HalfYear, FollowUpAnswer.Together),
                HalfYearParted = Count(FollowUpStage.HalfYear, FollowUpAnswer.Parted),
                HalfYearMarried = Count(FollowUpStage.HalfYear, FollowUpAnswer.Married),
                CountedAt = clock.Milliseconds(),
            },
            token: cancellation);

        int Count(FollowUpStage stage, FollowUpAnswer answer) => answers.Count(a => a == (stage, answer));
    }

    /// <summary>Sex of the group → people who ever signed up for it.</summary>
    private static async Task<ILookup<string, int>> SignedUpAsync(Db db, string activityId, CancellationToken cancellation)
    {
        var groups = await db.ActivityGroups.Where(g => g.ActivityId == activityId).ToListAsync(cancellation);
        var counts = (await db.Enrolments.Where(e => e.ActivityId == activityId).GroupBy(e => e.GroupId)
            .Select(g => new { g.Key, Count = g.Select(e => e.PersonId).Distinct().Count() }).ToListAsync(cancellation)).ToDictionary(g => g.Key, g => g.Count);
        return groups.ToLookup(
            g => JsonSerializer.Deserialize<EligibilityRules>(g.Rules, ContractJson.Stored)!.Sex ?? "", g => counts.GetValueOrDefault(g.Id));
    }

    /// <summary>One for each pair and stage of which at least one has answered; where they differ, the answer that stands earlier in the list.</summary>
    private static async Task<List<(FollowUpStage, FollowUpAnswer)>> AnswersAsync(Db db, string activityId, CancellationToken cancellation)
    {
        var rows = await (
            from answer in db.FollowUps
            join match in db.Matches on answer.MatchId equals match.Id
            join round in db.BallotRounds on match.RoundId equals round.Id
            where round.ActivityId == activityId && answer.Answer != null
            select new { answer.MatchId, answer.Stage, answer.Answer }).ToListAsync(cancellation);
        return [.. rows.GroupBy(r => (r.MatchId, r.Stage)).Select(g => (g.Key.Stage, g.Min(r => r.Answer!.Value)))];
    }
}
