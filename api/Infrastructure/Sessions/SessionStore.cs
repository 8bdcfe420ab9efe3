using System.Data.Common;
using System.Globalization;
using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.AspNetCore.WebUtilities;
using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Sessions;

/// <summary>Opens, finds and ends sessions. The row is the truth; the cache may stand in for it for a minute.</summary>
internal sealed class SessionStore(Database.Database database, FrequentReads reads, ICache cache, TimeProvider clock)
{
    private const int TokenBytes = 32;
    private const string Ended = "ended";

    /// <summary>Adds the row inside the sign-in's transaction; the token leaves the server once, in the answer.</summary>
    public static async Task<(string Token, SessionRow Session)> OpenAsync(
        Db db, SessionKind kind, string personId, string device, long now)
    {
        var token = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TokenBytes));
        var session = new SessionRow
        {
            Id = Ids.New(),
            TokenHash = HashOf(token),
            Kind = kind,
            PersonId = personId,
            Device = device,
            CreatedAt = now,
            LastSeenAt = now,
        };
        await db.ExecuteAsync(
            """
            INSERT INTO sessions (id, token_hash, kind, person_id, device, created_at, last_seen_at)
            VALUES (@Id, @TokenHash, @kind, @PersonId, @Device, @CreatedAt, @LastSeenAt)
            """,
            new { session.Id, session.TokenHash, kind = Word(kind), session.PersonId, session.Device, session.CreatedAt, session.LastSeenAt });
        return (token, session);
    }

    /// <summary>The living session behind a token, or null.</summary>
    public async Task<SessionRow?> FindAsync(string token, CancellationToken cancellation)
    {
        var hash = HashOf(token);
        var session = await ReadAsync(hash, cancellation);
        var now = clock.Milliseconds();
        if (session is null || SessionRules.ExpiresAt(session.Kind, session.CreatedAt, session.LastSeenAt) <= now)
        {
            return null;
        }

        if (now - session.LastSeenAt >= (long)SessionRules.SeenGrain(session.Kind).TotalMilliseconds)
        {
            return await MarkSeenAsync(session, now, cancellation);
        }

        return session;
    }

    /// <summary>Ends the given sessions of a person at once; null means all.</summary>
    public async Task<int> EndAsync(string personId, SessionKind kind, string? sessionId, CancellationToken cancellation)
    {
        var ended = await database.TransactAsync(
            db => DeleteAsync(db, s => s.PersonId == personId && s.Kind == kind && (sessionId == null || s.Id == sessionId)), cancellation);
        await BuryAsync(ended);
        return ended.Count;
    }

    /// <summary>Deletes sessions inside a deed's transaction; give the result to <see cref="BuryAsync"/> after the commit.</summary>
    public static async Task<IReadOnlyList<SessionRow>> DeleteAsync(Db db, Expression<Func<SessionRow, bool>> which)
    {
        var rows = await db.GetTable<SessionRow>().Where(which).ToListAsync();
        foreach (var row in rows)
        {
            await db.GetTable<SessionRow>().Where(s => s.Id == row.Id).DeleteAsync();
        }

        return rows;
    }

    /// <summary>Makes every node forget ended sessions.</summary>
    public async Task BuryAsync(IEnumerable<SessionRow> ended)
    {
        foreach (var session in ended)
        {
            // A tombstone, not a removal: a request that read the row just before must not put it back.
            await cache.SetAsync(CacheKey(session.TokenHash), Ended, SessionRules.CacheLife);
        }
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static string CacheKey(string tokenHash) => "session:" + tokenHash;

    private static string Word(SessionKind kind) => kind == SessionKind.Worker ? "worker" : "staff";

    private async Task<SessionRow?> ReadAsync(string hash, CancellationToken cancellation)
    {
        var cached = await cache.GetAsync(CacheKey(hash));
        if (cached == Ended)
        {
            return null;
        }

        if (cached is not null)
        {
            return Unpack(hash, cached);
        }

        var rows = await reads.ListAsync(
            "SELECT token_hash, id, kind, person_id, device, created_at, last_seen_at FROM sessions WHERE token_hash = @key",
            hash,
            ReadRow,
            cancellation);
        var session = rows.Count == 0 ? null : rows[0];
        if (session is not null)
        {
            await cache.AddAsync(CacheKey(hash), Pack(session), SessionRules.CacheLife);
        }

        return session;
    }

    private static SessionRow ReadRow(DbDataReader row) => new()
    {
        TokenHash = row.GetString(0),
        Id = row.GetString(1),
        Kind = StoredWord<SessionKind>.Read(row.GetString(2)),
        PersonId = row.GetString(3),
        Device = row.GetString(4),
        CreatedAt = row.GetInt64(5),
        LastSeenAt = row.GetInt64(6),
    };

    /// <summary>Null when the session was ended meanwhile: the copy at hand may come from the cache.</summary>
    private async Task<SessionRow?> MarkSeenAsync(SessionRow session, long now, CancellationToken cancellation)
    {
        var isThere = await database.TransactAsync(
            async db => await db.ExecuteAsync(
                    "UPDATE sessions SET last_seen_at = @now WHERE id = @Id AND last_seen_at <= @now", new { session.Id, now }) == 1
                || await db.GetTable<SessionRow>().AnyAsync(s => s.Id == session.Id, cancellation),
            cancellation);
        if (!isThere)
        {
            return null;
        }

        // Somebody may sign out between the row and this line: her tombstone stays.
        var seen = session with { LastSeenAt = now };
        await cache.SetUnlessAsync(CacheKey(session.TokenHash), Pack(seen), SessionRules.CacheLife, Ended);
        return seen;
    }

    private static string Pack(SessionRow s) => string.Create(
        CultureInfo.InvariantCulture, $"{s.Id}|{Word(s.Kind)}|{s.PersonId}|{s.CreatedAt}|{s.LastSeenAt}|{s.Device}");

    private static SessionRow Unpack(string hash, string packed)
    {
        var parts = packed.Split('|', 6);
        return new SessionRow
        {
            Id = parts[0],
            TokenHash = hash,
            Kind = parts[1] == "worker" ? SessionKind.Worker : SessionKind.Staff,
            PersonId = parts[2],
            CreatedAt = long.Parse(parts[3], CultureInfo.InvariantCulture),
            LastSeenAt = long.Parse(parts[4], CultureInfo.InvariantCulture),
            Device = parts[5],
        };
    }
}
