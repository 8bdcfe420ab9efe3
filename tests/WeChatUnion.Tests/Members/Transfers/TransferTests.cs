using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members.Transfers;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members.Transfers;

public sealed class TransferOnSqlite(SqliteHouse house) : TransferTests(house), IClassFixture<SqliteHouse>;

public sealed class TransferOnMariaDb(MariaDbHouse house) : TransferTests(house), IClassFixture<MariaDbHouse>;

public abstract class TransferTests(TestHouse house)
{
    private const string Mine = "/api/v1/me/membership-transfers";
    private const string Office = "/api/v1/office/membership-transfers";

    private Task<Person> OldUnion => house.Staff(Role.MembershipOfficer, "jinsui");

    private Task<Person> NewUnion => house.Staff(Role.MembershipOfficer, "hongyuan");

    [Fact]
    public async Task A_member_asks_and_the_new_union_takes_her_in()
    {
        var member = await house.MemberOf("jinsui");
        var transfer = (await Ask(member)).MustBe(HttpStatusCode.Created);
        Assert.Equal(("transferring", await house.UnionId("jinsui")), (await member.State(), await member.UnionId()));
        Assert.Equal("member", transfer["side"]);

        (await (await OldUnion).Post($"{Office}/{transfer["id"]}/acceptance", new { })).MustBe(HttpStatusCode.NotFound, "not_found");
        var officer = await NewUnion;
        Assert.Contains((await officer.Get($"{Office}?take=50")).Items, i => Id(i.GetProperty("transfer")) == transfer["id"]);
        (await officer.Post($"{Office}/{transfer["id"]}/acceptance", new { })).MustBe(HttpStatusCode.NoContent);

        Assert.Equal(("active", await house.UnionId("hongyuan"), "01 03 02"), (await member.State(), await member.UnionId(), await member.Changes()));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM memberships WHERE live_person_id = '{member.PersonId}'"));
        var change = (await member.Person.Get("/api/v1/me/membership-changes")).Items[^1];
        Assert.Equal("金穗面粉有限公司工会委员会", change.GetProperty("fromUnionName").GetString());
        Assert.Equal("宏远纺织有限公司工会委员会", change.GetProperty("toUnionName").GetString());
        Assert.Equal("换了单位", change.GetProperty("reason").GetString());
        Assert.Contains((await member.Person.Get("/api/v1/me/messages")).Items, m => m.GetProperty("kind").GetString() == "transfer_accepted");
        (await officer.Get($"/api/v1/office/memberships/{member.Id}")).MustBe(HttpStatusCode.OK);
        (await (await OldUnion).Get($"/api/v1/office/memberships/{member.Id}")).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Either_union_starts_by_member_number_and_name_and_another_officer_accepts()
    {
        var member = await house.MemberOf("jinsui");
        var newUnion = await NewUnion;
        (await Start(newUnion, member, name: "王大明")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await Start(await house.Staff(Role.MembershipOfficer, "qingquan"), member)).MustBe(HttpStatusCode.NotFound, "not_found");
        var byNew = (await Start(newUnion, member)).MustBe(HttpStatusCode.Created);
        Assert.Equal("new_union", byNew["side"]);
        (await newUnion.Post($"{Office}/{byNew["id"]}/acceptance", new { })).MustBe(HttpStatusCode.Conflict, "second_person_needed");
        (await (await OldUnion).Post($"{Office}/{byNew["id"]}/refusal", new { reason = "本人仍在岗" })).MustBe(HttpStatusCode.NoContent);

        var byOld = (await Start(await OldUnion, member)).MustBe(HttpStatusCode.Created);
        Assert.Equal("old_union", byOld["side"]);
        (await newUnion.Post($"{Office}/{byOld["id"]}/acceptance", new { })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("01 03 02", await member.Changes());
    }

    [Fact]
    public async Task A_refusal_tells_its_reason_and_the_member_stays_and_may_ask_again()
    {
        var member = await house.MemberOf("jinsui");
        var transfer = await Ask(member);
        (await (await NewUnion).Post($"{Office}/{transfer["id"]}/refusal", new { })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await (await NewUnion).Post($"{Office}/{transfer["id"]}/refusal", new { reason = "劳动合同未签" })).MustBe(HttpStatusCode.NoContent);

        Assert.Equal(("active", "01"), (await member.State(), await member.Changes()));
        var mine = (await member.Person.Get(Mine)).Items[0];
        Assert.Equal(("refused", "劳动合同未签"), (mine.GetProperty("state").GetString(), mine.GetProperty("closingReason").GetString()));
        (await Ask(member)).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Until_the_last_instant_of_thirty_days_the_new_union_may_accept_and_then_no_more()
    {
        var (early, late) = (await house.MemberOf("jinsui"), await house.MemberOf("jinsui"));
        var (accepted, expired) = (await Ask(early), await Ask(late));

        house.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMilliseconds(1));
        (await (await NewUnion).Post($"{Office}/{accepted["id"]}/acceptance", new { })).MustBe(HttpStatusCode.NoContent);
        await TimeOut();
        Assert.Equal("transferring", await late.State());

        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await (await NewUnion).Post($"{Office}/{expired["id"]}/acceptance", new { })).MustBe(HttpStatusCode.Conflict, "transfer_closed");
        Assert.Equal("transferring", await late.State());
        await TimeOut();
        await TimeOut();

        Assert.Equal(("active", "01"), (await late.State(), await late.Changes()));
        Assert.Equal(await house.UnionId("jinsui"), await late.UnionId());
        Assert.Equal("timed_out", (await (await late.Again()).Get(Mine)).Items[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Who_started_takes_it_back_and_nobody_else()
    {
        var (member, stranger) = (await house.MemberOf("jinsui"), await house.MemberOf("jinsui"));
        var transfer = await Ask(member);
        (await stranger.Person.Post($"{Mine}/{transfer["id"]}/cancellation", new { })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await OldUnion).Post($"{Office}/{transfer["id"]}/cancellation", new { })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await member.Person.Post($"{Mine}/{transfer["id"]}/cancellation", new { })).MustBe(HttpStatusCode.NoContent);
        (await member.Person.Post($"{Mine}/{transfer["id"]}/cancellation", new { })).MustBe(HttpStatusCode.Conflict, "transfer_closed");
        Assert.Equal("active", await member.State());

        var byOffice = await Start(await OldUnion, member);
        (await member.Person.Post($"{Mine}/{byOffice["id"]}/cancellation", new { })).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await OldUnion).Post($"{Office}/{byOffice["id"]}/cancellation", new { })).MustBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Twenty_starts_at_once_open_one_transfer()
    {
        var member = await house.MemberOf("jinsui");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Ask(member)));

        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.MustBe(HttpStatusCode.Conflict, "transfer_open"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM membership_transfers WHERE membership_id = '{member.Id}'"));
    }

    [Fact]
    public async Task Accepting_refusing_and_cancelling_at_once_let_exactly_one_through()
    {
        var (officer, chair) = (await NewUnion, await house.Staff(Role.UnionChair, "hongyuan"));
        for (var round = 0; round < 3; round++)
        {
            var member = await house.MemberOf("jinsui");
            var transfer = await Ask(member);
            var answers = await Task.WhenAll(Enumerable.Range(0, 21).Select(i => (i % 3) switch
            {
                0 => officer.Post($"{Office}/{transfer["id"]}/acceptance", new { }),
                1 => chair.Post($"{Office}/{transfer["id"]}/refusal", new { reason = "劳动合同未签" }),
                _ => member.Person.Post($"{Mine}/{transfer["id"]}/cancellation", new { }),
            }));

            Assert.Single(answers, a => a.Status == HttpStatusCode.NoContent);
            Assert.All(answers.Where(a => a.Status != HttpStatusCode.NoContent), a => a.MustBe(HttpStatusCode.Conflict, "transfer_closed"));
            var state = (await house.Words($"SELECT state FROM membership_transfers WHERE id = '{transfer["id"]}'"))[0];
            Assert.Equal(await house.UnionId(state == "accepted" ? "hongyuan" : "jinsui"), await member.UnionId());
            Assert.Equal((state == "accepted" ? "01 03 02" : "01", "active", 3L), (await member.Changes(), await member.State(), await member.Version()));
        }
    }

    [Fact]
    public async Task When_time_is_up_only_the_calendar_decides_whoever_comes_at_once()
    {
        var member = await house.MemberOf("jinsui");
        var transfer = await Ask(member);
        house.Clock.Advance(TimeSpan.FromDays(30));
        var (officer, herself) = (await NewUnion, await member.Again());

        var answers = Enumerable.Range(0, 8).SelectMany(_ => new[]
        {
            officer.Post($"{Office}/{transfer["id"]}/acceptance", new { }),
            herself.Post($"{Mine}/{transfer["id"]}/cancellation", new { }),
        }).ToList();
        await Task.WhenAll(answers.Concat<Task>(Enumerable.Range(0, 4).Select(_ => Task.Run(TimeOut))));

        Assert.All(answers, a => a.Result.MustBe(HttpStatusCode.Conflict, "transfer_closed"));
        Assert.Equal(("active", 3L), (await member.State(), await member.Version()));
    }

    /// <summary>The control of the race: the same deeds without the guard of the update decide more than once.</summary>
    [Fact]
    public async Task Control_without_the_guard_several_decisions_win()
    {
        for (var run = 0; run < 5; run++)
        {
            var member = await house.MemberOf("jinsui");
            var transfer = await Ask(member);
            var winners = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
            {
                var isOpen = (await house.Words($"SELECT state FROM membership_transfers WHERE id = '{transfer["id"]}'"))[0] == "open";
                if (isOpen)
                {
                    await house.Execute($"UPDATE membership_transfers SET state = 'refused', open_membership_id = NULL WHERE id = '{transfer["id"]}'");
                }

                return isOpen;
            })));
            if (winners.Count(w => w) > 1)
            {
                return;
            }
        }

        Assert.Fail("Five runs without the guard showed no second winner: the race does not happen here.");
    }

    [Fact]
    public async Task A_transfer_has_its_refusals()
    {
        var member = await house.MemberOf("jinsui");
        (await house.Anonymous().Post(Mine, new { })).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Worker()).Post(Mine, new { unionId = await house.UnionId("hongyuan"), reason = "换了单位" }))
            .MustBe(HttpStatusCode.Conflict, "not_a_member");
        (await member.Person.Post(Mine, new { unionId = "x", reason = "换了单位" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await member.Person.PostWithoutKey(Mine, new { })).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        (await Ask(member, "jinsui")).MustBe(HttpStatusCode.Conflict, "same_union");
        (await member.Person.Post(Mine, new { unionId = Guid.NewGuid().ToString("N"), reason = "换了单位" })).MustBe(HttpStatusCode.Conflict, "union_not_open");
        (await Start(member.Person, member)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await NewUnion).Get($"{Office}?state=gone")).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await (await NewUnion).Post($"{Office}/{Guid.NewGuid():N}/acceptance", new { })).MustBe(HttpStatusCode.NotFound, "not_found");
        await (await OldUnion).Post($"/api/v1/office/memberships/{member.Id}/retention", new { version = 1, reason = "retirement" });
        (await Ask(member)).MustBe(HttpStatusCode.Conflict, "wrong_membership_state");
        Assert.Equal("01 04", await member.Changes());
    }

    private async Task<Answer> Ask(NewMember member, string union = "hongyuan") =>
        await member.Person.Post(Mine, new { unionId = await house.UnionId(union), reason = "换了单位" });

    private async Task<Answer> Start(Person by, NewMember member, string? name = null) => await by.Post(
        Office, new { memberNumber = member.Number, name = name ?? member.Name, unionId = await house.UnionId("hongyuan"), reason = "换了单位" });

    private Task TimeOut() => house.Services.GetRequiredService<TimeOutTransfers>().RunAsync(CancellationToken.None);

    private static string? Id(JsonElement element) => element.GetProperty("id").GetString();
}
