using System.Globalization;
using System.Net;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class ApproveApplicationOnSqlite(SqliteHouse house) : ApproveApplicationTests(house), IClassFixture<SqliteHouse>
{
    protected override TestHouse NewHouse() => new SqliteHouse();
}

public sealed class ApproveApplicationOnMariaDb(MariaDbHouse house) : ApproveApplicationTests(house), IClassFixture<MariaDbHouse>
{
    protected override TestHouse NewHouse() => new MariaDbHouse();
}

public abstract class ApproveApplicationTests(TestHouse house)
{
    protected abstract TestHouse NewHouse();

    [Fact]
    public async Task An_approval_makes_a_member_on_this_day()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");

        var answer = (await officer.Post($"{applicant.OfficePath}/approval", new { version = applicant.Version })).MustBe(HttpStatusCode.OK);

        Assert.True(MemberNumber.IsValid(answer["memberNumber"]));
        Assert.StartsWith($"410721{house.Clock.Today().Year}", answer["memberNumber"], StringComparison.Ordinal);
        Assert.Equal(house.Clock.Today().Stored(), answer["joinedOn"]);
        Assert.Equal(await house.UnionId("jinsui"), answer["unionId"]);
        var mine = (await applicant.Get("/api/v1/me/membership")).Body;
        Assert.Equal("approved", mine.GetProperty("application").Text("state"));
        Assert.Equal("active", mine.GetProperty("membership").Text("state"));
        Assert.Equal(answer["memberNumber"], mine.GetProperty("membership").Text("memberNumber"));

        await using var db = house.Database.Open();
        var change = await db.MembershipChanges.SingleAsync(c => c.MembershipId == answer["membershipId"]);
        Assert.Equal(("01", answer["joinedOn"], answer["unionId"], null), (change.Kind, change.HappenedOn, change.ToUnionId, change.FromUnionId));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'approve_application' AND record_id = '{applicant.ApplicationId}'"));
    }

    [Fact]
    public async Task Membership_starts_on_the_civil_day_of_Xinxiang()
    {
        var (late, early) = (await house.Applicant("jinsui"), await house.Applicant("jinsui"));
        var tomorrow = house.Clock.Today().AddDays(1);
        house.Clock.Advance(new DateTimeOffset(tomorrow, TimeOnly.MinValue, TimeSpan.FromHours(8)) - house.Clock.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        Assert.Equal(tomorrow.AddDays(-1).Stored(), (await house.Approve(late))["joinedOn"]);

        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(tomorrow.Stored(), (await house.Approve(early))["joinedOn"]);
    }

    [Fact]
    public async Task Twenty_officers_at_once_make_one_member_with_one_number()
    {
        var applicant = await house.Applicant("jinsui");
        var answers = await ApproveAtOnce(house, applicant, 20);

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        foreach (var late in answers.Where(a => a.Status != HttpStatusCode.OK))
        {
            Assert.True(late.Code is "application_not_under_review" or "changed_meanwhile", late.Text);
            Assert.Equal("approved", late.Present.Text("state"));
        }

        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM memberships WHERE person_id = '{applicant.PersonId}'"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM membership_steps WHERE kind = 'approval' AND application_id = '{applicant.ApplicationId}'"));
    }

    [Fact]
    public async Task Control_without_guard_and_unique_indexes_one_applicant_becomes_several_members()
    {
        var own = NewHouse();
        await own.InitializeAsync();
        try
        {
            await own.DropUnique("memberships", "application_id");
            await own.DropUnique("memberships", "live_person_id");
            await own.DropUnique("memberships", "live_id_number_index");
            await own.DropIndex("memberships", "memberships_by_former_id_number");
            await own.DefeatApprovalGuard();
            long most = 0;
            for (var run = 0; run < 5 && most <= 1; run++)
            {
                var applicant = await own.Applicant("jinsui");
                await ApproveAtOnce(own, applicant, 5);
                most = await own.Number($"SELECT COUNT(*) FROM memberships WHERE person_id = '{applicant.PersonId}'");
            }

            Assert.True(most > 1, "The test above would not notice that guard and indexes are gone.");
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task One_officer_pressing_twenty_times_is_answered_alike()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        var (key, path) = (Guid.NewGuid().ToString("N"), $"{applicant.OfficePath}/approval");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => officer.Post(path, new { version = applicant.Version }, key)));

        Assert.All(answers, a => Assert.Equal(answers[0].Text, a.MustBe(HttpStatusCode.OK).Text));
        (await officer.Post(path, new { version = 1 }, key)).MustBe(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await officer.PostWithoutKey(path, new { version = 1 })).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
    }

    [Fact]
    public async Task Twenty_approvals_at_once_give_twenty_numbers_without_gap()
    {
        var applicants = new List<Applicant>();
        for (var i = 0; i < 20; i++)
        {
            applicants.Add(await house.Applicant(i % 2 == 0 ? "jinsui" : "hongyuan"));
        }

        var officer = await house.Officer("county");
        var answers = await Task.WhenAll(applicants.Select(a => officer.Post($"{a.OfficePath}/approval", new { version = a.Version })));

        var sequences = answers.Select(a => int.Parse(a.MustBe(HttpStatusCode.OK)["memberNumber"].AsSpan(10, 7), CultureInfo.InvariantCulture)).Order().ToArray();
        Assert.Equal(Enumerable.Range(sequences[0], 20), sequences);
        Assert.All(answers, a => Assert.True(MemberNumber.IsValid(a["memberNumber"])));
    }

    [Fact]
    public async Task A_refused_approval_uses_up_no_number()
    {
        var before = (await house.Approve(await house.Applicant("jinsui")))["memberNumber"];
        var taken = await house.Applicant("jinsui");
        await house.Execute(
            $"UPDATE memberships SET live_id_number_index = (SELECT open_id_number_index FROM membership_applications WHERE id = '{taken.ApplicationId}') WHERE member_number = '{before}'");
        (await (await house.Officer("jinsui")).Post($"{taken.OfficePath}/approval", new { version = taken.Version })).MustBe(HttpStatusCode.Conflict, "id_number_taken");
        Assert.Equal("submitted", (await taken.Get("/api/v1/me"))["applicationState"]);

        var after = (await house.Approve(await house.Applicant("jinsui")))["memberNumber"];
        Assert.Equal(
            int.Parse(before.AsSpan(10, 7), CultureInfo.InvariantCulture) + 1, int.Parse(after.AsSpan(10, 7), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Each_year_counts_from_one()
    {
        var newYear = new DateTimeOffset(house.Clock.Today().Year + 1, 1, 1, 0, 0, 0, TimeSpan.FromHours(8));
        house.Clock.Advance(newYear - house.Clock.GetUtcNow());
        var first = (await house.Approve(await house.Applicant("jinsui")))["memberNumber"];
        Assert.StartsWith($"410721{newYear.Year}0000001", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_approves_the_application_of_her_own_person()
    {
        var applicant = await house.Applicant("jinsui");
        var name = $"own-{applicant.PersonId[^8..]}";
        await house.AddStaffAsync(name, Role.MembershipOfficer, "county", applicant.PersonId);
        await RefusesOwn(await house.SignInStaff(name), applicant);
    }

    [Fact]
    public async Task Nobody_approves_an_application_she_filled_in_for_another()
    {
        var applicant = await house.Applicant("jinsui");
        var maker = await house.Newcomer();
        var name = $"maker-{maker.PersonId[^8..]}";
        await house.AddStaffAsync(name, Role.MembershipOfficer, "county", maker.PersonId);
        await house.Execute($"UPDATE membership_applications SET made_by = '{maker.PersonId}' WHERE id = '{applicant.ApplicationId}'");
        await RefusesOwn(await house.SignInStaff(name), applicant);
    }

    [Fact]
    public async Task Nobody_approves_an_application_with_her_own_id_number()
    {
        var applicant = await house.Applicant("jinsui");
        var sameHuman = await house.Newcomer(idNumber: applicant.IdNumber);
        (await sameHuman.FillIn("identity", sameHuman.IdentityStep())).MustBe(HttpStatusCode.OK);
        var name = $"same-{sameHuman.PersonId[^8..]}";
        await house.AddStaffAsync(name, Role.MembershipOfficer, "county", sameHuman.PersonId);
        await RefusesOwn(await house.SignInStaff(name), applicant);
    }

    [Fact]
    public async Task An_old_version_is_told_what_is_there_now()
    {
        var applicant = await house.Applicant("jinsui");
        var answer = (await (await house.Officer("jinsui")).Post($"{applicant.OfficePath}/approval", new { version = applicant.Version - 1 }))
            .MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        Assert.Equal($"{applicant.Version}", answer.Present.Text("version"));
        Assert.Equal("submitted", answer.Present.Text("state"));
    }

    [Fact]
    public async Task What_was_changed_after_she_read_it_is_not_approved()
    {
        var applicant = await house.Applicant("jinsui");
        var read = applicant.Version;
        var officer = await house.Officer("jinsui");
        (await officer.Post($"{applicant.OfficePath}/return", new { version = read, reason = "请补充岗位" })).MustBe(HttpStatusCode.NoContent);
        applicant.Version++;
        (await applicant.Submit()).MustBe(HttpStatusCode.OK);

        (await officer.Post($"{applicant.OfficePath}/approval", new { version = read })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
    }

    [Fact]
    public async Task An_application_is_approved_once()
    {
        var member = await house.Member("jinsui");
        var answer = (await (await house.Officer("jinsui")).Post($"{member.OfficePath}/approval", new { version = member.Version + 1 }))
            .MustBe(HttpStatusCode.Conflict, "application_not_under_review");
        Assert.Equal("approved", answer.Present.Text("state"));
    }

    [Fact]
    public async Task A_union_dissolved_meanwhile_takes_in_nobody()
    {
        var union = await house.NewUnion();
        var applicant = await house.Applicant(union);
        await house.Execute($"UPDATE unions SET state = 'dissolved' WHERE seed_key = '{union}'");
        (await (await house.Officer("county")).Post($"{applicant.OfficePath}/approval", new { version = applicant.Version })).MustBe(HttpStatusCode.Conflict, "union_not_open");
    }

    [Fact]
    public async Task The_town_and_the_county_and_a_chair_may_decide_and_nobody_else()
    {
        var village = await house.Applicant("xingzhuang");
        var body = new { version = village.Version };
        var path = $"{village.OfficePath}/approval";

        (await (await house.Officer("hongyuan")).Post(path, body)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Officer("zhaipo")).Post(path, body)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Staff(Role.Auditor, "county")).Post(path, body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.SystemAdministrator, "county")).Post(path, body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await village.Post(path, body)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await house.Anonymous().Post(path, body)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Staff(Role.UnionChair, "xiaoji")).Post(path, body)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_not_there_and_what_is_a_draft_look_alike()
    {
        var officer = await house.Officer("county");
        var draft = await house.Draft("jinsui");
        var missing = new string('0', 32);
        (await officer.Post($"{draft.OfficePath}/approval", new { version = draft.Version })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await officer.Post($"/api/v1/office/membership-applications/{missing}/approval", new { version = 1 })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await officer.Post("/api/v1/office/membership-applications/x/approval", new { version = 1 })).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"version":"4"}""")]
    [InlineData("""{"version":99999999999}""")]
    [InlineData("""{"version":4,"more":1}""")]
    [InlineData("")]
    public async Task A_malformed_body_is_refused(string body)
    {
        var officer = await house.Officer("county");
        (await officer.SendRaw(HttpMethod.Post, $"/api/v1/office/membership-applications/{new string('0', 32)}/approval", body)).MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    private static async Task RefusesOwn(Person officer, Applicant applicant)
    {
        (await officer.Post($"{applicant.OfficePath}/approval", new { version = applicant.Version })).MustBe(HttpStatusCode.Conflict, "own_application");
        (await officer.Post($"{applicant.OfficePath}/return", new { version = applicant.Version, reason = "请补充岗位" })).MustBe(HttpStatusCode.Conflict, "own_application");
        (await officer.Post($"{applicant.OfficePath}/rejection", new { version = applicant.Version, reason = "不在本单位" })).MustBe(HttpStatusCode.Conflict, "own_application");
        Assert.Equal("submitted", (await applicant.Get("/api/v1/me"))["applicationState"]);
    }

    private static async Task<Answer[]> ApproveAtOnce(TestHouse house, Applicant applicant, int count)
    {
        var officers = new List<Person>();
        for (var i = 0; i < count; i++)
        {
            var name = $"officer-{i}";
            if (await house.Number($"SELECT COUNT(*) FROM staff_accounts WHERE name = '{name}'") == 0)
            {
                await house.AddStaffAsync(name, Role.MembershipOfficer, "jinsui");
            }

            officers.Add(await house.SignInStaff(name));
        }

        return await Task.WhenAll(officers.Select(o => o.Post($"{applicant.OfficePath}/approval", new { version = applicant.Version })));
    }
}
