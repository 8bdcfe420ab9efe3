using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Counselling;

public sealed class DoubleBookingOnSqlite(SqliteHouse house) : DoubleBookingTests(house), IClassFixture<SqliteHouse>
{
    protected override TestHouse NewHouse() => new SqliteHouse();
}

public sealed class DoubleBookingOnMariaDb(MariaDbHouse house) : DoubleBookingTests(house), IClassFixture<MariaDbHouse>
{
    protected override TestHouse NewHouse() => new MariaDbHouse();
}

/// <summary>Many press at once, over two nodes, for the same time, the same room, and talks of unequal length.</summary>
[Trait(Soak.Trait, "yes")]
public abstract class DoubleBookingTests(TestHouse house)
{
    private const int MostControlRuns = 5;

    private static readonly int Comers = Soak.Size(inRun: 16, inSoak: 200);

    protected abstract TestHouse NewHouse();

    [Fact]
    public async Task A_time_is_given_once_whoever_presses()
    {
        var (created, _) = await RushAsync(house, await CastAsync(house));
        Assert.True(created > 0);
        Assert.Empty(await house.DoubleBooked());
    }

    /// <summary>Whatever the code before it believed: it sees nothing taken here and takes no turn.</summary>
    [Fact]
    public async Task The_key_of_the_cells_alone_lets_nobody_in_twice()
    {
        await using var own = NewHouse();
        await own.InitializeAsync();
        var cast = await CastAsync(own);
        using (own.BlindToTalks())
        {
            await RushAsync(own, cast);
        }

        Assert.True(own.Guards.Hits > 0, "The statements read otherwise now.");
        Assert.Empty(await own.DoubleBooked());
    }

    [Fact]
    public async Task Control_without_that_key_times_are_given_twice()
    {
        await using var own = NewHouse();
        await own.InitializeAsync();
        await own.DropKeyOfCells();
        for (var run = 0; run < MostControlRuns; run++)
        {
            var cast = await CastAsync(own);
            using (own.BlindToTalks())
            {
                await RushAsync(own, cast);
            }

            if ((await own.DoubleBooked()).Count > 0)
            {
                return;
            }
        }

        Assert.Fail("The tests above would not notice that the key is gone.");
    }

    private sealed record Cast(Counsellor One, Counsellor Other, Person[] People);

    /// <summary>Two counsellors share a room; one holds talks of 50 minutes, the other of 80.</summary>
    private static async Task<Cast> CastAsync(TestHouse house)
    {
        var room = await house.Room();
        var longer = Practice.Form("周远");
        (longer["sessionMinutes"], longer["leadMinutes"]) = (80, 10);
        var (one, other) = (await house.Counsellor(week: Practice.Week(room)), await house.Counsellor(longer, Practice.Week(room)));
        var people = new List<Person>();
        for (var i = 0; i < Comers; i++)
        {
            people.Add(await house.Client());
        }

        // Every other one comes in through another node.
        var another = house.AnotherNode().CreateClient();
        return new Cast(one, other, [.. people.Select((p, i) => i % 4 < 2 ? p : new Person(another, p.Token))]);
    }

    private static async Task<(int Created, int Refused)> RushAsync(TestHouse house, Cast cast)
    {
        var day = 5;
        var times = new[] { "09:00", "10:00", "11:00" };
        var longTimes = new[] { "09:00", "10:40" };
        var answers = await Task.WhenAll(cast.People.Select((p, i) => i % 2 == 0
            ? p.Hold(cast.One.Id, house.In(day, times[i / 2 % times.Length]), i % 4 == 0 ? "in_person" : "video")
            : p.Hold(i % 3 == 0 ? null : cast.Other.Id, house.In(day, longTimes[i / 2 % longTimes.Length]), "in_person")));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created && (int)a.Status != 500 && a.Status != HttpStatusCode.ServiceUnavailable), a => a.MustBe(HttpStatusCode.Conflict, "slot_gone"));
        return (answers.Count(a => a.Status == HttpStatusCode.Created), answers.Count(a => a.Status == HttpStatusCode.Conflict));
    }
}
