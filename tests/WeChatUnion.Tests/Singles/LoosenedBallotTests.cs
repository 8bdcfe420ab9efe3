using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

public sealed class LoosenedBallotOnSqlite(SinglesOnSqlite house) : LoosenedBallotTests(house), IClassFixture<SinglesOnSqlite>;

public sealed class LoosenedBallotOnMariaDb(SinglesOnMariaDb house) : LoosenedBallotTests(house), IClassFixture<SinglesOnMariaDb>
{
    private readonly SinglesOnMariaDb house = house;

    /// <summary>SQLite writes one transaction at a time, so there the turn has nothing to show.</summary>
    [Fact]
    public async Task Without_the_turn_plates_are_given_twice()
    {
        await house.DropUniqueOfTwo("plates", "activity_id", "sex");
        for (var run = 0; run < 5; run++)
        {
            var (id, comers) = await Evening.AnnounceAsync(house, 10);
            await Task.WhenAll(comers.Select(c => new Person(house.NewHttp(), c.Token).SignUp(id)));
            house.Clock.Advance(TimeSpan.FromMinutes(90));
            var host = await house.Staff(Role.ActivityOrganiser, "zhaipo");
            var code = (await host.Get($"/api/v1/office/activities/{id}/hall-code")).MustBe(HttpStatusCode.OK)["code"];
            using (house.Guards.Off("UPDATE activities SET turn = turn + 1 WHERE id = @Id", "SELECT @Id"))
            {
                await Task.WhenAll(comers.Select(c => new Person(house.NewHttp(), c.Token).PostWithoutKey($"/api/v1/activities/{id}/check-ins", new { code })));
            }

            if (await house.Number($"SELECT COUNT(DISTINCT sex, number) FROM plates WHERE activity_id = '{id}'") < comers.Count)
            {
                return;
            }
        }

        Assert.Fail("Nobody got a plate that somebody else had.");
    }
}

/// <summary>The controls: with its guards taken away the round loses what <see cref="BallotTests"/> hold it to.</summary>
public abstract class LoosenedBallotTests(TestHouse house)
{
    [Fact]
    public async Task Without_the_guard_a_ballot_is_taken_after_the_count()
    {
        var evening = await Evening.BeginAsync(house, 1);
        var (round, key) = await evening.OpenAsync();
        (await evening.CloseAsync(round, key)).MustBe(HttpStatusCode.OK);
        using var off = house.Guards.Off("AND activity_id = @activityId AND state = 'open'", "AND activity_id = @activityId");

        (await evening.CastAsync(round, "男01", "女01")).MustBe(HttpStatusCode.OK);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM ballots WHERE round_id = '{round}'"));
    }
}
