using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members.Corrections;

public sealed class CorrectionOnSqlite(SqliteHouse house) : CorrectionTests(house), IClassFixture<SqliteHouse>;

public sealed class CorrectionOnMariaDb(MariaDbHouse house) : CorrectionTests(house), IClassFixture<MariaDbHouse>;

public abstract class CorrectionTests(TestHouse house)
{
    private const string Office = "/api/v1/office";
    private const string Form = "/api/v1/me/registration-form";

    private Task<Person> Officer => house.Staff(Role.MembershipOfficer, "jinsui");

    private Task<Person> Chair => house.Staff(Role.UnionChair, "jinsui");

    [Fact]
    public async Task An_officer_corrects_a_field_and_the_member_sees_what_and_by_whom()
    {
        var member = await house.MemberOf("jinsui");
        var made = (await Correct(await Officer, member, new { version = 1, reason = "调岗", post = "班长", education = "21" })).MustBe(HttpStatusCode.Created);
        Assert.Equal("applied", made["state"]);

        var change = (await member.Person.Get("/api/v1/me/membership-changes")).Items[^1];
        Assert.Equal(("10", "工作人员", "调岗"), (change.GetProperty("kind").GetString(), change.GetProperty("by").GetString(), change.GetProperty("reason").GetString()));
        var fields = change.GetProperty("corrections").EnumerateArray()
            .ToDictionary(c => c.GetProperty("field").GetString()!, c => (c.GetProperty("before").GetString(), c.GetProperty("after").GetString()));
        Assert.Equal(("操作工", "班长"), fields["post"]);
        Assert.Equal(("31", "21"), fields["education"]);
        var form = await member.Person.Get(Form);
        Assert.Equal((2, "班长"), (form.Version, form.Body.GetProperty("form").GetProperty("post").GetString()));
        (await Correct(await Officer, member, new { version = 2, reason = "调岗", post = "班长" })).MustBe(HttpStatusCode.Conflict, "nothing_to_correct");
        (await Correct(await Officer, member, new { version = 1, reason = "调岗", post = "组长" })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
    }

    [Fact]
    public async Task Name_and_ID_number_change_only_with_a_second_officer_and_the_old_values_are_sealed()
    {
        var member = await house.MemberOf("jinsui", "李旧名");
        var number = MadeUp.IdNumber();
        var (officer, chair) = (await Officer, await Chair);
        var made = (await Correct(officer, member, new { version = 1, reason = "身份证换领", name = "李新名", idNumber = number })).MustBe(HttpStatusCode.Created);
        Assert.Equal("proposed", made["state"]);
        Assert.Equal("李旧名", (await member.Person.Get("/api/v1/me"))["name"]);
        (await Correct(officer, member, new { version = 1, reason = "身份证换领", name = "李又名" })).MustBe(HttpStatusCode.Conflict, "correction_open");
        (await Confirm(officer, made["id"])).MustBe(HttpStatusCode.Conflict, "second_person_needed");
        Assert.Contains((await chair.Get($"{Office}/membership-corrections?take=50")).Items, c => c.GetProperty("id").GetString() == made["id"]);

        (await Confirm(chair, made["id"])).MustBe(HttpStatusCode.NoContent);
        (await Confirm(chair, made["id"])).MustBe(HttpStatusCode.Conflict, "correction_closed");

        var form = (await member.Person.Get(Form)).Body.GetProperty("form");
        Assert.Equal("李新名", form.GetProperty("name").GetString());
        Assert.Equal($"{number[..6]}********{number[14..]}", form.GetProperty("idNumber").GetString());
        Assert.Equal($"{number[6..10]}-{number[10..12]}-{number[12..14]}", form.GetProperty("birthOn").GetString());
        var changes = (await member.Person.Get("/api/v1/me/membership-changes")).Text;
        Assert.Contains($"{member.IdNumber[..6]}********{member.IdNumber[14..]}", changes, StringComparison.Ordinal);
        Assert.DoesNotContain(member.IdNumber, changes, StringComparison.Ordinal);
        var stored = string.Join('\n', await house.Words("SELECT CONCAT(before_sealed, after_sealed, COALESCE(reason_sealed, '')) FROM record_corrections"));
        foreach (var secret in new[] { member.IdNumber, number, "李旧名", "李新名", "身份证换领" })
        {
            Assert.DoesNotContain(secret, stored, StringComparison.Ordinal);
        }

        var found = await officer.PostWithoutKey($"{Office}/member-searches", new { idNumber = number, reason = "核实入会申请人" });
        Assert.Single(found.Items);
    }

    [Fact]
    public async Task An_ID_number_stays_unique_over_members_and_applicants_whatever_is_corrected()
    {
        var (member, colleague) = (await house.MemberOf("jinsui"), await house.MemberOf("hongyuan"));
        var applied = (await house.Applicant("jinsui")).IdNumber;
        var (officer, chair) = (await Officer, await Chair);

        foreach (var taken in new[] { colleague.IdNumber, applied })
        {
            var made = await Correct(officer, member, new { version = 1, reason = "号码登记有误", idNumber = taken });
            (await Confirm(chair, made["id"])).MustBe(HttpStatusCode.Conflict, "id_number_taken");
            (await chair.Post($"{Office}/membership-corrections/{made["id"]}/refusal", new { reason = "号码属于他人" })).MustBe(HttpStatusCode.NoContent);
        }

        Assert.Equal(1, await member.Version());
        (await Correct(officer, member, new { version = 1, reason = "号码登记有误", idNumber = "410721199003070011" })).MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    public async Task Two_members_corrected_to_one_ID_number_at_once_do_not_both_get_it()
    {
        var number = MadeUp.IdNumber();
        var members = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => house.MemberOf("jinsui")));
        var (officer, chair) = (await Officer, await Chair);
        var made = await Task.WhenAll(members.Select(m => Correct(officer, m, new { version = 1, reason = "号码登记有误", idNumber = number })));

        var answers = await Task.WhenAll(made.Select(m => Confirm(chair, m["id"])));

        Assert.Single(answers, a => a.Status == HttpStatusCode.NoContent);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.NoContent), a => a.MustBe(HttpStatusCode.Conflict, "id_number_taken"));
    }

    [Fact]
    public async Task A_member_updates_her_harmless_fields_and_what_was_there_is_kept()
    {
        var member = await house.MemberOf("jinsui");
        var body = new { version = 1, education = "21", post = "技术员", homeDivision = "410721102" };
        Assert.Equal(2, (await member.Person.Put(Form, body)).MustBe(HttpStatusCode.OK).Version);
        Assert.Equal(2, (await member.Person.Put(Form, body)).MustBe(HttpStatusCode.OK).Version);
        (await member.Person.Put(Form, new { version = 1, education = "31" })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await member.Person.Put(Form, new { version = 2, education = "31", name = "改名" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await member.Person.Put(Form, new { version = 2, education = "31", homeDivision = "999999999" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await member.Person.Put(Form, new { version = 2 })).MustBe(HttpStatusCode.BadRequest, "malformed");

        var change = (await member.Person.Get("/api/v1/me/membership-changes")).Items[^1];
        Assert.Equal(System.Text.Json.JsonValueKind.Null, change.GetProperty("by").ValueKind);

        // Three new values; what her form had and she left out is a correction as well.
        Assert.Equal(9, change.GetProperty("corrections").GetArrayLength());
        Assert.Equal("01 10", await member.Changes());
        (await (await house.Worker()).Put(Form, body)).MustBe(HttpStatusCode.Conflict, "not_a_member");
        (await (await house.Worker()).Get(Form)).MustBe(HttpStatusCode.Conflict, "not_a_member");
        (await house.Anonymous().Get(Form)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }

    [Fact]
    public async Task Twenty_corrections_at_once_on_one_version_write_one()
    {
        var member = await house.MemberOf("jinsui");
        var officer = await Officer;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0
            ? Correct(officer, member, new { version = 1, reason = "调岗", post = $"岗位{i}" })
            : member.Person.Put(Form, new { version = 1, education = "21", post = $"岗位{i}" })));

        Assert.Single(answers, a => a.Status is HttpStatusCode.Created or HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status is not (HttpStatusCode.Created or HttpStatusCode.OK)), a => a.MustBe(HttpStatusCode.Conflict, "changed_meanwhile"));
        Assert.Equal(("01 10", 2L), (await member.Changes(), await member.Version()));
    }

    [Fact]
    public async Task A_proposal_no_longer_fits_when_the_field_has_changed_meanwhile_and_others_decide_nothing()
    {
        var member = await house.MemberOf("jinsui", "孙一");
        var (officer, chair) = (await Officer, await Chair);
        var made = await Correct(officer, member, new { version = 1, reason = "姓名登记有误", name = "孙二" });
        await house.Execute($"UPDATE member_records SET name = '孙三' WHERE person_id = '{member.PersonId}'");

        (await Confirm(chair, made["id"])).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await Confirm(await house.Staff(Role.MembershipOfficer, "hongyuan"), made["id"])).MustBe(HttpStatusCode.NotFound, "not_found");
        (await Confirm(member.Person, made["id"])).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await Confirm(chair, Guid.NewGuid().ToString("N"))).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    private static Task<Answer> Correct(Person by, NewMember member, object body) => by.Post($"{Office}/memberships/{member.Id}/corrections", body);

    private static Task<Answer> Confirm(Person by, string id) => by.Post($"{Office}/membership-corrections/{id}/confirmation", new { });
}
