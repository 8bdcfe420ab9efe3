using LinqToDB.Data;
using Microsoft.Data.Sqlite;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Durability;

/// <summary>What a commit promises must hold on every connection, however often the pool hands it out again.</summary>
public sealed class SqliteDurabilityTests(SqliteHouse house) : IClassFixture<SqliteHouse>
{
    private const long Full = 2;

    [Fact]
    public async Task Every_connection_waits_for_the_disk_and_keeps_foreign_keys()
    {
        for (var round = 0; round < 5; round++)
        {
            // Several at once, so that new connections and used ones are both among them.
            var open = Enumerable.Range(0, 5).Select(_ => house.Database.Open()).ToArray();
            foreach (var db in open)
            {
                Assert.Equal(Full, (await db.QueryToListAsync<long>("PRAGMA synchronous"))[0]);
                Assert.Equal(1, (await db.QueryToListAsync<long>("PRAGMA foreign_keys"))[0]);
                Assert.Equal("wal", (await db.QueryToListAsync<string>("PRAGMA journal_mode"))[0]);
            }

            foreach (var db in open)
            {
                await db.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_transaction_refuses_a_row_without_its_parent() =>
        await Assert.ThrowsAsync<SqliteException>(() => house.Database.TransactAsync(
            db => db.ExecuteAsync("INSERT INTO union_ancestors (union_id, ancestor_id, distance) VALUES ('nobody', 'nobody', 0)"),
            CancellationToken.None));
}
