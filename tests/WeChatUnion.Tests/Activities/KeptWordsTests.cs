using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Activities;

/// <summary>What is kept of reasons and of searches: the words sealed, and where somebody looked.</summary>
public abstract partial class OrganisingTests
{
    [Fact]
    public async Task Reasons_of_an_activity_are_kept_sealed_and_read_back()
    {
        const string Reason = "王某家中有事";
        var (organiser, chair) = (await Organiser(), await house.Staff(Role.UnionChair, "zhaipo"));
        var form = await house.Form();
        var id = (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.Created)["id"];
        (await organiser.Post($"{Stage.Office}/{id}/submission", new { version = 1 })).MustBe(HttpStatusCode.NoContent);
        (await chair.Post($"{Stage.Office}/{id}/return", new { version = 2, reason = Reason })).MustBe(HttpStatusCode.NoContent);
        (await organiser.Post($"{Stage.Office}/{id}/submission", new { version = 3 })).MustBe(HttpStatusCode.NoContent);
        (await chair.Post($"{Stage.Office}/{id}/approval", new { version = 4 })).MustBe(HttpStatusCode.NoContent);
        (await SetCapacity(organiser, id, 5, version: 5)).MustBe(HttpStatusCode.OK);
        (await organiser.Post($"{Stage.Office}/{id}/cancellation", new { version = 6, reason = Reason })).MustBe(HttpStatusCode.NoContent);

        var steps = (await organiser.Get($"{Stage.Office}/{id}")).Body.GetProperty("steps").EnumerateArray().Select(s => s.Text("reason"));
        Assert.Equal(["", Reason, "", "", "场地变动", Reason], steps);
        var stored = await house.Words($"SELECT COALESCE(reason_sealed, '') FROM activity_steps WHERE activity_id = '{id}' ORDER BY id");
        Assert.Equal(6, stored.Count);
        Assert.Equal(3, stored.Count(s => s.Length > 0));
        Assert.DoesNotContain(stored, s => s.Contains("家中", StringComparison.Ordinal) || s.Contains("场地", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_search_at_the_door_is_written_down_with_its_activity()
    {
        var activity = await house.Open();
        var organiser = await Organiser();
        (await organiser.PostWithoutKey($"{Stage.Office}/{activity}/enrolment-searches", new { name = "职" })).MustBe(HttpStatusCode.OK);
        Assert.Equal([$"{activity} by_name"], await house.Words(
            $"SELECT {(house.Database.IsSqlite ? "record_id || ' ' || record_kind" : "CONCAT(record_id, ' ', record_kind)")} FROM audit_entries WHERE deed = 'search_enrolments' AND record_id = '{activity}'"));
    }
}
