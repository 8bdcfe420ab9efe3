using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class GetMeOnSqlite(SqliteHouse house) : GetMeTests(house), IClassFixture<SqliteHouse>;

public sealed class GetMeOnMariaDb(MariaDbHouse house) : GetMeTests(house), IClassFixture<MariaDbHouse>;

public abstract class GetMeTests(TestHouse house)
{
    [Fact]
    public async Task Me_tells_at_each_step_where_I_stand()
    {
        var worker = await house.Newcomer();
        await Is(worker, name: "", phone: "", application: "");

        (await worker.FillIn("identity", worker.IdentityStep())).MustBe(HttpStatusCode.OK);
        await Is(worker, worker.Name, phone: "", application: "draft");

        await worker.FillInAll(await house.UnionId("jinsui"));
        await house.BindPhone(worker);
        await worker.Consent();
        var phone = $"{worker.PhoneNumber[..3]}****{worker.PhoneNumber[7..]}";
        await Is(worker, worker.Name, phone, "draft");

        (await worker.Submit()).MustBe(HttpStatusCode.OK);
        await Is(worker, worker.Name, phone, "submitted");

        var officer = await house.Officer("jinsui");
        (await officer.Post($"{worker.OfficePath}/return", new { version = worker.Version, reason = "请补充岗位" })).MustBe(HttpStatusCode.NoContent);
        worker.Version++;
        await Is(worker, worker.Name, phone, "returned");

        (await worker.Submit()).MustBe(HttpStatusCode.OK);
        (await officer.Post($"{worker.OfficePath}/rejection", new { version = worker.Version, reason = "不在本单位" })).MustBe(HttpStatusCode.NoContent);
        await Is(worker, worker.Name, phone, "");

        worker.Version = null;
        await worker.FillInAll(await house.UnionId("hongyuan"));
        (await worker.Submit()).MustBe(HttpStatusCode.OK);
        var number = (await house.Approve(worker))["memberNumber"];
        var membership = (await Is(worker, worker.Name, phone, "")).Body.GetProperty("membership");
        Assert.Equal(number, membership.Text("memberNumber"));
        Assert.Equal("active", membership.Text("state"));
        Assert.Equal("宏远纺织有限公司工会委员会", membership.Text("unionName"));
    }

    [Fact]
    public async Task My_grants_are_told_each_once()
    {
        var member = await house.Member("jinsui");
        await house.AddStaffAsync($"me-{member.PersonId[^8..]}", Role.ActivityOrganiser, "jinsui", member.PersonId);
        await house.Execute($"INSERT INTO grants (person_id, role, union_id, granted_at) VALUES ('{member.PersonId}', 'auditor', '{await house.UnionId("county")}', 0)");

        var grants = (await member.Get("/api/v1/me")).MustBe(HttpStatusCode.OK).Body.GetProperty("grants").EnumerateArray().ToArray();

        Assert.Equal(["activity_organiser", "auditor"], grants.Select(g => g.Text("role")).Order());
    }

    [Fact]
    public async Task Nothing_of_a_colleague_is_in_my_answer()
    {
        var colleague = await house.Member("jinsui");
        var member = await house.Member("jinsui");

        foreach (var path in new[] { "/api/v1/me", "/api/v1/me/membership", "/api/v1/me/messages" })
        {
            var text = (await member.Get(path)).MustBe(HttpStatusCode.OK).Text;
            foreach (var value in new[] { colleague.Name, colleague.PersonId, colleague.ApplicationId, colleague.IdNumber[14..], colleague.PhoneNumber[^4..] })
            {
                Assert.DoesNotContain(value, WithoutIds(text, member), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task My_own_number_and_phone_are_never_told_in_full()
    {
        var member = await house.Member("jinsui");
        foreach (var path in new[] { "/api/v1/me", "/api/v1/me/membership", "/api/v1/me/messages" })
        {
            var answer = (await member.Get(path)).MustBe(HttpStatusCode.OK);
            Assert.DoesNotContain(member.IdNumber, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(member.PhoneNumber, answer.Text, StringComparison.Ordinal);
            Assert.True(answer.Response.Headers.CacheControl?.NoStore);
        }
    }

    [Fact]
    public async Task Only_a_worker_who_has_signed_in_has_a_me()
    {
        (await house.Anonymous().Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Officer("county")).Get("/api/v1/me")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }

    private static async Task<Answer> Is(Applicant worker, string name, string phone, string application)
    {
        var me = (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        Assert.Equal((worker.PersonId, name, phone, application), (me["personId"], me["name"], me["phone"], me["applicationState"]));
        return me;
    }

    /// <summary>Ids and member numbers of one's own may hold any four digits by chance.</summary>
    private static string WithoutIds(string text, Applicant member) =>
        System.Text.RegularExpressions.Regex.Replace(text.Replace(member.PersonId, "", StringComparison.Ordinal), "[0-9a-f]{32}|[0-9]{18}|[0-9]{4}-[0-9]{2}-[0-9]{2}[^\"]*", "");
}
