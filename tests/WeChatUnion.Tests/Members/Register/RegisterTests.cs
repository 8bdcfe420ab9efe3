using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members.Register;

public sealed class RegisterOnSqlite(SqliteHouse house) : RegisterTests(house), IClassFixture<SqliteHouse>;

public sealed class RegisterOnMariaDb(MariaDbHouse house) : RegisterTests(house), IClassFixture<MariaDbHouse>;

public abstract class RegisterTests(TestHouse house)
{
    private const string Office = "/api/v1/office";

    [Fact]
    public async Task The_register_shows_a_union_with_those_below_masked_and_page_by_page_and_counts_its_members()
    {
        var members = new List<NewMember>();
        for (var i = 0; i < 5; i++)
        {
            members.Add(await house.MemberOf("tianlan", "欧阳明月"));
        }

        var elsewhere = await house.MemberOf("hongyuan");
        var officer = await house.Staff(Role.MembershipOfficer, "tianlan");
        await officer.Post($"{Office}/memberships/{members[0].Id}/retention", new { version = 1, reason = "retirement" });
        await officer.Post($"{Office}/memberships/{members[1].Id}/death", new { version = 1, diedOn = "2026-11-24" });
        await members[2].Person.Post("/api/v1/me/membership-transfers", new { unionId = await house.UnionId("hongyuan"), reason = "换了单位" });

        var town = await house.Staff(Role.UnionChair, "qiliying");
        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = (await town.Get($"{Office}/memberships?take=2{(next is null ? "" : $"&after={next}")}")).MustBe(HttpStatusCode.OK);
            seen.AddRange(page.Items.Select(i => i.GetProperty("id").GetString()!));
            next = page.Body.GetProperty("next").GetString();
            Assert.DoesNotContain(members[3].IdNumber, page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("欧阳明月", page.Text, StringComparison.Ordinal);
        }
        while (next is not null);

        Assert.Equal(members.Where(m => m != members[1]).Select(m => m.Id).Order(), seen);
        Assert.Equal([members[1].Id], (await town.Get($"{Office}/memberships?state=deceased")).Items.Select(i => i.GetProperty("id").GetString()));
        Assert.Equal([members[0].Id], (await town.Get($"{Office}/memberships?state=retained&unionId={await house.UnionId("tianlan")}")).Items.Select(i => i.GetProperty("id").GetString()));

        var counts = (await town.Get($"{Office}/unions/{await house.UnionId("qiliying")}/membership-counts")).MustBe(HttpStatusCode.OK);
        var women = members[2..].Count(m => (m.IdNumber[16] - '0') % 2 == 0);
        Assert.Equal(("3", $"{women}"), (counts["members"], counts["women"]));
        var states = counts.Body.GetProperty("states").EnumerateArray().ToDictionary(s => s.GetProperty("state").GetString()!, s => s.GetProperty("count").GetInt32());
        Assert.Equal((2, 1, 1, 1, 0), (states["active"], states["transferring"], states["retained"], states["deceased"], states["expelled"]));
        Assert.DoesNotContain(elsewhere.Id, seen);
    }

    [Fact]
    public async Task One_membership_is_opened_with_its_history_masked_and_audited()
    {
        var member = await house.MemberOf("jinsui", "周全");
        var officer = await house.Staff(Role.MembershipOfficer, "jinsui");
        var opened = (await officer.Get($"{Office}/memberships/{member.Id}")).MustBe(HttpStatusCode.OK);

        Assert.Equal((1, member.Number, "True", "True"), (opened.Version, opened["memberNumber"], opened["isCounted"], opened["votes"]));
        Assert.Equal("01", opened.Body.GetProperty("changes")[0].GetProperty("kind").GetString());
        Assert.DoesNotContain(member.IdNumber, opened.Text, StringComparison.Ordinal);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'read_membership' AND record_id = '{member.Id}'"));
    }

    [Fact]
    public async Task The_register_is_closed_to_everybody_else()
    {
        var member = await house.MemberOf("jinsui");
        var other = await house.Staff(Role.MembershipOfficer, "hongyuan");
        var organiser = await house.Staff(Role.ActivityOrganiser, "county");
        var jinsui = await house.UnionId("jinsui");
        foreach (var path in new[] { "memberships", $"memberships/{member.Id}", $"unions/{jinsui}/membership-counts", "membership-transfers", "membership-departures", "membership-corrections" })
        {
            (await house.Anonymous().Get($"{Office}/{path}")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
            (await member.Person.Get($"{Office}/{path}")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
            (await organiser.Get($"{Office}/{path}")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        }

        (await other.Get($"{Office}/memberships/{member.Id}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await other.Get($"{Office}/memberships?unionId={jinsui}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await other.Get($"{Office}/unions/{jinsui}/membership-counts")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await other.Get($"{Office}/memberships?unionId=x")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await other.Get($"{Office}/memberships?state=happy")).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await other.Get($"{Office}/memberships?take=51")).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await other.Get($"{Office}/memberships?after=x")).MustBe(HttpStatusCode.BadRequest, "malformed");
    }
}
