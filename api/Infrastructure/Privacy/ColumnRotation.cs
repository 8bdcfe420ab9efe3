using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>What one batch did.</summary>
/// <param name="LastKey">The key of the last row that was read; null when no row was left.</param>
/// <param name="Failed">Values that could not be moved.</param>
internal sealed record RotatedBatch(string? LastKey, int Changed, int Failed);

/// <summary>
/// Goes through one column in batches. Each batch and how far it got are one transaction (<c>key_rotations</c>), so a
/// run that was killed goes on behind the last committed batch.
/// </summary>
internal sealed class ColumnRotation(Database.Database database, TimeProvider clock)
{
    public const int BatchSize = 200;

    /// <summary>Between batches the serving program gets its turn at the one writer of SQLite.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(10);

    /// <param name="target">What the column's values are moved to; another one starts from the beginning.</param>
    /// <param name="batch">Moves rows behind the given key; guarded, so that a row changed meanwhile stays as it is.</param>
    /// <returns>How many values were changed, how many could not be.</returns>
    /// <exception cref="OvertakenException">Another run is at work on this column.</exception>
    public async Task<(int Changed, int Failed)> RunAsync(
        string table, string column, string target, Func<Db, string, Task<RotatedBatch>> batch, CancellationToken cancellation)
    {
        var after = await database.TransactAsync(db => StartAsync(db, table, column, target), cancellation);
        var (changed, failed) = (0, 0);
        while (true)
        {
            var done = await database.TransactAsync(
                async db =>
                {
                    var done = await batch(db, after);
                    await RememberAsync(db, table, column, target, after, done);
                    return done;
                },
                cancellation);
            (changed, failed) = (changed + done.Changed, failed + done.Failed);
            if (done.LastKey is null)
            {
                return (changed, failed);
            }

            after = done.LastKey;
            await Task.Delay(Breath, cancellation);
        }
    }

    private async Task<string> StartAsync(Db db, string table, string column, string target)
    {
        var now = clock.Milliseconds();
        var row = await db.FirstAsync<Progress>(
            "SELECT target, after_key, finished_at FROM key_rotations WHERE table_name = @table AND column_name = @column",
            new { table, column },
            CancellationToken.None);
        if (row?.Target == target && row.FinishedAt is null)
        {
            return row.AfterKey;
        }

        await db.ExecuteAsync(
            row is null
                ? "INSERT INTO key_rotations (table_name, column_name, target, after_key, changed_count, updated_at) VALUES (@table, @column, @target, '', 0, @now)"
                : "UPDATE key_rotations SET target = @target, after_key = '', changed_count = 0, finished_at = NULL, updated_at = @now WHERE table_name = @table AND column_name = @column",
            new { table, column, target, now });
        return "";
    }

    private async Task RememberAsync(Db db, string table, string column, string target, string after, RotatedBatch done)
    {
        var now = clock.Milliseconds();
        var remembered = await db.ExecuteAsync(
            "UPDATE key_rotations SET after_key = @last, changed_count = changed_count + @Changed, finished_at = @finished, updated_at = @now "
            + "WHERE table_name = @table AND column_name = @column AND target = @target AND after_key = @after AND finished_at IS NULL",
            new { last = done.LastKey ?? after, done.Changed, finished = done.LastKey is null ? now : (long?)null, now, table, column, target, after });
        if (remembered == 0)
        {
            throw new OvertakenException();
        }
    }

    internal sealed class OvertakenException : Exception;

    private sealed record Progress
    {
        public required string Target { get; init; }

        public required string AfterKey { get; init; }

        public long? FinishedAt { get; init; }
    }
}
