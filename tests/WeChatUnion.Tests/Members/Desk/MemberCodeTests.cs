using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members.Desk;

public sealed class MemberCodeOnSqlite(SqliteHouse house) : MemberCodeTests(house), IClassFixture<SqliteHouse>;

public sealed class MemberCodeOnMariaDb(MariaDbHouse house) : MemberCodeTests(house), IClassFixture<MariaDbHouse>;

public abstract class MemberCodeTests(TestHouse house)
{
    private const string Mine = "/api/v1/me/member-code";
    private const string Checks = "/api/v1/office/member-code-checks";

    [Theory]
    [InlineData(Role.MembershipOfficer)]
    [InlineData(Role.UnionChair)]
    [InlineData(Role.ActivityOrganiser)]
    public async Task Any_desk_reads_a_code_of_any_member(Role role)
    {
        var member = await house.MemberOf("hongyuan", "陈晓光");
        var code = (await member.Person.Get(Mine)).MustBe(HttpStatusCode.OK);
        Assert.Matches("^[0-9A-Z]{48}$", code["code"]);

        var seen = (await Check(await house.Staff(role, "jinsui"), code["code"])).MustBe(HttpStatusCode.OK);

        Assert.Equal(("陈*光", member.Number, "active", "宏远纺织有限公司工会委员会"), (seen["name"], seen["memberNumber"], seen["state"], seen["unionName"]));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'check_member_code' AND record_id = '{member.Id}'"));
    }

    [Fact]
    public async Task A_code_is_taken_in_its_minute_and_the_next_and_never_again()
    {
        var member = await house.MemberOf("jinsui");
        var officer = await house.Staff(Role.MembershipOfficer, "jinsui");
        var now = house.Clock.GetUtcNow();
        house.Clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerMinute));
        var code = (await member.Person.Get(Mine))["code"];
        house.Clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(code, (await member.Person.Get(Mine))["code"]);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotEqual(code, (await member.Person.Get(Mine))["code"]);

        house.Clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        (await Check(officer, code)).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await Check(officer, code)).MustBe(HttpStatusCode.Conflict, "member_code_expired");
        house.Clock.Advance(TimeSpan.FromDays(1));
        (await Check(await house.Staff(Role.MembershipOfficer, "jinsui"), code)).MustBe(HttpStatusCode.Conflict, "member_code_expired");
    }

    [Fact]
    public async Task A_forged_code_is_refused_whichever_letter_is_another()
    {
        var member = await house.MemberOf("jinsui");
        var officer = await house.Staff(Role.MembershipOfficer, "jinsui");
        var code = (await member.Person.Get(Mine))["code"];
        for (var i = 0; i < code.Length; i++)
        {
            var forged = code[..i] + (code[i] == '0' ? '1' : '0') + code[(i + 1)..];
            (await Check(officer, forged)).MustBe(HttpStatusCode.Conflict, "member_code_invalid");
        }

        foreach (var nonsense in new[] { code[..47], code + "0", code.ToLowerInvariant(), new string('U', 48), "会员码" })
        {
            (await Check(officer, nonsense)).MustBe(HttpStatusCode.Conflict, "member_code_invalid");
        }
    }

    [Fact]
    public async Task Who_left_has_no_code_and_her_last_one_says_so()
    {
        var member = await house.MemberOf("jinsui");
        var officer = await house.Staff(Role.MembershipOfficer, "jinsui");
        var code = (await member.Person.Get(Mine))["code"];
        await officer.Post($"/api/v1/office/memberships/{member.Id}/death", new { version = 1, diedOn = house.Clock.GetUtcNow().AddHours(8).ToString("yyyy-MM-dd", null) });

        (await Check(officer, code)).MustBe(HttpStatusCode.Conflict, "member_left");
        (await member.Person.Get(Mine)).MustBe(HttpStatusCode.Conflict, "not_a_member");
    }

    [Fact]
    public async Task Only_desks_check_codes()
    {
        var member = await house.MemberOf("jinsui");
        (await Check(house.Anonymous(), "x")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await Check(member.Person, "x")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await Check(await house.Staff(Role.Auditor, "county"), "x")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.MembershipOfficer, "jinsui")).PostWithoutKey(Checks, new { })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await house.Anonymous().Get(Mine)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }

    private static Task<Answer> Check(Person by, string code) => by.PostWithoutKey(Checks, new { code });
}
