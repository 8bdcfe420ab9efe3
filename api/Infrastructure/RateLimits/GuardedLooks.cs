using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Infrastructure.RateLimits;

/// <summary>
/// Looks at secrets, so many an hour for one person over all nodes. The count is a row taken in the look's own
/// transaction, not a counter in the cache: it holds without Redis and against twenty requests at once, and a look
/// that was refused costs nothing.
/// </summary>
internal sealed class GuardedLooks(Database.Database database, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <exception cref="Refusal">too_many_requests, with the seconds until the hour is over.</exception>
    public async Task<T> LookAsync<T>(Caller caller, string kind, int perHour, Func<Db, long, Task<T>> look, CancellationToken cancellation)
    {
        try
        {
            return await database.TransactAsync(Work, cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Two first looks at once: the other one's row is there by now.
            return await database.TransactAsync(Work, cancellation);
        }

        async Task<T> Work(Db db)
        {
            var now = clock.Milliseconds();
            await TakeAsync(db, caller.PersonId, kind, perHour, now, cancellation);
            return await look(db, now);
        }
    }

    private static async Task TakeAsync(Db db, string personId, string kind, int perHour, long now, CancellationToken cancellation)
    {
        // MySQL evaluates from left to right and would see the new window_from: so used comes first.
        var over = now - (long)Window.TotalMilliseconds;
        var taken = await db.ExecuteAsync(
            """
            UPDATE look_allowances
            SET used = CASE WHEN window_from <= @over THEN 1 ELSE used + 1 END,
                window_from = CASE WHEN window_from <= @over THEN @now ELSE window_from END
            WHERE person_id = @personId AND kind = @kind AND (window_from <= @over OR used < @perHour)
            """,
            new { personId, kind, perHour, over, now },
            cancellation);
        if (taken == 1)
        {
            return;
        }

        var windows = await db.QueryToListAsync<long>(
            "SELECT window_from FROM look_allowances WHERE person_id = @personId AND kind = @kind", new { personId, kind }, cancellation);
        if (windows.Count > 0)
        {
            throw new Refusal(CommonProblems.TooMany, "本小时内的次数已用完,请稍后再试。")
            {
                RetryAfterSeconds = (int)Math.Ceiling((windows[0] - over) / 1000.0),
            };
        }

        await db.ExecuteAsync(
            "INSERT INTO look_allowances (person_id, kind, window_from, used) VALUES (@personId, @kind, @now, 1)",
            new { personId, kind, now },
            cancellation);
    }
}
