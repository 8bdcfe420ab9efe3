using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>
/// Holds that were not confirmed in time give their cells back: at once when somebody wants the time, otherwise by the
/// periodic task.
/// </summary>
internal sealed class Lapses(Database database, TimeProvider clock) : IPeriodicTask
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        List<string> due;
        await using (var db = database.Open())
        {
            var now = clock.Milliseconds();
            due = await db.QueryToListAsync<string>("SELECT id FROM appointments WHERE state = 'held' AND held_until <= @now", new { now }, cancellation);
        }

        await Due.ForEachAsync(due, id => database.TransactAsync(db => LapseAsync(db, id, clock.Milliseconds(), cancellation), cancellation));
    }

    /// <summary>Clears what stands in the way of booking this counsellor or this room.</summary>
    public static async Task ClearAsync(Db db, string counsellorId, string? roomId, long now, CancellationToken cancellation)
    {
        var room = roomId ?? "";
        var due = await db.QueryToListAsync<string>(
            "SELECT id FROM appointments WHERE state = 'held' AND held_until <= @now AND (counsellor_id = @counsellorId OR room_id = @room)",
            new { now, counsellorId, room },
            cancellation);
        foreach (var id in due)
        {
            await LapseAsync(db, id, now, cancellation);
        }
    }

    /// <summary>Its owner chose another time before she confirmed this one.</summary>
    public static Task GiveUpAsync(Db db, string id, CancellationToken cancellation) => LapseAsync(db, id, long.MaxValue, cancellation);

    /// <summary>Whoever confirms at this moment comes before, and keeps it, or after, and is refused.</summary>
    private static async Task LapseAsync(Db db, string id, long until, CancellationToken cancellation)
    {
        var lapsed = await db.ExecuteAsync(
            """
            UPDATE appointments SET state = 'lapsed', open_client = NULL, client_locked = NULL, words_locked = NULL, held_until = NULL, counts = 0, version = version + 1
            WHERE id = @id AND state = 'held' AND held_until <= @until
            """,
            new { id, until },
            cancellation);
        if (lapsed == 1)
        {
            await Cells.FreeAsync(db, id, cancellation);
        }
    }
}
