using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class ListContactsOnSqlite(SqliteHouse house) : ListContactsTests(house), IClassFixture<SqliteHouse>;

public sealed class ListContactsOnMariaDb(MariaDbHouse house) : ListContactsTests(house), IClassFixture<MariaDbHouse>;

public abstract class ListContactsTests(TestHouse house)
{
    [Fact]
    public async Task The_newest_stands_first_and_pages_follow_each_other()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        var path = $"{applicant.OfficePath}/contacts";
        for (var i = 1; i <= 5; i++)
        {
            (await officer.Post(path, new { way = "visit", contactedAt = house.Clock.GetUtcNow(), note = $"第 {i} 次" })).MustBe(HttpStatusCode.Created);
        }

        var first = (await officer.Get($"{path}?take=3")).MustBe(HttpStatusCode.OK);
        var second = (await officer.Get($"{path}?take=3&after={first.Next}")).MustBe(HttpStatusCode.OK);

        Assert.Equal(["第 5 次", "第 4 次", "第 3 次", "第 2 次", "第 1 次"], first.Items.Concat(second.Items).Select(i => i.Text("note")));
        Assert.Equal("工作人员", first.Items[0].Text("officerName"));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Contacts_with_somebody_else_are_not_shown()
    {
        var (one, other) = (await house.Applicant("jinsui"), await house.Applicant("jinsui"));
        var officer = await house.Officer("jinsui");
        (await officer.Post($"{one.OfficePath}/contacts", new { way = "phone", contactedAt = house.Clock.GetUtcNow(), note = "已联系" })).MustBe(HttpStatusCode.Created);
        Assert.Empty((await officer.Get($"{other.OfficePath}/contacts")).MustBe(HttpStatusCode.OK).Items);
    }

    [Fact]
    public async Task Only_officers_in_reach_read_contacts()
    {
        var applicant = await house.Applicant("jinsui");
        var path = $"{applicant.OfficePath}/contacts";
        (await (await house.Officer("hongyuan")).Get(path)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Staff(Role.Auditor, "county")).Get(path)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await applicant.Get(path)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await house.Anonymous().Get(path)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        Assert.Equal(["take"], (await (await house.Officer("jinsui")).Get($"{path}?take=0")).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        Assert.Equal(["after"], (await (await house.Officer("jinsui")).Get($"{path}?after=x")).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
    }
}
