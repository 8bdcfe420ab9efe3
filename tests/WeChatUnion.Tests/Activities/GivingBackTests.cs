using System.Net;
using LinqToDB;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.Activities.Attending;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

public sealed class GivingBackOnSqlite(SqliteHouse house) : GivingBackTests(house), IClassFixture<SqliteHouse>;

public sealed class GivingBackOnMariaDb(MariaDbHouse house) : GivingBackTests(house), IClassFixture<MariaDbHouse>;

/// <summary>Who gives a place back, whose place is taken from her, and who keeps it.</summary>
public abstract class GivingBackTests(TestHouse house)
{
    [Fact]
    public async Task Who_is_checked_in_while_she_cancels_keeps_her_place()
    {
        var (activity, members) = await house.Gathered(1);
        await house.MoveToStart(activity, minutes: -30);

        var cancelled = await DuringCheckIn(
            await EnrolmentOf(members[0], activity), () => members[0].Delete($"{Stage.Mine}/{activity}/enrolment?consequence=accepted"));

        cancelled.MustBe(HttpStatusCode.Conflict, "checked_in_already");
        Assert.Equal("enrolled", await StateOf(members[0], activity));
        Assert.Equal("0", (await members[0].Get("/api/v1/me/conduct-points"))["total"]);
        Assert.Equal(1, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));
    }

    [Fact]
    public async Task Who_is_checked_in_is_not_taken_off_the_list()
    {
        var (activity, members) = await house.Gathered(2);
        await house.MoveToStart(activity, minutes: -30);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var (first, second) = (await EnrolmentOf(members[0], activity), await EnrolmentOf(members[1], activity));
        (await organiser.Scan(activity, await members[0].Code())).MustBe(HttpStatusCode.OK);

        var refused = (await Remove(organiser, activity, first)).MustBe(HttpStatusCode.Conflict, "checked_in_already");
        Assert.Contains("移除", refused["detail"], StringComparison.Ordinal);
        (await DuringCheckIn(second, () => Remove(organiser, activity, second))).MustBe(HttpStatusCode.Conflict, "checked_in_already");

        Assert.Equal(("enrolled", "enrolled"), (await StateOf(members[0], activity), await StateOf(members[1], activity)));
    }

    [Fact]
    public async Task Fewer_places_move_nobody_who_is_checked_in()
    {
        var (activity, members) = await house.Gathered(4);
        await house.MoveToStart(activity, minutes: -30);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.Scan(activity, await members[3].Code())).MustBe(HttpStatusCode.OK);
        (await organiser.Scan(activity, await members[2].Code())).MustBe(HttpStatusCode.OK);

        var refused = (await Shrink(organiser, activity, 1, 3)).MustBe(HttpStatusCode.Conflict, "capacity_below_taken");
        Assert.Contains("已签到", refused["detail"], StringComparison.Ordinal);
        Assert.Contains("2 个", refused["detail"], StringComparison.Ordinal);
        var during = await DuringCheckIn(await EnrolmentOf(members[1], activity), () => Shrink(organiser, activity, 3, 3));
        if (during.Status != HttpStatusCode.OK)
        {
            during.MustBe(HttpStatusCode.Conflict, "capacity_below_taken");
            during = await Shrink(organiser, activity, 3, 3);
        }

        Assert.Equal("1", during.MustBe(HttpStatusCode.OK)["moved"]);

        Assert.Equal(["waiting", "enrolled", "enrolled", "enrolled"], await Task.WhenAll(members.Select(m => StateOf(m, activity))));
    }

    /// <summary>
    /// Starts the deed while a check-in stands written but not committed, and commits that once the deed waits for it
    /// (SQLite lets one write after the other anyway).
    /// </summary>
    private async Task<Answer> DuringCheckIn(string enrolmentId, Func<Task<Answer>> deed)
    {
        var session = await house.Text($"SELECT s.id FROM activity_sessions s JOIN enrolments e ON e.activity_id = s.activity_id WHERE e.id = '{enrolmentId}'");
        var person = await house.Text($"SELECT person_id FROM enrolments WHERE id = '{enrolmentId}'");
        Task<Answer>? answer = null;
        await house.Database.TransactAsync(
            async db =>
            {
                await db.InsertAsync(new CheckInRow
                {
                    Id = Ids.New(), SessionId = session, EnrolmentId = enrolmentId, Way = CheckInWay.Search, MadeBy = person, At = house.Clock.Milliseconds(),
                });
                answer = deed();
                for (var look = 0; look < 200 && !house.Database.IsSqlite && !answer.IsCompleted && !await SomebodyWaits(); look++)
                {
                    await Task.Delay(25);
                }
            },
            CancellationToken.None);
        return await answer!;
    }

    private async Task<bool> SomebodyWaits() => await house.Number(
        "SELECT COUNT(*) FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id "
        + "WHERE p.db = DATABASE() AND t.trx_state = 'LOCK WAIT'") > 0;

    private static async Task<string> EnrolmentOf(Person person, string activity) => (await person.Get($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.OK)["id"];

    private static async Task<string> StateOf(Person person, string activity) =>
        (await person.Get($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.OK)["state"];

    private static Task<Answer> Remove(Person organiser, string activity, string enrolmentId) =>
        organiser.Post($"{Stage.Office}/{activity}/enrolments/{enrolmentId}/removal", new { reason = "资格不符" });

    private async Task<Answer> Shrink(Person organiser, string activity, int capacity, int version)
    {
        var group = await house.Text($"SELECT id FROM activity_groups WHERE activity_id = '{activity}'");
        return await organiser.Put($"{Stage.Office}/{activity}/groups/{group}/capacity", new { version, capacity, moveNewest = true, reason = "场地变动" });
    }
}
