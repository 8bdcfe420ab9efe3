using System.Net;
using LinqToDB;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Activities.Attending;
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
}
