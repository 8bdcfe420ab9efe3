using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;

namespace WeChatUnion.Api.Modules.Messages.Broadcasts;

/// <summary>
/// Carries broadcasts on, a few people a run, so that nothing else waits behind thousands. How far it got is written with
/// what was said, so a run that is cut off tells nobody twice.
/// </summary>
internal sealed class SendBroadcasts(Database database, Broadcasting broadcasting, IMessenger messenger, MessagesSettings settings, TimeProvider clock) : IPeriodicTask
{
    /// <summary>From one run to the next, about; the pace is reckoned by it.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var most = (int)(settings.BroadcastPerSecond * Every.TotalSeconds);
        await Due.ForEachAsync(await SendingAsync(cancellation), async id => most -= most > 0 ? await database.TransactAsync(db => CarryOnAsync(db, id, most, cancellation), cancellation) : 0);
    }

    private async Task<List<string>> SendingAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        return await db.Broadcasts.Where(b => b.State == BroadcastState.Sending).OrderBy(b => b.Id).Select(b => b.Id).ToListAsync(cancellation);
    }

    private async Task<int> CarryOnAsync(Db db, string id, int most, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var row = await db.Broadcasts.FirstAsync(b => b.Id == id, cancellation);
        var people = await broadcasting.AudienceOf(row.Audience).NextAsync(db, row.AudienceId, row.Mark, most, cancellation);
        var mark = people.Count == 0 ? row.Mark : people[^1];
        var moved = await db.Broadcasts.Where(b => b.Id == id && b.State == BroadcastState.Sending && b.Mark == row.Mark)
            .Set(b => b.Mark, mark)
            .Set(b => b.PeopleReached, b => b.PeopleReached + people.Count)
            .Set(b => b.State, people.Count < most ? BroadcastState.Done : BroadcastState.Sending)
            .Set(b => b.Version, b => b.Version + 1)
            .Set(b => b.UpdatedAt, now)
            .UpdateAsync(cancellation);
        if (moved == 0 || people.Count == 0)
        {
            return 0;
        }

        var facts = new Dictionary<string, string> { [Fact.Subject] = row.Title, [Fact.Note] = row.Body };
        await messenger.AddAsync(
            db, [.. people.Select(p => new Notice(p, NoticeKinds.Broadcast, row.Title, row.Body, row.Id) { Facts = facts, BroadcastId = row.Id })], now);
        return people.Count;
    }
}
