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

    /// <summary>One transaction a row: one that cannot be read holds up nobody else's.</summary>
    public async Task RunAsync(CancellationToken cancellation) => await Due.ForEachAsync(
        await FreeAsync(cancellation), row => database.TransactAsync(db => HandOverAsync(db, row), cancellation));

    private async Task<List<Row>> FreeAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        return await db.QueryToListAsync<Row>(
            "SELECT id, payload_sealed, created_at FROM outbox WHERE claimed_until IS NULL OR claimed_until <= @now ORDER BY id",
            new { now = clock.Milliseconds() },
            cancellation);
    }

    private async Task HandOverAsync(Db db, Row row)
    {
        // The delete comes first and guards: of two nodes the later one finds nothing left.
        if (await db.ExecuteAsync("DELETE FROM outbox WHERE id = @Id", new { row.Id }) == 1)
        {
            await messenger.AddAsync(db, Read(cipher, row), row.CreatedAt);
        }
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
