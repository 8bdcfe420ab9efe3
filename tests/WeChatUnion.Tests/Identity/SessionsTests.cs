using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Identity;

public sealed class SessionsOnSqlite(SqliteHouse house) : SessionsTests(house), IClassFixture<SqliteHouse>;

public sealed class SessionsOnMariaDb(MariaDbHouse house) : SessionsTests(house), IClassFixture<MariaDbHouse>
{
    [Fact]
    public async Task A_session_that_another_node_knows_ends_there_at_once()
    {
        var worker = await House.Worker();
        using var elsewhere = House.AnotherNode().CreateClient();
        var there = new Person(elsewhere, worker.Token);
        (await there.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);

        (await worker.Delete("/api/v1/me/sessions/current")).MustBe(HttpStatusCode.NoContent);

        (await there.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }
}

public abstract class SessionsTests(TestHouse house)
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    protected TestHouse House => house;

    [Fact]
    public async Task A_person_sees_where_she_is_signed_in_newest_first()
    {
        var user = house.NewUser();
        var phone = await SignInFrom(user, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) MicroMessenger/8.0.50");
        house.Clock.Advance(TimeSpan.FromSeconds(5));
        var tablet = await SignInFrom(user, "Mozilla/5.0 (Linux; Android 15)");

        var sessions = (await tablet.Get("/api/v1/me/sessions")).MustBe(HttpStatusCode.OK).Items;

        Assert.Equal(["安卓手机", "iPhone · 微信 8.0.50"], sessions.Select(s => s.GetProperty("device").GetString()));
        Assert.Equal([true, false], sessions.Select(s => s.GetProperty("isCurrent").GetBoolean()));
        Assert.Equal(2, (await phone.Get("/api/v1/me/sessions")).Items.Length);
        var page = (await phone.Get("/api/v1/me/sessions?take=1")).MustBe(HttpStatusCode.OK);
        Assert.Equal(sessions[0].GetProperty("id").GetString(), page.Items.Single().GetProperty("id").GetString());
        var rest = (await phone.Get($"/api/v1/me/sessions?take=1&after={page["next"]}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(sessions[1].GetProperty("id").GetString(), rest.Items.Single().GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("take=0")]
    [InlineData("take=51")]
    [InlineData("take=many")]
    [InlineData("after=xyz")]
    public async Task A_page_that_does_not_exist_is_refused(string query) =>
        (await (await house.Worker()).Get($"/api/v1/me/sessions?{query}")).MustBe(HttpStatusCode.BadRequest, "malformed");

    [Fact]
    public async Task The_present_session_says_whose_it_is_and_until_when()
    {
        var worker = await house.Worker();
        var session = (await worker.Get("/api/v1/me/sessions/current")).MustBe(HttpStatusCode.OK);
        Assert.Equal("worker", session["kind"]);
        Assert.Equal((await worker.Get("/api/v1/me"))["personId"], session["personId"]);
        Assert.Equal(house.Clock.GetUtcNow().AddDays(30), session.Body.GetProperty("expiresAt").GetDateTimeOffset());
        Assert.EndsWith("+08:00", session["expiresAt"]);

        var officer = await house.Staff(Role.MembershipOfficer, "county");
        var staff = (await officer.Get("/api/v1/office/me/sessions/current")).MustBe(HttpStatusCode.OK);
        Assert.Equal("staff", staff["kind"]);
        Assert.Equal(house.Clock.GetUtcNow().AddMinutes(30), staff.Body.GetProperty("expiresAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Signing_out_here_leaves_the_other_phone_signed_in()
    {
        var user = house.NewUser();
        var (here, there) = (await house.Worker(user), await house.Worker(user));
        (await here.Delete("/api/v1/me/sessions/current")).MustBe(HttpStatusCode.NoContent);
        (await here.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await here.Delete("/api/v1/me/sessions/current")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await there.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_one_phone_from_another_ends_that_one()
    {
        var user = house.NewUser();
        var (lost, kept) = (await house.Worker(user), await house.Worker(user));
        var id = (await lost.Get("/api/v1/me/sessions/current"))["id"];

        (await kept.Delete($"/api/v1/me/sessions/{id}")).MustBe(HttpStatusCode.NoContent);

        (await lost.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await kept.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        (await kept.Delete($"/api/v1/me/sessions/{id}")).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_all_of_hers_and_nobody_elses()
    {
        var user = house.NewUser();
        Person[] hers = [await house.Worker(user), await house.Worker(user), await house.Worker(user)];
        var stranger = await house.Worker();

        (await hers[1].Delete("/api/v1/me/sessions")).MustBe(HttpStatusCode.NoContent);

        foreach (var phone in hers)
        {
            (await phone.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        }

        (await stranger.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Somebody_elses_session_is_not_there()
    {
        var (worker, stranger) = (await house.Worker(), await house.Worker());
        var id = (await worker.Get("/api/v1/me/sessions/current"))["id"];
        var strange = (await stranger.Delete($"/api/v1/me/sessions/{id}")).MustBe(HttpStatusCode.NotFound, "not_found");
        var absent = (await stranger.Delete($"/api/v1/me/sessions/{new string('0', 32)}")).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(absent["detail"], strange["detail"]);
        (await stranger.Delete("/api/v1/me/sessions/xyz")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Her_worker_sessions_and_her_staff_sessions_are_kept_apart()
    {
        var worker = await house.Worker();
        var personId = (await worker.Get("/api/v1/me"))["personId"];
        var name = "both-" + house.NewUser();
        await house.AddStaffAsync(name, Role.UnionChair, "county", personId);
        var staff = await house.SignInStaff(name);
        var id = (await worker.Get("/api/v1/me/sessions/current"))["id"];

        Assert.Single((await staff.Get("/api/v1/office/me/sessions")).Items);
        (await staff.Delete($"/api/v1/office/me/sessions/{id}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await worker.Get("/api/v1/office/me")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await worker.Get("/api/v1/office/membership-applications")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await staff.Get("/api/v1/me")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await staff.Delete("/api/v1/me/sessions")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await staff.Delete("/api/v1/office/me/sessions")).MustBe(HttpStatusCode.NoContent);
        (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_worker_stays_signed_in_for_thirty_days_from_the_last_use()
    {
        var (used, idle) = (await house.Worker(), await house.Worker());
        house.Clock.Advance(TimeSpan.FromDays(30) - Instant);
        (await used.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(Instant);
        (await idle.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        Assert.Single((await used.Get("/api/v1/me/sessions")).Items);

        house.Clock.Advance(TimeSpan.FromDays(30) - Instant - Instant);
        (await used.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Staff_are_signed_out_after_thirty_minutes_without_use()
    {
        var (used, idle) = (await house.Staff(Role.Auditor, "county"), await house.Staff(Role.Auditor, "county"));
        house.Clock.Advance(TimeSpan.FromMinutes(30) - Instant);
        (await used.Get("/api/v1/office/me")).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(Instant);
        (await idle.Get("/api/v1/office/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await used.Get("/api/v1/office/me")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Staff_are_signed_out_after_twelve_hours_however_busy_they_are()
    {
        var officer = await house.Staff(Role.Auditor, "county");
        for (var used = 0; used < 35; used++)
        {
            house.Clock.Advance(TimeSpan.FromMinutes(20));
            (await officer.Get("/api/v1/office/me")).MustBe(HttpStatusCode.OK);
        }

        house.Clock.Advance(TimeSpan.FromMinutes(20) - Instant);
        (await officer.Get("/api/v1/office/me")).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(Instant);
        (await officer.Get("/api/v1/office/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }

    [Fact]
    public async Task A_copy_in_the_cache_does_not_outlive_the_row_when_it_is_marked_as_seen()
    {
        var worker = await house.Worker();
        var id = (await worker.Get("/api/v1/me/sessions/current"))["id"];
        await house.Execute($"DELETE FROM sessions WHERE id = '{id}'");

        house.Clock.Advance(TimeSpan.FromHours(2));

        (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x")]
    [InlineData("Bearer x, Bearer y")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer 会员")]
    [InlineData("Bearer ' OR 1=1 --")]
    public async Task Junk_in_place_of_a_token_is_nobody(string header)
    {
        using var http = house.NewHttp();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        var answer = (await new Person(http, null).Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        Assert.Equal("Bearer", answer.Response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(100_000)]
    public async Task A_token_of_any_length_that_nobody_got_is_nobody(int length) =>
        (await new Person(house.NewHttp(), new string('t', length)).Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");

    [Fact]
    public async Task What_is_told_to_one_person_is_stored_nowhere_on_the_way()
    {
        var worker = await house.Worker();
        foreach (var path in new[] { "/api/v1/me", "/api/v1/me/sessions", "/api/v1/office/me", "/api/v1/nowhere", "/api/v1/me/sessions?take=0" })
        {
            Assert.True((await worker.Get(path)).Response.Headers.CacheControl?.NoStore, path);
        }
    }

    [Fact]
    public async Task The_token_itself_is_written_nowhere()
    {
        var worker = await house.Worker();
        (await worker.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM sessions WHERE token_hash = '{worker.Token}'"));
        Assert.DoesNotContain(house.Log, line => line.Contains(worker.Token!, StringComparison.Ordinal));
    }

    private async Task<Person> SignInFrom(string user, string agent)
    {
        var http = house.NewHttp();
        http.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
        var session = await new Person(http, null).PostWithoutKey("/api/v1/sessions", new { code = house.WeChat.IssueLoginCode(user) });
        return new Person(http, session.MustBe(HttpStatusCode.Created)["token"]);
    }
}
