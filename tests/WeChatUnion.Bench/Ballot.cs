using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WeChatUnion.Bench;

/// <summary>The round of a singles' evening: 300 guests hand in within ten seconds, the host closes among the last of them.</summary>
internal static partial class Ballot
{
    private const int Guests = 300;
    private const int Rounds = 3;

    private static readonly TimeSpan HandingIn = TimeSpan.FromSeconds(10);

    /// <summary>The last ballots are still on their way when the host closes.</summary>
    private static readonly TimeSpan ClosesAfter = HandingIn - TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(IReadOnlyList<string> databases)
    {
        foreach (var database in databases)
        {
            await MeasureAsync(database);
        }
    }

    private static async Task MeasureAsync(string database)
    {
        await using var house = await BenchHouse.OnAsync(database);
        var people = await Crowd.JoinAsync(house, Guests);
        await AgreeAsync(house, people);
        var host = await Crowd.OrganiserAsync(house);
        var (counting, closing, handingIn) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            var (counted, closed, handedIn) = await PlayAsync(house, people, host);

            // The first evening warms the program up.
            if (round > 0)
            {
                counting.Add(counted);
                closing.Add(closed);
                handingIn.Add(handedIn);
            }
        }

        Figures.TellMedian("ballot-counting", database, counting, "ms");
        Figures.TellMedian("ballot-closing", database, closing, "ms");
        Figures.TellMedian("ballot-handing-in-p99", database, handingIn, "ms");
    }

    /// <summary>One evening: milliseconds of the counting itself, of the host's closing, and of 99 of 100 hand-ins.</summary>
    private static async Task<(double Counting, double Closing, double HandingIn)> PlayAsync(
        BenchHouse house, IReadOnlyList<(string Token, string PersonId)> people, string host)
    {
        var activity = await BeginAsync(house, people);
        using var http = new HttpClient { BaseAddress = house.Program.Address };
        var office = $"/api/v1/office/activities/{activity}/ballot-rounds";
        var (status, opened) = await SendAsync(http, HttpMethod.Post, office, host, new { });
        MustBe(status == HttpStatusCode.Created, $"opening answered {(int)status}");
        var round = opened.GetProperty("id").GetString()!;
        var times = new ConcurrentBag<double>();
        var (taken, late) = (0, 0);
        var hands = people.Select(async (person, i) =>
        {
            await Task.Delay(HandingIn * i / Guests);
            var start = Stopwatch.GetTimestamp();
            var (answer, body) = await SendAsync(
                http, HttpMethod.Put, $"/api/v1/activities/{activity}/ballot", person.Token, new { roundId = round, choices = ChoicesOf(i) });
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            var isLate = answer == HttpStatusCode.Conflict && body.GetProperty("code").GetString() == "ballot_closed";
            MustBe(answer == HttpStatusCode.OK || isLate, $"a ballot was answered {(int)answer}");
            _ = isLate ? Interlocked.Increment(ref late) : Interlocked.Increment(ref taken);
        }).ToList();
        await Task.Delay(ClosesAfter);
        var begin = Stopwatch.GetTimestamp();
        var (closed, result) = await SendAsync(
            http, HttpMethod.Post, $"{office}/{round}/closing", host, new { closingKey = opened.GetProperty("closingKey").GetString() });
        var closing = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        await Task.WhenAll(hands);
        MustBe(closed == HttpStatusCode.OK, $"closing answered {(int)closed}");
        MustBe(result.GetProperty("ballots").GetInt32() == taken, $"{taken} ballots were taken, {result.GetProperty("ballots")} counted");
        Figures.Remark($"{house.Database}: {taken} ballots counted, {late} refused as closed, {result.GetProperty("pairs")} pairs");
        return (CountingOf(house, round), closing, times.Order().ElementAt(Guests * 99 / 100));
    }

    /// <summary>The other sex, three of them, so that many choose each other.</summary>
    private static string[] ChoicesOf(int i) =>
        [.. Enumerable.Range(0, 3).Select(k => string.Create(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? '女' : '男')}{1 + (((i / 2) + (k * (i % 2 == 0 ? 1 : Guests / 2 - 1))) % (Guests / 2)):00}"))];

    /// <summary>As the program logged it: ballots opened and counted, without the database.</summary>
    private static double CountingOf(BenchHouse house, string round) => double.Parse(
        Counted().Match(house.Program.LinesOfLog().Last(l => l.Contains($"Round {round} ", StringComparison.Ordinal))).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>A running evening with everybody's plate.</summary>
    private static async Task<string> BeginAsync(BenchHouse house, IReadOnlyList<(string Token, string PersonId)> people)
    {
        var (activity, _) = await Crowd.OpenAsync(house, Guests);
        var now = Crowd.Now();
        await using var connection = await house.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Crowd.RunAsync(transaction, $"UPDATE activities SET kind = 'singles' WHERE id = '{activity}'");
        await Crowd.InsertAsync(
            transaction,
            "plates (id, activity_id, person_id, sex, number, given_at)",
            people.Select((p, i) => $"'{Crowd.NewId()}', '{activity}', '{p.PersonId}', '{1 + (i % 2)}', {1 + (i / 2)}, {now}"));
        await transaction.CommitAsync();
        return activity;
    }

    /// <summary>As agreeing to the text leaves it: without the consent no ballot is taken.</summary>
    private static async Task AgreeAsync(BenchHouse house, IReadOnlyList<(string Token, string PersonId)> people)
    {
        await using var connection = await house.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Crowd.InsertAsync(
            transaction,
            "consents (id, person_id, purpose, live_purpose, version, text_hash, channel, given_at)",
            people.Select(p => $"'{Crowd.NewId()}', '{p.PersonId}', 'singles', 'singles', 1, '{new string('0', 64)}', 'mini_program', {Crowd.Now()}"));
        await transaction.CommitAsync();
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpClient http, HttpMethod method, string path, string token, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, body.GetType()) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static void MustBe(bool isTrue, string otherwise)
    {
        if (!isTrue)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    [GeneratedRegex(@"counted in ([0-9.]+) ms")]
    private static partial Regex Counted();
}
