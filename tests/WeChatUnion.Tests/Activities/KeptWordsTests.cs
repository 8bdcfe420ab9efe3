using System.Net;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Activities;

/// <summary>What is kept of reasons and of searches: the words sealed, and where somebody looked.</summary>
public abstract partial class OrganisingTests
{
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
