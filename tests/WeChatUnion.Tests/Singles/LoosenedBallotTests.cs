using System.Net;
using LinqToDB;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Entries;
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

    /// <summary>What <see cref="LoosenedBallotTests.Who_takes_her_consent_back_while_she_hands_in_leaves_no_ballot"/> would see.</summary>
    [Fact]
    public async Task Without_the_turn_of_the_withdrawal_a_ballot_outlives_the_consent()
    {
        var evening = await Evening.BeginAsync(house, 1);
        var (round, _) = await evening.OpenAsync();
        using var off = house.Guards.Off("WHERE state = 'open'\n    AND EXISTS", "WHERE state = 'never'\n    AND EXISTS");
        (await CastWhileWithdrawingAsync(evening, round)).MustBe(HttpStatusCode.OK);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM ballots WHERE round_id = '{round}'"));
        Assert.True(house.Guards.Hits > 0);
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

    [Fact]
    public async Task Who_takes_her_consent_back_while_she_hands_in_leaves_no_ballot()
    {
        var evening = await Evening.BeginAsync(house, 1);
        var (round, _) = await evening.OpenAsync();
        (await CastWhileWithdrawingAsync(evening, round)).MustBe(HttpStatusCode.Conflict, "singles_consent_needed");
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM ballots WHERE round_id = '{round}'"));

        // The control: it is the consent that was missing.
        await EntryTests.AgreeAsync(evening.Guests["女01"], SinglesConsents.Purpose);
        (await evening.CastAsync(round, "女01", "男01")).MustBe(HttpStatusCode.OK);
    }

    /// <summary>女01 hands in while her withdrawal is written and not committed.</summary>
    private protected Task<Answer> CastWhileWithdrawingAsync(Evening evening, string round)
    {
        var her = evening.Comers[1].PersonId;
        return house.AnswerMeanwhile(
            async db =>
            {
                var now = house.Clock.GetUtcNow().ToUnixTimeMilliseconds();
                await db.Consents.Where(c => c.PersonId == her && c.LivePurpose == SinglesConsents.Purpose)
                    .Set(c => c.WithdrawnAt, now).Set(c => c.LivePurpose, (string?)null).UpdateAsync();
                await SinglesConsents.BeforeErasingAsync(db, her, now, CancellationToken.None);
            },
            () => evening.CastAsync(round, "女01", "男01"));
    }
}
