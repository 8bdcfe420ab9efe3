using System.Net;
using LinqToDB.Data;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Unions.Records;

public sealed class UnionRecordOnSqlite(SqliteHouse house) : UnionRecordTests(house), IClassFixture<SqliteHouse>;

public sealed class UnionRecordOnMariaDb(MariaDbHouse house) : UnionRecordTests(house), IClassFixture<MariaDbHouse>;

public abstract class UnionRecordTests(TestHouse house)
{
    private const string Unions = "/api/v1/office/unions";
    private static int count;

    private Task<Person> County => house.Staff(Role.MembershipOfficer, "county");

    private Task<Person> CountyChair => house.Staff(Role.UnionChair, "county");

    [Fact]
    public async Task A_union_is_recorded_by_one_officer_above_and_established_by_another()
    {
        var (officer, chair) = (await County, await CountyChair);
        var details = Details();
        details = details with { UnionCreditCode = CreditCode("81410721MC9000" + Number()) };
        var made = (await Create(officer, "zhaipo", details)).MustBe(HttpStatusCode.Created);
        Assert.Equal("preparing", made["state"]);
        (await Create(officer, "zhaipo", Details() with { UnionCreditCode = details.UnionCreditCode })).MustBe(HttpStatusCode.Conflict, "credit_code_taken");

        (await Establish(officer, made["id"], 1)).MustBe(HttpStatusCode.Conflict, "second_person_needed");
        (await Establish(chair, made["id"], 2)).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await Establish(chair, made["id"], 1)).MustBe(HttpStatusCode.NoContent);
        (await Establish(chair, made["id"], 2)).MustBe(HttpStatusCode.Conflict, "wrong_union_state");

        var union = (await officer.Get($"{Unions}/{made["id"]}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(("established", "翟坡镇总工会"), (union["state"], union["parentName"]));
        Assert.Equal("新县工〔2026〕9号", union.Body.GetProperty("details").GetProperty("approvalNumber").GetString());
        Assert.Equal(["establishment", "creation"], union.Body.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("kind").GetString()));
        (await (await house.Staff(Role.MembershipOfficer, "zhaipo")).Get($"{Unions}/{made["id"]}")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task No_union_records_or_closes_itself_and_none_another_branch()
    {
        var own = await house.Staff(Role.MembershipOfficer, "xingzhuang");
        var other = await house.Staff(Role.MembershipOfficer, "hongyuan");
        var id = await house.UnionId("xingzhuang");
        var details = Details();
        (await own.Post($"{Unions}/{id}/closure", new { version = 1, reason = "单位注销" })).MustBe(HttpStatusCode.Conflict, "union_above_needed");
        (await own.Put($"{Unions}/{id}", new { version = 1, details })).MustBe(HttpStatusCode.Conflict, "union_above_needed");
        (await Create(own, "xiaoji", details)).MustBe(HttpStatusCode.Conflict, "parent_not_open");
        (await other.Post($"{Unions}/{id}/closure", new { version = 1, reason = "单位注销" })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await other.Get($"{Unions}/{id}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await County).Post($"{Unions}/{await house.UnionId("county")}/closure", new { version = 1, reason = "单位注销" }))
            .MustBe(HttpStatusCode.Conflict, "union_above_needed");
        (await house.Anonymous().Get(Unions)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Worker()).Get(Unions)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.Auditor, "county")).Get($"{Unions}/{id}")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }

    [Fact]
    public async Task Wrong_details_are_named_field_by_field()
    {
        var officer = await County;
        var wrong = Details() with
        {
            Name = "金穗工会",
            EmployerCreditCode = "81410721MC9000115A",
            UnionCreditCode = "91410721MA90000113",
            Employees = 10,
            WomenEmployees = 11,
            DivisionCode = "999999",
            ApprovedOn = "2030-01-01",
        };
        var answer = (await Create(officer, "zhaipo", wrong)).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal(
            ["approvedOn", "divisionCode", "employerCreditCode", "name", "unionCreditCode", "womenEmployees"],
            answer.Body.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
        (await Create(officer, "zhaipo", Details() with { Type = "99" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await officer.Post(Unions, new { parentId = "x" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await officer.Get($"{Unions}?state=gone")).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await officer.Get($"{Unions}?term=gone")).MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    public async Task A_change_is_written_once_with_its_fields_and_the_version_decides()
    {
        var officer = await County;
        var details = Details();
        var id = await Founded("zhaipo", details);
        var changed = details with { Employees = 120, WomenEmployees = 40, Industry = "D", ApprovalNumber = "新县工〔2026〕9号", ApprovedOn = "2026-11-01" };
        Assert.Equal(3, (await officer.Put($"{Unions}/{id}", new { version = 2, details = changed })).MustBe(HttpStatusCode.OK).Version);
        Assert.Equal(3, (await officer.Put($"{Unions}/{id}", new { version = 2, details = changed })).MustBe(HttpStatusCode.OK).Version);
        (await officer.Put($"{Unions}/{id}", new { version = 2, details })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        var change = (await officer.Get($"{Unions}/{id}")).Body.GetProperty("changes")[0];
        Assert.Equal(["employees", "industry", "womenEmployees"], change.GetProperty("fields").EnumerateArray().Select(f => f.GetString()!).Order());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            officer.Put($"{Unions}/{id}", new { version = 3, details = changed with { Employees = 200 + i } })));
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_moved_union_takes_those_below_with_it_and_reach_follows()
    {
        var officer = await County;
        var middle = await Founded("zhaipo", Details());
        var low = await Founded(middle, Details());
        var (zhaipo, xiaoji) = (await house.Staff(Role.MembershipOfficer, "zhaipo"), await house.Staff(Role.MembershipOfficer, "xiaoji"));
        (await xiaoji.Get($"{Unions}/{low}")).MustBe(HttpStatusCode.NotFound);

        (await Move(officer, middle, 2, low)).MustBe(HttpStatusCode.Conflict, "union_cycle");
        (await Move(officer, middle, 2, middle)).MustBe(HttpStatusCode.Conflict, "union_cycle");
        (await Move(zhaipo, middle, 2, await house.UnionId("xiaoji"))).MustBe(HttpStatusCode.Conflict, "parent_not_open");
        (await Move(officer, middle, 2, await house.UnionId("xiaoji"))).MustBe(HttpStatusCode.OK);
        (await Move(officer, middle, 2, await house.UnionId("xiaoji"))).MustBe(HttpStatusCode.OK);

        (await xiaoji.Get($"{Unions}/{low}")).MustBe(HttpStatusCode.OK);
        (await zhaipo.Get($"{Unions}/{low}")).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(4, await house.Number($"SELECT COUNT(*) FROM union_ancestors WHERE union_id = '{low}'"));
        await AncestorsFollowTheParents();
    }

    [Fact]
    public async Task Moves_and_foundings_at_once_leave_one_tree_without_a_circle()
    {
        var officer = await County;
        for (var round = 0; round < 3; round++)
        {
            var (a, b) = (await Founded("zhaipo", Details()), await Founded("zhaipo", Details()));
            var answers = await Task.WhenAll(
                Move(officer, a, 2, b), Move(officer, b, 2, a), Move(officer, a, 2, await house.UnionId("xiaoji")),
                Create(officer, a, Details()), Create(officer, b, Details()), Create(officer, a, Details()));

            Assert.All(answers.Take(3), x => Assert.Contains(x.Code, new[] { null, "union_cycle", "changed_meanwhile" }));
            Assert.All(answers.Skip(3), x => x.MustBe(HttpStatusCode.Created));
            await AncestorsFollowTheParents();
        }
    }

    /// <summary>The control of the test above: without the tree's turn two moves see the old tree, and a circle closes.</summary>
    [Fact]
    public async Task Control_without_the_turn_two_moves_close_a_circle()
    {
        for (var run = 0; run < 5; run++)
        {
            var (a, b) = (await Founded("zhaipo", Details()), await Founded("zhaipo", Details()));
            using var both = new Barrier(2);
            await Task.WhenAll(Task.Run(() => MoveUnguarded(a, b, both)), Task.Run(() => MoveUnguarded(b, a, both)));
            var parents = await house.Words($"SELECT parent_id FROM unions WHERE id IN ('{a}', '{b}') ORDER BY id");
            var isCircle = parents.Order().SequenceEqual(new[] { a, b }.Order());
            await house.Execute($"UPDATE unions SET parent_id = '{await house.UnionId("zhaipo")}' WHERE id IN ('{a}', '{b}')");
            if (isCircle)
            {
                return;
            }
        }

        Assert.Fail("Five runs without the turn closed no circle: the race does not happen here.");
    }

    [Fact]
    public async Task A_union_closes_when_its_members_have_a_place_to_go()
    {
        var officer = await County;
        var details = Details() with { UnionCreditCode = CreditCode("81410721MC9000" + Number()) };
        var id = await Founded("xiaoji", details);
        await house.Execute($"UPDATE unions SET seed_key = 'closing{id[^6..]}' WHERE id = '{id}'");
        var member = await house.MemberOf("closing" + id[^6..]);
        var moving = await house.MemberOf("jinsui");
        await moving.Person.Post("/api/v1/me/membership-transfers", new { unionId = id, reason = "换了单位" });
        var below = await Founded(id, Details());
        (await Close(officer, id, 2)).MustBe(HttpStatusCode.Conflict, "unions_below");
        (await Close(officer, below, 2)).MustBe(HttpStatusCode.NoContent);
        (await Close(officer, id, 2)).MustBe(HttpStatusCode.Conflict, "members_left");
        (await Close(officer, id, 2, id)).MustBe(HttpStatusCode.Conflict, "target_not_open");
        (await Close(officer, id, 2, below)).MustBe(HttpStatusCode.Conflict, "target_not_open");

        (await Close(officer, id, 2, await house.UnionId("holding"))).MustBe(HttpStatusCode.NoContent);

        Assert.Equal((await house.UnionId("holding"), "active", "01 03 02"), (await member.UnionId(), await member.State(), await member.Changes()));
        Assert.Equal(("active", "01"), (await moving.State(), await moving.Changes()));
        (await Close(officer, id, 3)).MustBe(HttpStatusCode.Conflict, "wrong_union_state");
        (await member.Person.Post("/api/v1/me/membership-transfers", new { unionId = id, reason = "换了单位" })).MustBe(HttpStatusCode.Conflict, "union_not_open");
        await Founded("xiaoji", details);
    }

    [Fact]
    public async Task Somebody_who_is_approved_while_the_union_closes_is_not_left_behind()
    {
        var officer = await County;
        for (var round = 0; round < 3; round++)
        {
            var id = await Founded("xiaoji", Details());
            var key = "racing" + id[^6..];
            await house.Execute($"UPDATE unions SET seed_key = '{key}' WHERE id = '{id}'");
            var applicant = await house.Applicant(key);

            var answers = await Task.WhenAll(
                officer.Post($"{applicant.OfficePath}/approval", new { version = applicant.Version }),
                Close(officer, id, 2, await house.UnionId("holding")));

            answers[1].MustBe(HttpStatusCode.NoContent);
            Assert.Contains(answers[0].Code, new[] { null, "union_not_open" });
            Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM memberships WHERE union_id = '{id}' AND live_person_id IS NOT NULL"));
        }
    }

    private static string Number() => Interlocked.Increment(ref count).ToString("D3", null);

    private static UnionForm Details() => new(
        $"演示单位{Number()}工会委员会", "05", "410721101", "演示单位", null, null, "170", "C", false, 100, 30, null, null, null, null, null);

    /// <summary>The check letter of GB 32100 for 17 letters.</summary>
    private static string CreditCode(string body)
    {
        const string letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
        var (sum, weight) = (0, 1);
        foreach (var letter in body)
        {
            (sum, weight) = (sum + (letters.IndexOf(letter, StringComparison.Ordinal) * weight), weight * 3 % 31);
        }

        return body + letters[(31 - (sum % 31)) % 31];
    }

    private async Task<string> Founded(string parent, UnionForm details)
    {
        var made = (await Create(await County, parent, details)).MustBe(HttpStatusCode.Created);
        (await Establish(await CountyChair, made["id"], 1)).MustBe(HttpStatusCode.NoContent);
        return made["id"];
    }

    private async Task<Answer> Create(Person by, string parent, UnionForm details) =>
        await by.Post(Unions, new { parentId = parent.Length == 32 ? parent : await house.UnionId(parent), details });

    private static Task<Answer> Establish(Person by, string id, int version) =>
        by.Post($"{Unions}/{id}/establishment", new { version, approvalNumber = "新县工〔2026〕9号", approvedOn = "2026-11-01" });

    private static Task<Answer> Move(Person by, string id, int version, string parentId) =>
        by.Put($"{Unions}/{id}/parent", new { version, parentId, reason = "区划调整" });

    private static Task<Answer> Close(Person by, string id, int version, string? targetUnionId = null) =>
        by.Post($"{Unions}/{id}/closure", new { version, reason = "单位注销", targetUnionId });

    private async Task MoveUnguarded(string id, string parentId, Barrier both)
    {
        var isBelow = await house.Number($"SELECT COUNT(*) FROM union_ancestors WHERE union_id = '{parentId}' AND ancestor_id = '{id}'") > 0;
        both.SignalAndWait(TimeSpan.FromSeconds(10));
        if (!isBelow)
        {
            // The server may end one of the two as a deadlock: it writes once more what it decided by the old tree.
            await house.Database.TransactAsync(
                db => db.ExecuteAsync("UPDATE unions SET parent_id = @parentId WHERE id = @id", new { parentId, id }), CancellationToken.None);
        }
    }

    /// <summary>union_ancestors is exactly what following parent_id gives.</summary>
    private async Task AncestorsFollowTheParents()
    {
        var parents = (await house.Words("SELECT CONCAT(id, ' ', COALESCE(parent_id, '')) FROM unions"))
            .Select(line => line.Split(' ')).ToDictionary(p => p[0], p => p[1]);
        var expected = new List<string>();
        foreach (var id in parents.Keys)
        {
            var distance = 0;
            for (var at = id; at.Length > 0; at = parents[at])
            {
                expected.Add($"{id} {at} {distance++}");
                Assert.True(distance < 20, "The tree has a circle.");
            }
        }

        var stored = await house.Words("SELECT CONCAT(union_id, ' ', ancestor_id, ' ', distance) FROM union_ancestors");
        Assert.Equal(expected.Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
    }

    private sealed record UnionForm(
        string Name,
        string Type,
        string DivisionCode,
        string? EmployerName,
        string? EmployerCreditCode,
        string? UnionCreditCode,
        string? EmployerKind,
        string? Industry,
        bool? IsHolding,
        int? Employees,
        int? WomenEmployees,
        int? MigrantEmployees,
        int? DispatchedEmployees,
        int? DisabledEmployees,
        string? ApprovalNumber,
        string? ApprovedOn);
}
