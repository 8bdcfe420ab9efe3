using System.Data.Common;
using System.Diagnostics;

namespace WeChatUnion.Bench;

/// <summary>
/// What the database alone can do: the rows of a sign-up (enrolment, idempotency key, audit entry, message) and the
/// counting of places, in transactions of as many as the desk takes, with the program's durability and nothing else.
/// </summary>
internal static class BareLoop
{
    private const int Batch = 256;

    /// <summary>Of the messages, so that they can be told from the program's own.</summary>
    private const string Kind = "bare_loop";

    private static readonly string Facts =
        """{"state":"active","unionId":"00000000000000000000000000000000","sex":"1","age":36,"isSingle":false,"isModelWorker":false,"isNewForm":false,"points":0,"at":1764000000000}""";

    /// <summary>As long as a sealed notice is.</summary>
    private static readonly string Payload = "k1:" + new string('A', 620);

    /// <returns>Sign-ups a second.</returns>
    public static async Task<double> RunAsync(BenchHouse house, TimeSpan length, IReadOnlyList<(string Token, string PersonId)> people)
    {
        var (activity, group) = await Crowd.OpenAsync(house, people.Count);
        await using var connection = await house.OpenAsync();
        if (house.Database == "sqlite")
        {
            await using var durable = connection.CreateCommand();
            durable.CommandText = "PRAGMA synchronous = FULL";
            await durable.ExecuteNonQueryAsync();
        }

        var start = Stopwatch.GetTimestamp();
        var done = 0;
        while (Stopwatch.GetElapsedTime(start) < length && done < people.Count)
        {
            var some = people.Skip(done).Take(Batch).ToArray();
            await using var transaction = await connection.BeginTransactionAsync();
            await AddAsync(transaction, activity, group, some, done);
            await transaction.CommitAsync();
            done += some.Length;
        }

        var rate = done / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await ForgetAsync(connection);
        return rate;
    }

    private static async Task AddAsync(
        DbTransaction transaction, string activity, string group, IReadOnlyList<(string Token, string PersonId)> people, int before)
    {
        var now = Crowd.Now();
        var rows = people.Select((p, i) => (p.PersonId, Id: Crowd.NewId(), Number: before + i + 1)).ToArray();
        await Crowd.RunAsync(transaction, $"UPDATE activities SET turn = turn + 1, last_number = {before + rows.Length} WHERE id = '{activity}'");
        await Crowd.RunAsync(transaction, $"UPDATE activity_groups SET taken = taken + {rows.Length} WHERE id = '{group}' AND taken + {rows.Length} <= capacity");
        await Crowd.InsertAsync(
            transaction,
            "enrolments (id, activity_id, group_id, person_id, live_person_id, number, state, guests, facts, source, made_by, version, created_at, updated_at)",
            rows.Select(r => $"'{r.Id}', '{activity}', '{group}', '{r.PersonId}', '{r.PersonId}', {r.Number}, 'enrolled', 0, '{Facts}', 'self', '{r.PersonId}', 1, {now}, {now}"));
        await Crowd.InsertAsync(
            transaction,
            "idempotency_keys (person_id, route, idempotency_key, body_hash, made_id, created_at)",
            rows.Select(r => $"'{r.PersonId}', 'put /api/v1/activities/{activity}/enrolment', '{r.Id}', '{r.Id}{r.Id}', '{r.Id}', {now}"));
        await Crowd.InsertAsync(
            transaction,
            "audit_entries (id, at, person_id, session_id, session_kind, address, deed, record_kind, record_id, subject_id)",
            rows.Select(r => $"'{Crowd.NewId()}', {now}, '{r.PersonId}', '{r.Id}', 'worker', '127.0.0.1', 'enrol', 'enrolment', '{r.Id}', '{r.PersonId}'"));
        await Crowd.InsertAsync(
            transaction,
            "messages (id, person_id, kind, title, text_sealed, record_id, created_at)",
            rows.Select(r => $"'{Crowd.NewId()}', '{r.PersonId}', '{Kind}', '报名成功', '{Payload}', '{r.Id}', {now}"));
    }

    private static async Task ForgetAsync(DbConnection connection)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await Crowd.RunAsync(transaction, $"DELETE FROM messages WHERE kind = '{Kind}'");
        await transaction.CommitAsync();
    }
}
