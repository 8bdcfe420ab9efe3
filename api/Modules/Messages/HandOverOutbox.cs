using System.Text.Json;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>
/// Notices once went to the inbox by way of a table of their own. What a node of that release left there, or still
/// writes while the others are upgraded, arrives by this; the table goes with the next release.
/// </summary>
internal sealed class HandOverOutbox(Database database, FieldCipher cipher, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    public const string Place = "outbox.payload";
    private const int MostTogether = 200;

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (await database.TransactAsync(db => HandOverAsync(db, cancellation), cancellation) == MostTogether)
        {
        }
    }

    private async Task<int> HandOverAsync(Db db, CancellationToken cancellation)
    {
        var rows = await db.QueryToListAsync<Row>(
            $"SELECT id, payload_sealed, created_at FROM outbox WHERE claimed_until IS NULL OR claimed_until <= @now ORDER BY id LIMIT {MostTogether}{(db.IsSqlite ? "" : " FOR UPDATE SKIP LOCKED")}",
            new { now = clock.Milliseconds() },
            cancellation);
        if (rows.Count == 0)
        {
            return 0;
        }

        if (await db.ExecuteAmongAsync("DELETE FROM outbox WHERE id IN (@among)", [.. rows.Select(r => r.Id)], cancellation) != rows.Count)
        {
            throw new InvalidOperationException("A node of the other release was faster.");
        }

        foreach (var row in rows)
        {
            await messenger.AddAsync(db, Read(cipher, row), row.CreatedAt);
        }

        return rows.Count;
    }

    /// <summary>Whose a row is stands in its sealed payload only.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(FieldCipher cipher, Db db, string personId, CancellationToken cancellation)
    {
        var rows = await db.QueryToListAsync<Row>("SELECT id, payload_sealed, created_at FROM outbox ORDER BY id", cancellation);
        return [.. rows.Where(r => Read(cipher, r).PersonId == personId).Select(r => r.Id)];
    }

    private static Notice Read(FieldCipher cipher, Row row) =>
        JsonSerializer.Deserialize<Notice>(cipher.Open(Place, row.Id, row.PayloadSealed), ContractJson.Stored)
            ?? throw new InvalidOperationException("An outbox row holds no notice.");

    private sealed record Row
    {
        public required string Id { get; init; }

        public required string PayloadSealed { get; init; }

        public required long CreatedAt { get; init; }
    }
}
