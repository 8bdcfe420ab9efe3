using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;

namespace WeChatUnion.Api.Modules.Singles.Ballots;

/// <summary>Ballots are there for one evening: a round that nobody closed is voided after the time that the column registry gives them.</summary>
internal sealed class VoidForgottenRounds(Database database, ColumnRegistry registry, TimeProvider clock) : IPeriodicTask
{
    public const string Name = "void_forgotten_rounds";

    public async Task RunAsync(CancellationToken cancellation) => await Due.ForEachAsync(
        await DueAsync(cancellation),
        round => database.TransactAsync(db => VoidAsync(db, round, cancellation), cancellation));

    private async Task<List<BallotRoundRow>> DueAsync(CancellationToken cancellation)
    {
        var before = clock.Milliseconds() - (long)TimeSpan.FromDays(registry.DaysOf(Name)).TotalMilliseconds;
        await using var db = database.Open();
        return await db.BallotRounds.Where(r => r.State == RoundState.Open && r.OpenedAt <= before).ToListAsync(cancellation);
    }

    private async Task VoidAsync(Db db, BallotRoundRow round, CancellationToken cancellation)
    {
        if (await db.TakeRoundAsync(round.ActivityId, round.Id, cancellation))
        {
            var now = clock.Milliseconds();
            await db.EndRoundAsync(round.Id, RoundState.Void, null, now, cancellation);
            await Audit.WriteAsync(db, Operator.Here(), "void_ballot_round", "ballot_round", round.Id, now);
        }
    }
}
