using System.Data.Common;
using System.Net;
using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

/// <summary>
/// An activity with few places and a long line that moves: people cancel, take or decline what is offered or let it run
/// out, while two nodes promote. A trigger of the test's own notes the steps in the order of their transactions.
/// </summary>
internal sealed class MovingLine
{
    private const int Places = 8;
    private const int Hands = 12;
    private static readonly TimeSpan Offer = TimeSpan.FromHours(1);

    private readonly TestHouse house;
    private readonly Nodes nodes;
    private readonly string activity;
    private readonly Dictionary<string, (int Number, Comer Comer)> people;

    private MovingLine(TestHouse house, Nodes nodes, string activity, Dictionary<string, (int Number, Comer Comer)> people)
    {
        this.house = house;
        this.nodes = nodes;
        this.activity = activity;
        this.people = people;
    }

    public static async Task<MovingLine> FormAsync(TestHouse house, Nodes nodes, int inLine)
    {
        await WitnessAsync(house);
        var at = house.Clock.GetUtcNow();
        var soon = at.AddDays(60).ToUnixTimeMilliseconds();
        var activity = await Crowd.OpenAsync(
            house.Database,
            at,
            a => a with { ClosesAt = soon, CancelUntil = soon, StartsAt = soon, EndsAt = soon + 1, OfferHours = (int)Offer.TotalHours },
            Crowd.Group(Places));
        var comers = await Crowd.JoinAsync(house.Database, Places + inLine, at);

        // One node alone: how nodes share sign-ups is another test's matter.
        var answers = await Task.WhenAll(comers.Select(c => nodes.Of(0, c).SignUp(activity)));
        return new MovingLine(
            house, nodes, activity, answers.Select((a, i) => (a.MustBe(HttpStatusCode.OK), i)).ToDictionary(a => a.Item1["id"], a => (a.i, comers[a.i])));
    }

    /// <summary>Until three quarters of the line have moved; somebody must wait to the end, or a lost place would not show.</summary>
    public async Task MoveAsync()
    {
        using var over = new CancellationTokenSource();
        var promoters = nodes.Services.Select(s => Task.Run(() => PromoteAsync(s.GetRequiredService<ExpireOffers>(), over.Token))).ToArray();
        var left = Math.Max((people.Count - Places) / 4, 3 * Places);
        for (var round = 0; round < 400 && await CountAsync("waiting") > left; round++)
        {
            await RoundAsync(round);
        }

        await over.CancelAsync();
        await Task.WhenAll(promoters);
    }

    /// <summary>Lets all offers run out once more and says what went wrong, in sentences.</summary>
    public async Task<List<string>> FaultsAsync()
    {
        var faults = new List<string>();
        house.Clock.Advance(Offer);
        if (!await PromoteOnceAsync(nodes.Services[0].GetRequiredService<ExpireOffers>()))
        {
            faults.Add("What the group counts does not let the offers run out.");
        }

        await using var db = house.Database.Open();
        var steps = await db.QueryToListAsync<Step>(
            "SELECT w.enrolment_id, w.kind, e.line FROM witness w JOIN enrolments e ON e.id = w.enrolment_id "
            + $"WHERE e.activity_id = '{activity}' ORDER BY w.n");
        var offers = steps.Where(s => s.Kind == "offer").ToList();
        faults.AddRange(offers.GroupBy(o => o.EnrolmentId).Where(g => g.Count() > 1).Select(g => $"{g.Key} was promoted {g.Count()} times."));
        faults.AddRange(offers.Zip(offers.Skip(1)).Where(p => p.First.Line >= p.Second.Line).Select(p => $"Mark {p.Second.Line} was promoted after {p.First.Line}."));

        var held = Places;
        var holders = new HashSet<string>(await IdsAsync("line IS NULL"));
        foreach (var step in steps.Where(s => s.Kind != "acceptance"))
        {
            held += step.Kind == "offer" ? 1 : holders.Remove(step.EnrolmentId) ? -1 : 0;
            if (step.Kind == "offer")
            {
                holders.Add(step.EnrolmentId);
            }

            if (held > Places)
            {
                faults.Add($"{held} hold {Places} places.");
            }
        }

        var holding = await CountAsync("enrolled") + await CountAsync("offered");
        var taken = await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'");
        if (holding != Places || taken != Places || held != Places)
        {
            faults.Add($"While people wait, {holding} hold places, {taken} of {Places} are counted and {held} were given.");
        }

        var next = await house.Number($"SELECT MIN(line) FROM enrolments WHERE activity_id = '{activity}' AND state = 'waiting'");
        if (offers.Count == 0 || next <= offers.Max(o => o.Line))
        {
            faults.Add($"Mark {next} was passed over.");
        }

        return faults;
    }

    /// <summary>
    /// Everybody who can do something does it, each on both nodes at once: of the holders a third cancels, of the offered
    /// one third accepts, one declines and one lets it run out; of those who wait a few leave.
    /// </summary>
    private async Task RoundAsync(int round)
    {
        var holders = (await IdsAsync("state = 'enrolled'")).Where(id => (people[id].Number + round) % 3 == 0).Select(id => Twice(id, Cancel));
        var leavers = (await IdsAsync("state = 'waiting'")).Where(id => people[id].Number % 29 == 7).Take(1).Select(id => Twice(id, Cancel));
        var offered = (await IdsAsync("state = 'offered'")).Where(id => people[id].Number % 3 != 0)
            .Select(id => Twice(id, p => p.Put($"{Stage.Mine}/{activity}/enrolment/offer-answer", new { isAccepted = people[id].Number % 3 == 1 })));
        await Parallel.ForEachAsync(holders.Concat(leavers).Concat(offered), new ParallelOptions { MaxDegreeOfParallelism = Hands }, async (deed, _) => await deed());
        if (round % 3 == 2)
        {
            house.Clock.Advance(Offer);
        }
    }

    private Task<Answer> Cancel(Person person) => person.Delete($"{Stage.Mine}/{activity}/enrolment");

    private Func<Task> Twice(string id, Func<Person, Task<Answer>> deed) => () => Task.WhenAll(
        Enumerable.Range(0, 2).Select(node => deed(nodes.Of(node, people[id].Comer))));

    private static async Task PromoteAsync(ExpireOffers promoter, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await PromoteOnceAsync(promoter);
            await Task.Delay(5, CancellationToken.None);
        }
    }

    /// <summary>False only without guards; the program's own loop notes it and goes on.</summary>
    private static async Task<bool> PromoteOnceAsync(ExpireOffers promoter)
    {
        try
        {
            await promoter.RunAsync(CancellationToken.None);
            return true;
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            return false;
        }
    }

    private Task<long> CountAsync(string state) =>
        house.Number($"SELECT COUNT(*) FROM enrolments WHERE activity_id = '{activity}' AND state = '{state}'");

    private async Task<List<string>> IdsAsync(string which)
    {
        await using var db = house.Database.Open();
        return await db.QueryToListAsync<string>($"SELECT id FROM enrolments WHERE activity_id = '{activity}' AND {which} ORDER BY number");
    }

    private static async Task WitnessAsync(TestHouse house)
    {
        var isSqlite = house.Database.IsSqlite;
        await house.Execute(
            $"CREATE TABLE IF NOT EXISTS witness (n INTEGER PRIMARY KEY {(isSqlite ? "AUTOINCREMENT" : "AUTO_INCREMENT")}, enrolment_id CHAR(32), kind VARCHAR(40))");
        await house.Execute(
            isSqlite
                ? "CREATE TRIGGER IF NOT EXISTS witness AFTER INSERT ON enrolment_steps BEGIN INSERT INTO witness (enrolment_id, kind) VALUES (NEW.enrolment_id, NEW.kind); END"
                : "CREATE TRIGGER IF NOT EXISTS witness AFTER INSERT ON enrolment_steps FOR EACH ROW INSERT INTO witness (enrolment_id, kind) VALUES (NEW.enrolment_id, NEW.kind)");
    }

    private sealed record Step
    {
        public required string EnrolmentId { get; init; }

        public required string Kind { get; init; }

        public int? Line { get; init; }
    }
}
