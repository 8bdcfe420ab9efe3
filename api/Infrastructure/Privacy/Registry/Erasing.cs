using System.Text.Json;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Privacy.Registry;

/// <summary>
/// Why a person's data may not be deleted yet, as a sentence for her that says what to do first; null when nothing
/// stands against it. A module registers what it knows of.
/// </summary>
internal delegate Task<string?> MayNotErase(Db db, string personId, long now, CancellationToken cancellation);

/// <summary>What law requires to be kept of a person, or null. A module registers what it knows of.</summary>
internal delegate Task<Keeping?> MustKeep(Db db, string personId, long now, CancellationToken cancellation);

/// <summary>What a module does itself before the rows of a person go.</summary>
internal delegate Task BeforeErasing(Db db, string personId, long now, CancellationToken cancellation);

/// <param name="Basis">Law and article.</param>
/// <param name="Until">From this instant on nothing is kept.</param>
internal sealed record Keeping(string Basis, long Until);

/// <summary>
/// Erases a person as the column registry says. What law requires of her (PIPL art. 47 para. 2: storage only) becomes
/// one sealed document in <c>kept_records</c>, which no route reads; the rows it came from go like all others.
/// </summary>
internal sealed class Erasing(
    ColumnRegistry registry, PersonalData data, FieldCipher cipher, IEnumerable<HiddenRows> hidden, IEnumerable<MustKeep> keepings, IEnumerable<BeforeErasing> before)
{
    public const string ContentPlace = "kept_records.content";

    /// <summary>Runs in the caller's transaction, which has taken the person's row.</summary>
    public async Task EraseAsync(Db db, string personId, long now, CancellationToken cancellation)
    {
        foreach (var step in before)
        {
            await step(db, personId, now, cancellation);
        }

        foreach (var mustKeep in keepings)
        {
            if (await mustKeep(db, personId, now, cancellation) is { } keeping && keeping.Until > now)
            {
                await ArchiveAsync(db, personId, keeping, now, cancellation);
            }
        }

        foreach (var table in hidden)
        {
            foreach (var id in await table.Find(db, personId, cancellation))
            {
                await db.ExecuteAsync($"DELETE FROM {table.Table} WHERE id = @id", new { id }, cancellation);
            }
        }

        foreach (var table in registry.Tables.Reverse())
        {
            await EraseInAsync(db, table, personId);
        }
    }

    private async Task ArchiveAsync(Db db, string personId, Keeping keeping, long now, CancellationToken cancellation)
    {
        var content = new Dictionary<string, object>();
        foreach (var group in registry.Groups.Where(g => g.Erasure == "archive").DistinctBy(g => g.Table))
        {
            var columns = registry.Of(group.Table).Where(g => g.Kind is not ColumnKind.Secret and not ColumnKind.None).SelectMany(g => g.Columns);
            var rows = await data.RowsAsync(db, group.Table, columns.Distinct(), group.Condition, personId, cancellation);
            if (rows.Count > 0)
            {
                content[group.Table] = rows;
            }
        }

        var id = Ids.New();
        await db.InsertAsync(
            new KeptRecordRow
            {
                Id = id,
                PersonId = personId,
                Basis = keeping.Basis,
                ContentSealed = cipher.Seal(ContentPlace, id, JsonSerializer.Serialize(content, ContractJson.Stored)),
                KeptUntil = keeping.Until,
                MadeAt = now,
            },
            token: cancellation);
    }

    private async Task EraseInAsync(Db db, string table, string personId)
    {
        var groups = registry.Of(table).Where(g => g.Whose.Length > 0).ToList();
        if (groups.FirstOrDefault(g => g.Erasure is "delete" or "archive") is { } whole)
        {
            await db.ExecuteAsync($"DELETE FROM {table} WHERE {whole.Condition}", new { personId });
            return;
        }

        foreach (var group in groups.Where(g => g.Erasure is "null" or "empty" or "id"))
        {
            var value = group.Erasure switch { "null" => "NULL", "empty" => "''", _ => "@personId" };
            var blanks = string.Join(", ", group.Columns.Select(c => $"{c} = {value}"));
            await db.ExecuteAsync($"UPDATE {table} SET {blanks} WHERE {group.Condition}", new { personId });
        }
    }
}

/// <summary>Written once, read by no route, deleted when its time is over.</summary>
[Table("kept_records", IsColumnAttributeRequired = false)]
internal sealed record KeptRecordRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required string Basis { get; init; }

    public required string ContentSealed { get; init; }

    public required long KeptUntil { get; init; }

    public required long MadeAt { get; init; }
}
