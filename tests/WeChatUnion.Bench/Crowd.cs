using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WeChatUnion.WeChatStandIn;

namespace WeChatUnion.Bench;

/// <summary>Tens of thousands of signed-in members and activities, put straight into the database.</summary>
internal static class Crowd
{
    private const int RowsAStatement = 500;
    private const string County = "410721";
    private const long Day = 86_400_000;

    private static int activities;

    /// <summary>Adds members and answers their tokens and ids.</summary>
    public static async Task<IReadOnlyList<(string Token, string PersonId)>> JoinAsync(BenchHouse house, int count)
    {
        var people = Enumerable.Range(0, count).Select(i => (Token: NewId(), PersonId: NewId(), Application: NewId(), Number: i)).ToArray();
        var (union, now) = (NewId(), Now());
        await using var connection = await house.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await RunAsync(transaction, $"INSERT INTO unions (id, name, type, division_code, is_holding, state, version, created_at) VALUES ('{union}', '新乡县总工会', '01', '{County}', 0, 'established', 1, {now})");
        await RunAsync(transaction, $"INSERT INTO union_ancestors (union_id, ancestor_id, distance) VALUES ('{union}', '{union}', 0)");
        await InsertAsync(transaction, "persons (id, created_at)", people.Select(p => $"'{p.PersonId}', {now}"));
        await InsertAsync(
            transaction,
            "sessions (id, token_hash, kind, person_id, device, created_at, last_seen_at)",
            people.Select(p => $"'{NewId()}', '{HashOf(p.Token)}', 'worker', '{p.PersonId}', '安卓手机', {now}, {now}"));
        await InsertAsync(
            transaction,
            "member_records (person_id, name, sex, birth_on, updated_at)",
            people.Select(p => $"'{p.PersonId}', '量测会员', '{1 + (p.Number % 2)}', '1990-05-01', {now}"));
        await InsertAsync(
            transaction,
            "membership_applications (id, person_id, made_by, union_id, source, state, version, created_at, updated_at)",
            people.Select(p => $"'{p.Application}', '{p.PersonId}', '{p.PersonId}', '{union}', 'mini_program', 'approved', 4, {now}, {now}"));
        await InsertAsync(
            transaction,
            "memberships (id, person_id, application_id, union_id, member_number, state, joined_on, live_person_id, version, created_at)",
            people.Select(p => $"'{NewId()}', '{p.PersonId}', '{p.Application}', '{union}', '{County}2025{p.Number:D8}', 'active', '2026-11-24', '{p.PersonId}', 1, {now}"));
        await transaction.CommitAsync();
        return [.. people.Select(p => (p.Token, p.PersonId))];
    }

    /// <summary>WeChat reaches them: each has an openid and granted more messages than there will be.</summary>
    public static async Task SubscribeAsync(BenchHouse house, string template, IReadOnlyList<(string Token, string PersonId)> people)
    {
        await using var connection = await house.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await InsertAsync(
            transaction,
            "wechat_accounts (app_id, open_id, person_id, created_at)",
            people.Select((p, i) => $"'{new StandInOptions().AppId}', 'o{i:D27}', '{p.PersonId}', {Now()}"));
        await InsertAsync(
            transaction,
            "subscription_credits (person_id, template, credits, reports_ahead, pushes_ahead, ahead_at, updated_at)",
            people.Select(p => $"'{p.PersonId}', '{template}', 1000000, 0, 0, 0, {Now()}"));
        await transaction.CommitAsync();
    }

    /// <summary>An organiser of the county who has just signed in; her token.</summary>
    public static async Task<string> OrganiserAsync(BenchHouse house)
    {
        var (token, person, now) = (NewId(), NewId(), Now());
        await using var connection = await house.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await RunAsync(transaction, $"INSERT INTO persons (id, created_at) VALUES ('{person}', {now})");
        await RunAsync(transaction, $"INSERT INTO staff_accounts (person_id, name, display_name, password_hash, is_demo, created_at) VALUES ('{person}', 'bench', '组织者', '-', 0, {now})");
        await RunAsync(transaction, $"INSERT INTO grants (person_id, role, union_id, granted_at) SELECT '{person}', 'activity_organiser', union_id, {now} FROM memberships LIMIT 1");
        await RunAsync(
            transaction,
            $"INSERT INTO sessions (id, token_hash, kind, person_id, device, created_at, last_seen_at) VALUES ('{NewId()}', '{HashOf(token)}', 'staff', '{person}', '电脑', {now}, {now})");
        await transaction.CommitAsync();
        return token;
    }

    /// <summary>An activity open to members between 18 and 60, with a waiting line; of a day of its own, unless it begins soon.</summary>
    public static async Task<(string Id, string GroupId)> OpenAsync(BenchHouse house, int capacity, TimeSpan? startsIn = null)
    {
        var (id, group, now) = (NewId(), NewId(), Now());
        var starts = startsIn is { } soon ? now + (long)soon.TotalMilliseconds : now + ((3 + activities++) * Day);
        var closes = startsIn is null ? now + Day : starts;
        await using var connection = await house.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await RunAsync(
            transaction,
            "INSERT INTO activities (id, union_id, made_by, kind, title, body, place, division_code, allocation, state, opens_at, closes_at, cancel_until, starts_at, ends_at, "
            + "most_guests, has_waiting_list, offer_hours, turn, last_number, version, published_at, created_at, updated_at) "
            + $"SELECT '{id}', m.union_id, m.person_id, 'culture', '职工趣味运动会', '拔河、跳绳、接力。', '翟坡镇文化广场', '{County}', 'first_come', 'published', {now - 1}, {closes}, {closes}, "
            + $"{starts}, {starts + (Day / 12)}, 0, 1, 24, 0, 0, 3, {now}, {now}, {now} FROM memberships m LIMIT 1");
        await RunAsync(transaction, $"INSERT INTO activity_sessions (id, activity_id, position, starts_at, ends_at) VALUES ('{NewId()}', '{id}', 0, {starts}, {starts + (Day / 12)})");
        await RunAsync(
            transaction,
            "INSERT INTO activity_groups (id, activity_id, position, name, capacity, taken, last_line, rules) "
            + $"VALUES ('{group}', '{id}', 0, '开放名额', {capacity}, 0, 0, '{{\"membersOnly\":true,\"leastAge\":18,\"mostAge\":60}}')");
        await transaction.CommitAsync();
        return (id, group);
    }

    /// <summary>The first column of the first row.</summary>
    public static async Task<long> NumberAsync(BenchHouse house, string sql)
    {
        await using var connection = await house.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public static string NewId() => Guid.CreateVersion7().ToString("N");

    public static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public static async Task RunAsync(DbTransaction transaction, string sql)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;

        // Hundreds of thousands of rows may be touched by one.
        command.CommandTimeout = 300;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public static async Task InsertAsync(DbTransaction transaction, string into, IEnumerable<string> rows)
    {
        foreach (var some in rows.Chunk(RowsAStatement))
        {
            await RunAsync(transaction, $"INSERT INTO {into} VALUES ({string.Join("), (", some)})");
        }
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
