using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

public sealed class TwoNodesOnSqlite(SqliteHouse house) : TwoNodesTests(house), IClassFixture<SqliteHouse>
{
    protected override TestHouse NewHouse() => new SqliteHouse();
}

public sealed class TwoNodesOnMariaDb(MariaDbHouse house) : TwoNodesTests(house), IClassFixture<MariaDbHouse>
{
    protected override TestHouse NewHouse() => new MariaDbHouse();
}

/// <summary>
/// Two nodes decide about the same places at once: sign-ups, and everything that moves the waiting line. Each test has its
/// control in a house of its own, where the same deeds meet statements without their guards.
/// </summary>
[Trait(Soak.Trait, "yes")]
public abstract class TwoNodesTests(TestHouse house)
{
    private const int MostControlRuns = 5;
    private const int Places = 20;

    private static readonly int Comers = Soak.Size(inRun: 80, inSoak: 2_000);
    private static readonly int InLine = Soak.Size(inRun: 60, inSoak: 1_500);

    protected abstract TestHouse NewHouse();

    [Fact]
    public async Task Two_nodes_give_each_place_once()
    {
        var nodes = new Nodes(house);
        var activity = await OpenAsync(house);

        var answers = await RushAsync(nodes, house, activity);

        Assert.Equal(Places, answers.Count(a => a.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.MustBe(HttpStatusCode.Conflict, "activity_full"));
        Assert.Equal(Enumerable.Range(1, Places), answers.Where(a => a.Status == HttpStatusCode.OK).Select(a => int.Parse(a["number"], null)).Order());
        Assert.Equal(Places, await EnrolledAsync(house, activity));
    }

    [Fact]
    public async Task Control_checking_first_and_inserting_then_oversells()
    {
        await using var own = new Unguarded(NewHouse());
        await own.StartAsync();
        var nodes = new Nodes(own.House);
        var most = 0L;
        for (var run = 0; run < MostControlRuns && most <= Places; run++)
        {
            var activity = await OpenAsync(own.House);
            using (own.Loosen())
            {
                await RushAsync(nodes, own.House, activity);
            }

            most = await EnrolledAsync(own.House, activity);
        }

        Assert.True(own.House.Guards.Hits > 0, "The statements read otherwise now.");
        Assert.True(most > Places, "The test above would not notice that the guards are gone.");
    }

    [Fact]
    public async Task Freed_places_go_down_the_line_in_order_and_each_once()
    {
        var line = await MovingLine.FormAsync(house, new Nodes(house), InLine);
        await line.MoveAsync();
        Assert.Empty(await line.FaultsAsync());
    }

    [Fact]
    public async Task Control_without_the_guard_of_the_offer_places_are_lost_or_given_twice()
    {
        await using var own = new Unguarded(NewHouse());
        await own.StartAsync();
        var nodes = new Nodes(own.House);
        for (var run = 0; run < MostControlRuns; run++)
        {
            var line = await MovingLine.FormAsync(own.House, nodes, InLine);
            using (own.Loosen())
            {
                await line.MoveAsync();
            }

            if ((await line.FaultsAsync()).Count > 0)
            {
                return;
            }
        }

        Assert.Fail("The test above would not notice that the guards are gone.");
    }

    /// <summary>Without a waiting line: who comes too late is refused.</summary>
    private static Task<string> OpenAsync(TestHouse house) =>
        Crowd.OpenAsync(house.Database, house.Clock.GetUtcNow(), a => a with { HasWaitingList = false }, Crowd.Group(Places));

    private static async Task<Answer[]> RushAsync(Nodes nodes, TestHouse house, string activity)
    {
        var people = await Crowd.JoinAsync(house.Database, Comers, house.Clock.GetUtcNow());
        return await Task.WhenAll(people.Select((p, i) => nodes.Of(i, p).SignUp(activity)));
    }

    private static Task<long> EnrolledAsync(TestHouse house, string activity) =>
        house.Number($"SELECT COUNT(*) FROM enrolments WHERE activity_id = '{activity}' AND state = 'enrolled'");
}

/// <summary>The house's node and another one.</summary>
internal sealed class Nodes
{
    private readonly HttpClient[] clients;

    public Nodes(TestHouse house)
    {
        var other = house.AnotherNode();
        clients = [house.NewHttp(), other.CreateClient()];
        Services = [house.Services, other.Services];
    }

    public IReadOnlyList<IServiceProvider> Services { get; }

    public Person Of(int number, Comer comer) => new(clients[number % 2], comer.Token);
}
