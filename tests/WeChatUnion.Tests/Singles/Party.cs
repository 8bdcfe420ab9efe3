using System.Globalization;
using System.Net;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

/// <summary>An <see cref="Evening"/> in a process of its own, on the real clock.</summary>
internal sealed class Party(ProcessHouse house, string id, Person host)
{
    private static int hosts;

    public string Id => id;

    public Dictionary<string, Person> People { get; } = [];

    /// <summary>Plate → person.</summary>
    public Dictionary<string, string> Ids { get; } = [];

    public string Path => $"/api/v1/activities/{id}";

    public string Office => $"/api/v1/office/activities/{id}";

    /// <summary>Begins in half an hour; everybody is in.</summary>
    public static async Task<Party> BeginAsync(ProcessHouse house, int couples)
    {
        var now = TimeProvider.System.GetUtcNow();
        var comers = await Crowd.JoinAsync(house.Database, 2 * couples, now, i => i % 2 == 0 ? "1" : "2");
        var cipher = new FieldCipher(new PrivacySettings
        {
            CurrentFieldKey = "k1",
            FieldKeys = new Dictionary<string, string> { ["k1"] = house.Settings["Privacy:FieldKeys:k1"] },
        });
        await Evening.LetInAsync(house.Database, cipher, [.. comers.Select(c => c.PersonId)], now);
        var id = await Crowd.OpenAsync(
            house.Database,
            now,
            a => a with
            {
                Kind = ActivityKind.Singles,
                ClosesAt = now.AddMinutes(20).ToUnixTimeMilliseconds(),
                CancelUntil = now.AddMinutes(20).ToUnixTimeMilliseconds(),
                StartsAt = now.AddMinutes(30).ToUnixTimeMilliseconds(),
                EndsAt = now.AddHours(3).ToUnixTimeMilliseconds(),
            },
            Crowd.Group(couples, new EligibilityRules(Sex: "1")),
            Crowd.Group(couples, new EligibilityRules(Sex: "2")));
        var party = new Party(house, id, await house.Staff($"host-{Interlocked.Increment(ref hosts)}", Role.ActivityOrganiser, "zhaipo"));
        await Evening.LetInAllAsync(house.Database, id, comers, now);
        for (var i = 0; i < comers.Count; i++)
        {
            var person = new Person(house.Api.NewHttp(), comers[i].Token);
            var plate = string.Create(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? '男' : '女')}{(i / 2) + 1:00}");
            (party.People[plate], party.Ids[plate]) = (person, comers[i].PersonId);
        }

        return party;
    }

    public Person Host => host;

    public void Rename(string plate, string other)
    {
        (People[other], Ids[other]) = (People[plate], Ids[plate]);
        People.Remove(plate);
        Ids.Remove(plate);
    }

    public async Task<(string Round, string Key)> OpenAsync()
    {
        var opened = (await host.PostWithoutKey($"{Office}/ballot-rounds", new { })).MustBe(HttpStatusCode.Created);
        return (opened["id"], opened["closingKey"]);
    }

    public Task<Answer> CastAsync(string plate, string round, params string[] choices) =>
        People[plate].Put($"{Path}/ballot", new { roundId = round, choices });

    public Task<Answer> CloseAsync(string round, string closingKey) =>
        host.PostWithoutKey($"{Office}/ballot-rounds/{round}/closing", new { closingKey });

    /// <summary>Round state, ballots left, matches.</summary>
    public async Task<string> StateAsync(string round) => (await house.Texts(
        $"SELECT CONCAT(state, ' ', (SELECT COUNT(*) FROM ballots WHERE round_id = '{round}'), ' ', (SELECT COUNT(*) FROM matches WHERE round_id = '{round}')) "
        + $"FROM ballot_rounds WHERE id = '{round}'")).Single();
}
