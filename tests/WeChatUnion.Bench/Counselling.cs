using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace WeChatUnion.Bench;

/// <summary>
/// Finding a time and booking it, one client after the other: 50 counsellors who can be booked eight times a day, 30 days,
/// 5,000 bookings.
/// </summary>
internal static class Counselling
{
    private const int Counsellors = 50;
    private const int Days = 30;
    private const int BookingsEach = 100;
    private const int SlotsADay = 8;
    private const int FirstHour = 9;
    private const int Clients = 500;
    private const int Warming = 100;
    private const int Asked = 400;
    private const int Hour = 3_600_000;
    private const int CellsATalk = 6;

    public static async Task RunAsync(IReadOnlyList<string> databases)
    {
        foreach (var database in databases)
        {
            await using var house = await BenchHouse.OnAsync(database);
            var people = await Crowd.JoinAsync(house, Clients);
            var counsellors = await OpenAsync(house);
            using var http = new HttpClient { BaseAddress = house.Program.Address };
            foreach (var (token, _) in people)
            {
                await AgreeAsync(http, token);
            }

            await FindAsync(http, database, people, counsellors);
            await BookAsync(http, database, people, counsellors);
        }
    }

    /// <summary>The first page from today, from some day on, of one counsellor, of one sex and way; all days to the horizon are asked for.</summary>
    private static async Task FindAsync(HttpClient http, string database, IReadOnlyList<(string Token, string PersonId)> people, string[] counsellors)
    {
        var times = new List<double>();
        for (var i = 0; i < Warming + Asked; i++)
        {
            var query = (i % 4) switch
            {
                0 => "take=50",
                1 => $"take=50&from={Day(i % Days)}",
                2 => $"take=50&counsellor={counsellors[i % Counsellors]}",
                _ => "take=50&sex=2&mode=video",
            };
            var start = Stopwatch.GetTimestamp();
            var answer = await SendAsync(http, HttpMethod.Get, $"/api/v1/counselling-slots?{query}", people[i % Clients].Token, null, HttpStatusCode.OK);
            if (i >= Warming)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            MustBe(answer.GetProperty("items").GetArrayLength() > 0, $"no slots for {query}");
        }

        Figures.Tell("slots-ms", database, Figures.Below(times, 0.95), "ms");
        Figures.Tell("slots-p50-ms", database, Figures.Median(times), "ms");
    }

    /// <summary>Every other one with any counsellor; each is kept, then confirmed.</summary>
    private static async Task BookAsync(HttpClient http, string database, IReadOnlyList<(string Token, string PersonId)> people, string[] counsellors)
    {
        var (keeping, confirming) = (new List<double>(), new List<double>());
        for (var i = 0; i < Clients; i++)
        {
            var counsellor = i % Counsellors;
            var startsAt = TimeOf(1 + (i / Counsellors * 2), counsellor + 1);
            var body = new { counsellorId = i % 2 == 0 ? counsellors[counsellor] : null, mode = "video", startsAt = DateTimeOffset.FromUnixTimeMilliseconds(startsAt) };
            var start = Stopwatch.GetTimestamp();
            var kept = await SendAsync(http, HttpMethod.Post, "/api/v1/appointments", people[i].Token, body, HttpStatusCode.Created);
            var between = Stopwatch.GetTimestamp();
            await SendAsync(
                http, HttpMethod.Put, $"/api/v1/appointments/{kept.GetProperty("appointment").GetProperty("id").GetString()}/confirmation", people[i].Token, new { alias = "小麦" }, HttpStatusCode.OK);
            if (i >= Warming)
            {
                keeping.Add(Stopwatch.GetElapsedTime(start, between).TotalMilliseconds);
                confirming.Add(Stopwatch.GetElapsedTime(between).TotalMilliseconds);
            }
        }

        Figures.Tell("booking-ms", database, Figures.Below(keeping, 0.95), "ms");
        Figures.Tell("booking-p50-ms", database, Figures.Median(keeping), "ms");
        Figures.Tell("confirming-ms", database, Figures.Below(confirming, 0.95), "ms");
    }

    /// <summary>Counsellors with their weeks and what is booked of them; their ids.</summary>
    private static async Task<string[]> OpenAsync(BenchHouse house)
    {
        var (people, now) = (Enumerable.Range(0, Counsellors).Select(_ => (Person: Crowd.NewId(), Id: Crowd.NewId())).ToArray(), Crowd.Now());
        await using var connection = await house.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();

        // On holidays nobody works; the bench runs on every day.
        await Crowd.RunAsync(transaction, "DELETE FROM calendar_days");
        await Crowd.InsertAsync(transaction, "persons (id, created_at)", people.Select(p => $"'{p.Person}', {now}"));
        foreach (var p in people)
        {
            await Crowd.RunAsync(transaction, $"INSERT INTO grants (person_id, role, union_id, granted_at) SELECT '{p.Person}', 'counsellor', union_id, {now} FROM memberships LIMIT 1");
            await Crowd.RunAsync(
                transaction,
                "INSERT INTO counsellors (id, person_id, union_id, name, sex, introduction, qualification, certificate_number_sealed, issuer, specialities, training_hours, contract_from, contract_until, "
                + "session_minutes, lead_minutes, break_minutes, most_per_day, state, turn, version, created_at, updated_at) "
                + $"SELECT '{p.Id}', '{p.Person}', union_id, '咨询师', '{1 + (Array.IndexOf(people, p) % 2)}', '擅长职场压力的疏导。', 'therapist', '-', '卫生健康委员会', '[]', 300, '2026-01-01', '2999-12-31', "
                + $"50, 0, 10, 8, 'active', 0, 1, {now}, {now} FROM memberships LIMIT 1");
        }

        await Crowd.InsertAsync(
            transaction,
            "counsellor_windows (id, counsellor_id, weekday, from_minute, until_minute, modes, effective_from)",
            people.SelectMany(p => Enumerable.Range(1, 7).Select(d => $"'{Crowd.NewId()}', '{p.Id}', {d}, {FirstHour * 60}, {(FirstHour + SlotsADay) * 60}, 'phone,video', '2026-01-01'")));
        var booked = people.SelectMany((p, c) => Enumerable.Range(0, BookingsEach).Select(k => (p.Id, Appointment: Crowd.NewId(), StartsAt: TimeOf(1 + (k % Days), c + (k / Days * 2))))).ToArray();
        await Crowd.InsertAsync(
            transaction,
            "appointments (id, counsellor_id, mode, state, first_cell, cell_count, starts_at, ends_at, counts, version)",
            booked.Select(b => $"'{b.Appointment}', '{b.Id}', 'video', 'booked', {CellOf(b.StartsAt)}, {CellsATalk}, {b.StartsAt}, {b.StartsAt + (Hour / 6 * 5)}, 1, 2"));
        await Crowd.InsertAsync(
            transaction,
            "appointment_cells (resource_id, cell, appointment_id)",
            booked.SelectMany(b => Enumerable.Range(0, CellsATalk).Select(i => $"'{b.Id}', {CellOf(b.StartsAt) + i}, '{b.Appointment}'")));
        await transaction.CommitAsync();
        return [.. people.Select(p => p.Id)];
    }

    private static async Task AgreeAsync(HttpClient http, string token)
    {
        var text = await SendAsync(http, HttpMethod.Get, "/api/v1/me/counselling-consent", token, null, HttpStatusCode.OK);
        var body = new { version = text.GetProperty("version").GetInt32(), textHash = text.GetProperty("textHash").GetString() };
        await SendAsync(http, HttpMethod.Put, "/api/v1/me/counselling-consent", token, body, HttpStatusCode.OK);
    }

    private static async Task<JsonElement> SendAsync(HttpClient http, HttpMethod method, string path, string token, object? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType()) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Idempotency-Key", Crowd.NewId());
        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        MustBe(response.StatusCode == expected, $"{method} {path} answered {(int)response.StatusCode}: {answer}");
        return answer;
    }

    private static long CellOf(long instant) => instant / (Hour / 6);

    /// <summary>So many days from today, at the n-th hour of work.</summary>
    private static long TimeOf(int day, int slot) =>
        new DateTimeOffset(Today().AddDays(day), TimeSpan.FromHours(8)).AddHours(FirstHour + (slot % SlotsADay)).ToUnixTimeMilliseconds();

    private static string Day(int day) => Today().AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTime Today() => DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)).Date;

    private static void MustBe(bool isTrue, string otherwise)
    {
        if (!isTrue)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
