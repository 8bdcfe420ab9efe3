using System.Security.Cryptography;
using System.Text;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// The batches of <c>rotate-keys</c>. Every update names the stored value it was made from: sealing the same text twice
/// never gives the same value, so a row that somebody changed meanwhile no longer has it and is left alone.
/// </summary>
internal sealed class KeyMoves(FieldCipher cipher, LookupIndex index)
{
    /// <summary>Seals again what does not stand in the current form.</summary>
    public async Task<RotatedBatch> SealAgainAsync(Db db, SealedColumn c, string after)
    {
        var own = c.Cipher ?? cipher;
        var form = own.CurrentForm;
        var rows = await db.QueryToListAsync<Row>(
            $"SELECT {c.Key} AS record_key, {c.Column} AS stored FROM {c.Table} WHERE {c.Key} > @after "
            + $"AND {c.Column} IS NOT NULL AND SUBSTR({c.Column}, 1, {form.Length}) <> @form ORDER BY {c.Key} LIMIT {ColumnRotation.BatchSize}",
            new { after, form });
        var (changed, failed) = (0, 0);
        foreach (var row in rows)
        {
            if (Opened(own, c.Place, row.RecordKey, row.Stored) is not { } plain)
            {
                failed++;
                continue;
            }

            changed += await db.ExecuteAsync(
                $"UPDATE {c.Table} SET {c.Column} = @fresh WHERE {c.Key} = @RecordKey AND {c.Column} = @Stored",
                new { fresh = own.SealBytes(c.Place, row.RecordKey, plain), row.RecordKey, row.Stored });
        }

        return Batch(rows, changed, failed);
    }

    /// <summary>With a former key: (former, former) becomes (current, former).</summary>
    public async Task<RotatedBatch> IndexAgainAsync(Db db, IndexedColumn c, string after)
    {
        var rows = await db.QueryToListAsync<Row>(
            $"SELECT t.{c.Key} AS record_key, t.{c.Column} AS stored, t.{c.FormerColumn} AS former, {c.From.Sealed} AS text_sealed, "
            + $"{c.From.RecordId} AS text_record_id, {c.From.Word} AS word FROM {c.Table} t {c.From.Join} WHERE t.{c.Key} > @after "
            + $"AND t.{c.Column} IS NOT NULL AND SUBSTR(t.{c.Column}, 1, {index.Mark.Length}) <> @Mark ORDER BY t.{c.Key} LIMIT {ColumnRotation.BatchSize}",
            new { after, index.Mark });
        var (changed, failed) = (0, 0);
        foreach (var row in rows)
        {
            var text = row.TextSealed is null ? null : Opened(cipher, c.From.Place, row.TextRecordId!, row.TextSealed);
            var pair = text is null ? null : index.PairOf(c.Kind, c.From.Compose(row.Word ?? "", Encoding.UTF8.GetString(text)));
            if (pair is not null && pair.Former == row.Former)
            {
                changed += await db.ExecuteAsync(
                    $"UPDATE {c.Table} SET {c.Column} = @Index WHERE {c.Key} = @RecordKey AND {c.Column} = @Stored",
                    new { pair.Index, row.RecordKey, row.Stored });
            }
            else if (pair is null || !await GiveUpAsync(db, c, row))
            {
                failed++;
            }
            else
            {
                changed++;
            }
        }

        return Batch(rows, changed, failed);
    }

    /// <summary>Without a former key: (current, former) becomes (current, current).</summary>
    public async Task<RotatedBatch> ForgetFormerAsync(Db db, IndexedColumn c, string after)
    {
        var rows = await db.QueryToListAsync<Row>(
            $"SELECT {c.Key} AS record_key, {c.FormerColumn} AS stored FROM {c.Table} WHERE {c.Key} > @after "
            + $"AND {c.FormerColumn} IS NOT NULL AND {c.FormerColumn} <> {c.Column} ORDER BY {c.Key} LIMIT {ColumnRotation.BatchSize}",
            new { after });
        var changed = 0;
        foreach (var row in rows)
        {
            changed += await db.ExecuteAsync(
                $"UPDATE {c.Table} SET {c.FormerColumn} = {c.Column} WHERE {c.Key} = @RecordKey AND {c.FormerColumn} = @Stored",
                new { row.RecordKey, row.Stored });
        }

        return Batch(rows, changed, failed: 0);
    }

    private static async Task<bool> GiveUpAsync(Db db, IndexedColumn c, Row row) => c.GivenUpWhen is not null
        && await db.ExecuteAsync(
            $"UPDATE {c.Table} SET {c.Column} = NULL, {c.FormerColumn} = NULL WHERE {c.Key} = @RecordKey AND {c.Column} = @Stored AND {c.GivenUpWhen}",
            new { row.RecordKey, row.Stored }) == 1;

    /// <summary>As bytes: a sealed value need not be text.</summary>
    private static byte[]? Opened(FieldCipher cipher, string place, string recordId, string stored)
    {
        try
        {
            return cipher.OpenBytes(place, recordId, stored);
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static RotatedBatch Batch(List<Row> rows, int changed, int failed) => new(rows.Count == 0 ? null : rows[^1].RecordKey, changed, failed);

    private sealed record Row
    {
        public required string RecordKey { get; init; }

        public required string Stored { get; init; }

        public string? Former { get; init; }

        public string? TextSealed { get; init; }

        public string? TextRecordId { get; init; }

        public string? Word { get; init; }
    }
}
