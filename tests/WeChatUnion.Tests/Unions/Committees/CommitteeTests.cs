using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions.Committees;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Unions.Committees;

public sealed class CommitteeOnSqlite(SqliteHouse house) : CommitteeTests(house), IClassFixture<SqliteHouse>;

public sealed class CommitteeOnMariaDb(MariaDbHouse house) : CommitteeTests(house), IClassFixture<MariaDbHouse>;

public abstract class CommitteeTests(TestHouse house)
{
    private const string Unions = "/api/v1/office/unions";

    private Task<Person> Town => house.Staff(Role.MembershipOfficer, "zhaipo");

    [Fact]
    public async Task A_committee_is_due_before_its_end_and_overdue_after_it_until_the_next_is_elected()
    {
        var id = await house.UnionId("jinsui");
        var made = (await Elect(await Town, id, 1, 1, "2023-11-30", 3)).MustBe(HttpStatusCode.Created);
        Assert.Equal(("2026-11-30", "due"), (made["endsOn"], made["term"]));
        Assert.Equal(4, made.Body.GetProperty("posts").GetArrayLength());
        Assert.Contains((await (await Town).Get($"{Unions}?term=due")).Items, u => u.GetProperty("id").GetString() == id);
        Assert.Empty((await (await Town).Get($"{Unions}?term=overdue")).Items);

        house.Clock.Advance(new DateTimeOffset(2026, 11, 30, 23, 59, 59, TimeSpan.FromHours(8)) - house.Clock.GetUtcNow());
        await MarkOverdue();
        Assert.Equal("established", (await (await Town).Get($"{Unions}/{id}"))["state"]);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        await MarkOverdue();
        await MarkOverdue();

        var overdue = await (await Town).Get($"{Unions}/{id}");
        Assert.Equal(("overdue", 3), (overdue["state"], overdue.Version));
        Assert.Equal("overdue", overdue.Body.GetProperty("changes")[0].GetProperty("kind").GetString());
        Assert.Contains((await (await Town).Get($"{Unions}?term=overdue&state=overdue")).Items, u => u.GetProperty("id").GetString() == id);
        (await Elect(await Town, id, 3, 1, "2026-11-30", 5)).MustBe(HttpStatusCode.Conflict, "term_taken");
        (await Elect(await Town, id, 3, 2, "2026-12-01", 5)).MustBe(HttpStatusCode.Created);
        var renewed = await (await Town).Get($"{Unions}/{id}");
        Assert.Equal(("established", "2031-12-01"), (renewed["state"], renewed.Body.GetProperty("committee").GetProperty("endsOn").GetString()));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM union_committees WHERE current_union_id = '{id}'"));
    }

    [Fact]
    public async Task A_vacant_chair_is_shown_with_its_three_months_until_somebody_takes_it()
    {
        var id = await house.UnionId("hongyuan");
        var officer = await house.Staff(Role.UnionChair, "xiaoji");
        (await Change(officer, id, 1, "2026-11-20", null)).MustBe(HttpStatusCode.Conflict, "no_committee");
        await Elect(officer, id, 1, 4, "2025-05-10", 3);
        Assert.Empty((await officer.Get($"{Unions}?chairVacant=true")).Items);
        (await Change(officer, id, 2, "2025-05-09", null)).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await Change(officer, id, 2, "2030-05-09", null)).MustBe(HttpStatusCode.BadRequest, "malformed");

        (await Change(officer, id, 2, "2026-11-20", null)).MustBe(HttpStatusCode.NoContent);
        var vacant = Assert.Single((await officer.Get($"{Unions}?chairVacant=true")).Items);
        Assert.Equal(("2026-11-20", "2027-02-20"), (vacant.GetProperty("chairVacantSince").GetString(), vacant.GetProperty("chairDueOn").GetString()));

        (await Change(officer, id, 3, "2026-11-22", "周主席")).MustBe(HttpStatusCode.NoContent);
        var union = await officer.Get($"{Unions}/{id}");
        Assert.Equal(JsonValueKind.Null, union.Body.GetProperty("committee").GetProperty("chairVacantSince").ValueKind);
        Assert.Empty((await officer.Get($"{Unions}?chairVacant=true")).Items);
        Assert.Equal(["chair", "chair_vacancy", "election"], union.Body.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task A_committee_has_its_refusals_and_one_of_twenty_records_it()
    {
        var id = await house.UnionId("tianlan");
        var officer = await house.Staff(Role.MembershipOfficer, "qiliying");
        (await Elect(officer, id, 1, 1, "2026-01-10", 4)).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await Elect(officer, id, 1, 1, "2030-01-10", 3)).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await Elect(await house.Staff(Role.MembershipOfficer, "tianlan"), id, 1, 1, "2026-01-10", 3)).MustBe(HttpStatusCode.Conflict, "union_above_needed");
        (await Elect(await house.Staff(Role.MembershipOfficer, "hongyuan"), id, 1, 1, "2026-01-10", 3)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await Elect(house.Anonymous(), id, 1, 1, "2026-01-10", 3)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await Elect(await house.Worker(), id, 1, 1, "2026-01-10", 3)).MustBe(HttpStatusCode.Forbidden, "not_allowed");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Elect(officer, id, 1, 1, "2026-01-10", 3)));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.MustBe(HttpStatusCode.Conflict, "changed_meanwhile"));
    }

    private static Task<Answer> Elect(Person by, string id, int version, int termNumber, string electedOn, int termYears) => by.Post(
        $"{Unions}/{id}/committees",
        new
        {
            version,
            termNumber,
            termYears,
            electedOn,
            chair = new { name = "吴主席", personKind = "worker", isFullTime = false, isDirectlyElected = true },
            members = new[]
            {
                new { body = "committee", post = "member", name = "郑委员" },
                new { body = "audit", post = "chair", name = "王主任" },
                new { body = "women", post = "chair", name = "冯主任" },
            },
        });

    private static Task<Answer> Change(Person by, string id, int version, string on, string? name) => by.Post(
        $"{Unions}/{id}/chair-changes",
        new { version, on, reason = "工作调动", name, personKind = name is null ? null : "worker", isFullTime = name is null ? (bool?)null : true, isDirectlyElected = name is null ? (bool?)null : false });

    private Task MarkOverdue() => house.Services.GetRequiredService<MarkOverdueTerms>().RunAsync(CancellationToken.None);
}
