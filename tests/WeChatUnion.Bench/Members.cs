using System.Data.Common;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace WeChatUnion.Bench;

/// <summary>
/// Distinct members who are signed in: session and phone come through the program's own routes, registration form,
/// application, membership and one grant each are put into the database.
/// </summary>
internal static class Members
{
    private const int AtOnce = 16;
    private const string County = "410721";

    /// <summary>Adds members and answers their tokens.</summary>
    public static async Task<IReadOnlyList<string>> JoinAsync(BenchHouse house, int count)
    {
        using var http = new HttpClient { BaseAddress = house.Program.Address };
        var signedIn = new (string Token, string PersonId)[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, cancellation) =>
        {
            signedIn[number] = await SignInAsync(house, http, number, cancellation);
        });

        await using var connection = await house.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var union = await AddUnionAsync(transaction);
        for (var number = 0; number < count; number++)
        {
            await AddMembershipAsync(transaction, signedIn[number].PersonId, union, number);
        }

        await transaction.CommitAsync();
        return [.. signedIn.Select(s => s.Token)];
    }

    private static async Task<(string Token, string PersonId)> SignInAsync(
        BenchHouse house, HttpClient http, int number, CancellationToken cancellation)
    {
        var user = $"member-{number}";
        using var answer = await http.PostAsJsonAsync(
            "/api/v1/sessions", new { code = house.WeChat.IssueLoginCode(user) }, cancellation);
        answer.EnsureSuccessStatusCode();
        var session = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        var token = session.GetProperty("token").GetString()!;

        using var phone = new HttpRequestMessage(HttpMethod.Put, "/api/v1/me/phone")
        {
            Content = JsonContent.Create(new { code = house.WeChat.IssuePhoneCode(user, $"139{number:D8}") }),
        };
        phone.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var bound = await http.SendAsync(phone, cancellation);
        bound.EnsureSuccessStatusCode();
        return (token, session.GetProperty("personId").GetString()!);
    }

    private static async Task<string> AddUnionAsync(DbTransaction transaction)
    {
        var id = NewId();
        await ExecuteAsync(
            transaction,
            "INSERT INTO unions (id, name, type, division_code, is_holding, state, version, created_at) "
            + "VALUES (@p0, '新乡县总工会', '01', @p1, 0, 'established', 1, @p2)",
            id,
            County,
            Now());
        await ExecuteAsync(transaction, "INSERT INTO union_ancestors (union_id, ancestor_id, distance) VALUES (@p0, @p0, 0)", id);
        return id;
    }

    private static async Task AddMembershipAsync(DbTransaction transaction, string personId, string unionId, int number)
    {
        var application = NewId();
        await ExecuteAsync(
            transaction,
            "INSERT INTO member_records (person_id, name, updated_at) VALUES (@p0, '量测会员', @p1)",
            personId,
            Now());
        await ExecuteAsync(
            transaction,
            "INSERT INTO membership_applications (id, person_id, made_by, union_id, source, state, version, created_at, updated_at) "
            + "VALUES (@p0, @p1, @p1, @p2, 'mini_program', 'approved', 4, @p3, @p3)",
            application,
            personId,
            unionId,
            Now());
        await ExecuteAsync(
            transaction,
            "INSERT INTO memberships (id, person_id, application_id, union_id, member_number, state, joined_on, live_person_id, version, created_at) "
            + "VALUES (@p0, @p1, @p2, @p3, @p4, 'active', '2026-11-24', @p1, 1, @p5)",
            NewId(),
            personId,
            application,
            unionId,
            string.Create(CultureInfo.InvariantCulture, $"{County}2026{number:D8}"),
            Now());
        await ExecuteAsync(
            transaction,
            "INSERT INTO grants (person_id, role, union_id, granted_at) VALUES (@p0, 'activity_organiser', @p1, @p2)",
            personId,
            unionId,
            Now());
    }

    private static async Task ExecuteAsync(DbTransaction transaction, string sql, params object[] values)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{i}";
            parameter.Value = values[i];
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync();
    }

    private static string NewId() => Guid.CreateVersion7().ToString("N");

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}
