using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Infrastructure.Contract;

/// <summary>
/// The <c>Idempotency-Key</c> of a POST that creates: 16–64 of letters, digits, - and _. A missing or malformed one
/// is refused before the slice runs.
/// </summary>
internal sealed record IdempotencyKey(string Key, string Route)
{
    public const string Header = "Idempotency-Key";

    public static ValueTask<IdempotencyKey> BindAsync(HttpContext http)
    {
        var key = http.Request.Headers[Header].ToString();
        if (key.Length is < 16 or > 64
            || key.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"))
        {
            throw new Refusal(CommonProblems.KeyMissing);
        }

        // The path, not the pattern: the same key on another record is another deed.
        // Routing takes capitals and a last slash for the same route, so they are no other deed.
        var path = http.Request.Path.Value!.TrimEnd('/').ToLowerInvariant();
        return ValueTask.FromResult(new IdempotencyKey(key, $"{http.Request.Method} {path}"));
    }
}

/// <summary>
/// Does a deed once per key. The key's row is written first, in the deed's own transaction: two at once meet at the
/// primary key, a refusal takes the row with it (only success is stored), and a crash leaves both or neither.
/// </summary>
internal sealed class Idempotency(Database.Database database, LookupIndex index, TimeProvider clock)
{
    private const string IndexKind = "body";

    /// <summary>
    /// Runs <paramref name="deed"/> with a new id and returns the id of what was made, by this call or by an earlier
    /// one with the same key; the caller then reads that record for its answer.
    /// </summary>
    public async Task<string> OnceAsync<TBody>(
        IdempotencyKey key, Caller caller, TBody body, Func<Db, string, long, Task> deed, CancellationToken cancellation)
    {
        var bytes = BytesOf(body);
        var hash = HashOf(bytes);
        var made = Ids.New();
        try
        {
            return await database.TransactAsync(
                async db =>
                {
                    var now = clock.Milliseconds();
                    await db.ExecuteAsync(
                        """
                        INSERT INTO idempotency_keys (person_id, route, idempotency_key, body_hash, made_id, created_at)
                        VALUES (@PersonId, @Route, @Key, @hash, @made, @now)
                        """,
                        new { caller.PersonId, key.Route, key.Key, hash, made, now });
                    await deed(db, made, now);
                    return made;
                },
                cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            return await FirstResultAsync(key, caller, bytes, error, cancellation);
        }
    }

    public static byte[] BytesOf<TBody>(TBody body) => JsonSerializer.SerializeToUtf8Bytes(body, ContractJson.Stored);

    /// <summary>What a key's row remembers of a body.</summary>
    public string HashOf(byte[] body) => index.Of(IndexKind, body);

    /// <summary>Whether a key's row may stand for this body.</summary>
    public bool MayBeOf(byte[] body, string stored) => index.MayBeOf(IndexKind, body, stored);

    private async Task<string> FirstResultAsync(
        IdempotencyKey key, Caller caller, byte[] body, Exception error, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var row = await db.GetTable<IdempotencyKeyRow>().FirstOrDefaultAsync(
            k => k.PersonId == caller.PersonId && k.Route == key.Route && k.Key == key.Key, cancellation);
        if (row is null)
        {
            // Another UNIQUE spoke, one that the deed should have explained to the person.
            throw new InvalidOperationException("A deed met a duplicate that it does not name.", error);
        }

        return MayBeOf(body, row.BodyHash) ? row.MadeId : throw new Refusal(CommonProblems.KeyReused);
    }
}

[Table("idempotency_keys", IsColumnAttributeRequired = false)]
internal sealed record IdempotencyKeyRow
{
    public required string PersonId { get; init; }

    public required string Route { get; init; }

    [Column("idempotency_key")]
    public required string Key { get; init; }

    public required string BodyHash { get; init; }

    public required string MadeId { get; init; }

    public required long CreatedAt { get; init; }
}
