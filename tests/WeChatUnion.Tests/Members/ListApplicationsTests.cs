using System.Net;
using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class ListApplicationsOnSqlite(SqliteHouse house) : ListApplicationsTests(house), IClassFixture<SqliteHouse>;

public sealed class ListApplicationsOnMariaDb(MariaDbHouse house) : ListApplicationsTests(house), IClassFixture<MariaDbHouse>;

public abstract class ListApplicationsTests(TestHouse house)
{
    private const string Path = "/api/v1/office/membership-applications";

    [Fact]
    public async Task The_clock_reminds_at_day_ten_and_is_overdue_after_day_fifteen()
    {
        var union = await house.NewUnion();
        await house.Applicant(union);
        var (remindOn, dueOn) = await Days(10, 15);

        MoveTo(remindOn, -1);
        await Shows(union, 6, isReminded: false, isOverdue: false);
        MoveTo(remindOn);
        await Shows(union, 5, isReminded: true, isOverdue: false);
        MoveTo(dueOn.AddDays(1), -1);
        await Shows(union, 0, isReminded: true, isOverdue: false);
        Assert.Empty((await List(union, "?overdue=true")).Items);
        MoveTo(dueOn.AddDays(1));
        var late = await Shows(union, null, isReminded: true, isOverdue: true);
        Assert.True(late.GetProperty("workingDaysLeft").GetInt32() <= 0);
        Assert.Equal(dueOn.Stored(), late.Text("contactDueOn"));
        Assert.Single((await List(union, "?overdue=true")).Items);
    }

    [Fact]
    public async Task A_contact_stops_the_clock_and_a_resubmission_starts_it_anew()
    {
        var union = await house.NewUnion();
        var applicant = await house.Applicant(union);
        var (_, dueOn) = await Days(10, 15);
        MoveTo(dueOn.AddDays(1));
        var officer = await house.Officer(union);
        (await officer.Post($"{applicant.OfficePath}/contacts", new { way = "phone", contactedAt = house.Clock.GetUtcNow(), note = "已电话联系" })).MustBe(HttpStatusCode.Created);

        var item = await Shows(union, null, isReminded: false, isOverdue: false);
        Assert.Equal("True", item.Text("isContacted"));
        Assert.Empty((await List(union, "?overdue=true")).Items);

        house.Clock.Advance(TimeSpan.FromMinutes(1));
        (await officer.Post($"{applicant.OfficePath}/return", new { version = applicant.Version, reason = "请补充岗位" })).MustBe(HttpStatusCode.NoContent);
        applicant.Version++;
        (await applicant.Submit()).MustBe(HttpStatusCode.OK);
        Assert.Equal("False", (await Shows(union, 15, isReminded: false, isOverdue: false)).Text("isContacted"));
    }

    [Fact]
    public async Task What_is_due_first_stands_first_and_pages_follow_each_other()
    {
        var union = await house.NewUnion();
        var expected = new List<string>();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var sameDay = new List<string>();
            for (var i = 0; i < 3; i++)
            {
                sameDay.Add((await house.Applicant(union)).ApplicationId);
            }

            // The drafts of one day were opened one after the other, so their ids ascend.
            expected.AddRange(sameDay);
            house.Clock.Advance(TimeSpan.FromDays(4));
        }

        var seen = new List<string>();
        var after = "";
        while (after is not null)
        {
            var page = await List(union, "?take=2" + after);
            Assert.True(page.Items.Length <= 2);
            seen.AddRange(page.Ids);
            after = page.Next is { } mark ? $"&after={mark}" : null;
        }

        Assert.Equal(expected, seen);
        Assert.Equal(expected, (await List(union, "?take=50")).Ids);
    }

    [Fact]
    public async Task An_early_draft_that_is_handed_in_late_stands_where_it_is_due()
    {
        var union = await house.NewUnion();
        var late = await house.Draft(union);
        var first = await house.Applicant(union);
        house.Clock.Advance(TimeSpan.FromDays(4));
        (await late.Submit()).MustBe(HttpStatusCode.OK);

        Assert.Equal([first.ApplicationId, late.ApplicationId], (await List(union, "")).Ids);
    }

    [Fact]
    public async Task Each_state_has_its_list()
    {
        var union = await house.NewUnion();
        await house.Draft(union);
        var submitted = await house.Applicant(union);
        var approved = await house.Member(union);
        var (returned, rejected, withdrawn) = (await house.Applicant(union), await house.Applicant(union), await house.Applicant(union));
        var officer = await house.Officer(union);
        (await officer.Post($"{returned.OfficePath}/return", new { version = returned.Version, reason = "请补充岗位" })).MustBe(HttpStatusCode.NoContent);
        (await officer.Post($"{rejected.OfficePath}/rejection", new { version = rejected.Version, reason = "不在本单位" })).MustBe(HttpStatusCode.NoContent);
        (await withdrawn.Withdraw()).MustBe(HttpStatusCode.NoContent);

        Assert.Equal([submitted.ApplicationId], (await List(union, "")).Ids);
        Assert.Equal([submitted.ApplicationId], (await List(union, "?state=submitted")).Ids);
        Assert.Equal([returned.ApplicationId], (await List(union, "?state=returned")).Ids);
        Assert.Equal([rejected.ApplicationId], (await List(union, "?state=rejected")).Ids);
        Assert.Equal([approved.ApplicationId], (await List(union, "?state=approved")).Ids);
    }

    [Fact]
    public async Task Personal_values_are_masked()
    {
        var union = await house.NewUnion();
        var applicant = await house.Applicant(union, name: "欧阳明月");

        var answer = await List(union, "");

        var item = Assert.Single(answer.Items);
        Assert.Equal("欧阳*月", item.Text("name"));
        Assert.Equal($"410721********{applicant.IdNumber[14..]}", item.Text("idNumber"));
        Assert.Equal($"{applicant.PhoneNumber[..3]}****{applicant.PhoneNumber[7..]}", item.Text("phone"));
        Assert.Equal(await house.UnionId(union), item.Text("unionId"));
        Assert.DoesNotContain("欧阳明月", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(applicant.IdNumber, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(applicant.PhoneNumber, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_officer_sees_her_union_and_those_below_and_no_other_branch()
    {
        var village = await house.Applicant("xingzhuang");
        var other = await house.Applicant("jinsui");

        Assert.Contains(village.ApplicationId, (await List("xiaoji", "?take=50")).Ids);
        Assert.DoesNotContain(other.ApplicationId, (await List("xiaoji", "?take=50")).Ids);
        Assert.DoesNotContain(village.ApplicationId, (await List("hongyuan", "?take=50")).Ids);
        Assert.Empty((await List("tianlan", "?take=50")).Items);
    }

    [Fact]
    public async Task An_officer_of_two_branches_sees_both_once()
    {
        var (here, there) = (await house.NewUnion(), await house.NewUnion("xiaoji"));
        await house.AddStaffAsync($"two-{here}", Role.MembershipOfficer, here);
        await house.Execute(
            $"INSERT INTO grants (person_id, role, union_id, granted_at) SELECT person_id, 'union_chair', '{await house.UnionId(there)}', 0 FROM staff_accounts WHERE name = 'two-{here}'");
        await house.Execute(
            $"INSERT INTO grants (person_id, role, union_id, granted_at) SELECT person_id, 'union_chair', '{await house.UnionId(here)}', 0 FROM staff_accounts WHERE name = 'two-{here}'");
        var (first, second) = (await house.Applicant(here), await house.Applicant(there));

        var seen = (await (await house.SignInStaff($"two-{here}")).Get(Path)).MustBe(HttpStatusCode.OK).Ids;

        Assert.Equal([first.ApplicationId, second.ApplicationId], seen);
    }

    [Theory]
    [InlineData("?state=draft", "state")]
    [InlineData("?state=withdrawn", "state")]
    [InlineData("?state=Submitted", "state")]
    [InlineData("?take=0", "take")]
    [InlineData("?take=51", "take")]
    [InlineData("?after=x", "after")]
    [InlineData("?after=%00", "after")]
    [InlineData("?after=!!!!", "after")]
    [InlineData("?after=MjAyNi0xMS0yNHw", "after")]
    [InlineData("?after=0123456789abcdef0123456789abcdef", "after")]
    public async Task A_malformed_question_names_the_field(string query, string field) =>
        Assert.Equal([field], (await (await house.Officer("county")).Get(Path + query)).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);

    [Theory]
    [InlineData("?overdue=maybe")]
    [InlineData("?take=many")]
    public async Task A_value_of_the_wrong_kind_is_refused(string query) =>
        (await (await house.Officer("county")).Get(Path + query)).MustBe(HttpStatusCode.BadRequest, "malformed");

    [Fact]
    public async Task Only_officers_have_a_work_list()
    {
        (await house.Anonymous().Get(Path)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Worker()).Get(Path)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.Auditor, "county")).Get(Path)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.UnionChair, "county")).Get(Path)).MustBe(HttpStatusCode.OK);
    }

    private async Task<Answer> List(string union, string query) => (await (await house.Officer(union)).Get(Path + query)).MustBe(HttpStatusCode.OK);

    private async Task<JsonElement> Shows(string union, int? left, bool isReminded, bool isOverdue)
    {
        var item = Assert.Single((await List(union, "")).Items);
        Assert.Equal((isReminded, isOverdue), (item.GetProperty("isReminded").GetBoolean(), item.GetProperty("isOverdue").GetBoolean()));
        if (left is { } days)
        {
            Assert.Equal(days, item.GetProperty("workingDaysLeft").GetInt32());
        }

        return item;
    }

    private async Task<(DateOnly First, DateOnly Second)> Days(int first, int second)
    {
        await using var db = house.Database.Open();
        var calendar = await WorkingDays.ReadAsync(db, CancellationToken.None);
        return (calendar.After(house.Clock.Today(), first), calendar.After(house.Clock.Today(), second));
    }

    private void MoveTo(DateOnly day, int milliseconds = 0) => house.Clock.Advance(
        new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.FromHours(8)).AddMilliseconds(milliseconds) - house.Clock.GetUtcNow());
}
