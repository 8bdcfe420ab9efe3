using System.Net;
using System.Security.Cryptography;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

/// <summary>
/// Two processes on one database: guests hand in to both, the host closes at both at once while the last ballots arrive, and one of
/// the two is killed meanwhile. One result, whole, and the same for whoever asks.
/// </summary>
[Trait(Soak.Trait, "yes")]
public sealed class CountingNodesTests(SharedMariaDbProcess house) : IClassFixture<SharedMariaDbProcess>
{
    private const int Couples = 6;

    private static readonly int Rounds = Soak.Size(inRun: 2, inSoak: 60);

    [Fact]
    public async Task However_a_round_ends_on_two_nodes_it_has_one_result()
    {
        // Both need the same half of the key.
        await house.RestartWithAsync(new Dictionary<string, string> { ["Singles:BallotKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) });
        await using var other = new ApiProcess(house.Settings);
        await other.StartAsync();
        var random = new Random(31);
        var (counted, late) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var party = await Party.BeginAsync(house, Couples);
            var (id, key) = await party.OpenAsync();
            var ballots = party.People.Keys.Select((plate, i) => CastAsync(party, i % 2 == 0 ? house.Api : other, id, plate, random.Next(60))).ToList();
            await Task.Delay(random.Next(60));
            var closings = new[] { house.Api, other }.Select(node => CloseAsync(party, node, id, key)).ToList();
            await Task.Delay(random.Next(60));
            var killed = random.Next(2) == 0 ? house.Api : other;
            await killed.KillAndStartAsync();
            var heard = (await Task.WhenAll(closings)).Append(await CloseAsync(party, house.Api, id, key)).Append(await CloseAsync(party, other, id, key));
            var answer = Assert.Single(heard.OfType<Answer>().Select(a => a.MustBe(HttpStatusCode.OK).Text).Distinct());
            var outcome = await Task.WhenAll(ballots);
            await MustBeWholeAsync(party, id, answer, outcome);
            counted += outcome.Count(o => o.Was == HttpStatusCode.OK);
            late += outcome.Count(o => o.Was == HttpStatusCode.Conflict);
        }

        Assert.True(counted > 0, "No ballot was ever taken.");
        TestContext.Current.SendDiagnosticMessage("{0} ballots counted, {1} came too late", counted, late);
    }

    /// <summary>What was acknowledged is counted, what was refused is not; what was cut off may be either.</summary>
    private async Task MustBeWholeAsync(Party party, string round, string answer, (string Plate, HttpStatusCode? Was)[] outcome)
    {
        using var closed = System.Text.Json.JsonDocument.Parse(answer);
        var (ballots, pairs) = (closed.RootElement.GetProperty("ballots").GetInt32(), closed.RootElement.GetProperty("pairs").GetInt32());
        var taken = outcome.Where(o => o.Was == HttpStatusCode.OK).Select(o => o.Plate).ToHashSet();
        var perhaps = outcome.Where(o => o.Was is null).Select(o => o.Plate).Concat(taken).ToHashSet();
        Assert.InRange(ballots, taken.Count, perhaps.Count);
        Assert.InRange(pairs, CouplesIn(taken), CouplesIn(perhaps));
        Assert.Equal($"counted 0 {pairs}", await party.StateAsync(round));
        Assert.Equal(["1"], await house.Texts($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'count_ballots' AND record_id = '{round}'"));
        Assert.Equal([$"{2 * Couples}"], await house.Texts($"SELECT COUNT(*) FROM messages WHERE kind = 'ballot_counted' AND record_id = '{party.Id}'"));
    }

    private static int CouplesIn(HashSet<string> plates) => plates.Count(p => p[0] == '男' && plates.Contains("女" + p[1..]));

    /// <summary>Everybody chooses the one with the same number; null where the program was killed before it answered.</summary>
    private static async Task<(string Plate, HttpStatusCode? Was)> CastAsync(Party party, ApiProcess node, string round, string plate, int wait)
    {
        await Task.Delay(wait);
        var answer = await At(node, party.People[plate]).TryAsync(
            p => p.Put($"{party.Path}/ballot", new { roundId = round, choices = new List<string> { (plate[0] == '男' ? "女" : "男") + plate[1..] } }));
        if (answer?.Status == HttpStatusCode.Conflict)
        {
            answer.MustBe(HttpStatusCode.Conflict, "ballot_closed");
        }

        return (plate, answer?.Status is HttpStatusCode.ServiceUnavailable ? null : answer?.MustBeOneOf(HttpStatusCode.OK, HttpStatusCode.Conflict).Status);
    }

    private static Task<Answer?> CloseAsync(Party party, ApiProcess node, string round, string closingKey) => At(node, party.Host).TryAsync(
        p => p.PostWithoutKey($"{party.Office}/ballot-rounds/{round}/closing", new { closingKey }));

    private static Person At(ApiProcess node, Person person) => new(node.NewHttp(), person.Token);
}

internal static class TriedAnswers
{
    /// <summary>Null when the program was killed before it answered.</summary>
    public static async Task<Answer?> TryAsync(this Person person, Func<Person, Task<Answer>> call)
    {
        try
        {
            return await call(person);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public static Answer MustBeOneOf(this Answer answer, params HttpStatusCode[] statuses)
    {
        Assert.True(statuses.Contains(answer.Status), answer.Text);
        return answer;
    }
}
