using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Files;

/// <summary>
/// Deletes files that nothing uses a day after they came: uploaded and never used, or replaced since. Of a file that
/// comes into use in that moment the foreign key keeps hold; the run then fails and the next one passes it by.
/// </summary>
internal sealed class ForgetUnusedFiles(Database.Database database, IEnumerable<FilePurpose> purposes, TimeProvider clock) : IPeriodicTask
{
    /// <summary>A file may have a hundred chunks, which go with it.</summary>
    private const int Batch = 20;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var before = clock.Milliseconds() - (long)Kept.TotalMilliseconds;
        foreach (var purpose in purposes)
        {
            while (await database.TransactAsync(db => DeleteSomeAsync(db, purpose, before, cancellation), cancellation) == Batch)
            {
            }
        }
    }

    private static async Task<int> DeleteSomeAsync(Db db, FilePurpose purpose, long before, CancellationToken cancellation)
    {
        var unused = $"purpose = @Name AND created_at <= @before AND NOT ({purpose.InUse})";
        var ids = await db.QueryToListAsync<string>(
            $"SELECT id FROM files WHERE {unused} ORDER BY created_at, id LIMIT {Batch}", new { purpose.Name, before }, cancellation);
        foreach (var id in ids)
        {
            await db.ExecuteAsync($"DELETE FROM files WHERE id = @id AND {unused}", new { id, purpose.Name, before }, cancellation);
        }

        return ids.Count;
    }
}
