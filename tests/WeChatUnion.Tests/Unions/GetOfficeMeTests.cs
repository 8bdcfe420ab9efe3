using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Unions;

public sealed class GetOfficeMeOnSqlite(SqliteHouse house) : GetOfficeMeTests(house), IClassFixture<SqliteHouse>;

public sealed class GetOfficeMeOnMariaDb(MariaDbHouse house) : GetOfficeMeTests(house), IClassFixture<MariaDbHouse>;

public abstract class GetOfficeMeTests(TestHouse house)
{
    [Fact]
    public async Task Somebody_of_the_office_sees_her_grants_and_nobody_elses()
    {
        await house.Staff(Role.UnionChair, "xiaoji");
        var auditor = await house.Staff(Role.Auditor, "county");

        var me = (await auditor.Get("/api/v1/office/me")).MustBe(HttpStatusCode.OK);

        var grant = Assert.Single(me.Body.GetProperty("grants").EnumerateArray());
        Assert.Equal("auditor", grant.Text("role"));
        Assert.Equal("新乡县总工会", grant.Text("unionName"));
        Assert.Equal(await house.UnionId("county"), grant.Text("unionId"));
    }

    [Fact]
    public async Task A_worker_has_no_place_in_the_office_whatever_grants_she_holds()
    {
        var worker = await house.Newcomer();
        await house.AddStaffAsync("a-worker-too", Role.UnionChair, "county", worker.PersonId);

        (await worker.Get("/api/v1/office/me")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await house.Anonymous().Get("/api/v1/office/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }
}
