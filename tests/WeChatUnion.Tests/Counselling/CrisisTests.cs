using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Counselling;
using WeChatUnion.Api.Modules.Counselling.Crisis;
using WeChatUnion.Api.Modules.Counselling.Scales;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Privacy;

namespace WeChatUnion.Tests.Counselling;

public sealed class CrisisOnSqlite(CrisisOnSqlite.Gateway house) : CrisisTests(house, house.Received), IClassFixture<CrisisOnSqlite.Gateway>
{
    public sealed class Gateway : SqliteHouse
    {
        internal AlarmGateway Received { get; } = new();

        protected override void Adjust(Dictionary<string, string> settings) => Received.Adjust(settings);
    }
}

public sealed class CrisisOnMariaDb(CrisisOnMariaDb.Gateway house) : CrisisTests(house, house.Received), IClassFixture<CrisisOnMariaDb.Gateway>
{
    public sealed class Gateway : MariaDbHouse
    {
        internal AlarmGateway Received { get; } = new();

        protected override void Adjust(Dictionary<string, string> settings) => Received.Adjust(settings);
    }
}

/// <summary>A county's gateway to text messages: takes alarms, or is down.</summary>
internal sealed class AlarmGateway
{
    private readonly WebApplication app;
    private Func<Task>? meanwhile;

    public AlarmGateway()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/alarms", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var body = await reader.ReadToEndAsync();
            Alarms.Enqueue((body, request.Headers["X-Alarm-Signature"].ToString(), request.Headers["X-Alarm-Timestamp"].ToString()));
            if (Interlocked.Exchange(ref meanwhile, null) is { } deed)
            {
                await deed();
                return Results.StatusCode(503);
            }

            return IsDown ? Results.StatusCode(503) : Results.Ok();
        });
        app.StartAsync().GetAwaiter().GetResult();
    }

    public string Key { get; } = KeySets.NewKey();

    public bool IsDown { get; set; }

    public ConcurrentQueue<(string Body, string Signature, string Timestamp)> Alarms { get; } = new();

    /// <summary>The next alarm is refused, but only after this was done.</summary>
    public void RefuseAfter(Func<Task> deed) => meanwhile = deed;

    public void Adjust(Dictionary<string, string> settings)
    {
        settings["Counselling:AlarmAddress"] = $"{app.Urls.Single()}/alarms";
        settings["Counselling:AlarmKey"] = Key;
    }
}

public abstract class CrisisTests
{
    private const string Tickets = "/api/v1/office/crisis-tickets";
    private const string Mine = "/api/v1/me/crisis-ticket";
    private const string Scales = "/api/v1/me/scale-results";
    private static readonly int[] Calm = [0, 1, 0, 1, 0, 0, 1, 0, 0];
    private static readonly int[] Worried = [2, 2, 2, 2, 2, 0, 0];
    private static readonly int[] Danger = [0, 1, 0, 1, 0, 0, 1, 0, 1];

    private readonly TestHouse house;
    private readonly AlarmGateway gateway;

    private protected CrisisTests(TestHouse house, AlarmGateway gateway) => (this.house, this.gateway) = (house, gateway);

    [Fact]
    public async Task A_scale_tells_words_of_screening_and_when_to_answer_again()
    {
        var client = await house.Client();
        var result = (await client.Post(Scales, new { scale = "phq9", answers = Calm })).MustBe(HttpStatusCode.Created);
        Assert.Equal(("3", "无或极轻"), (result["sum"], result["word"]));
        Assert.DoesNotContain("诊断", result.Text, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, result.Body.GetProperty("ticket").ValueKind);
        result = (await client.Post(Scales, new { scale = "gad7", answers = Worried })).MustBe(HttpStatusCode.Created);
        Assert.Equal(("10", "中度倾向"), (result["sum"], result["word"]));
        Assert.Equal($"{house.In(14, "00:00"):yyyy-MM-dd}", result["retestOn"]);
        Assert.Equal(2, (await client.Get(Scales)).MustBe(HttpStatusCode.OK).Items.Length);
        foreach (var answers in new[] { Calm[..8], [.. Calm, 0], [.. Calm[..8], 4] })
        {
            (await client.Post(Scales, new { scale = "phq9", answers })).MustBe(HttpStatusCode.BadRequest);
        }

        (await (await house.Worker()).Post(Scales, new { scale = "phq9", answers = Calm })).MustBe(HttpStatusCode.Conflict, "counselling_consent_needed");
    }

    [Fact]
    public async Task Item_nine_comes_before_any_score_and_somebody_is_called()
    {
        var (client, duty) = (await house.Client(), await house.Staff(Role.CrisisDuty, "county"));
        var result = (await client.Post(Scales, new { scale = "phq9", answers = Danger })).MustBe(HttpStatusCode.Created);
        Assert.Equal(JsonValueKind.Null, result.Body.GetProperty("sum").ValueKind);
        Assert.Equal("12356", result.Body.GetProperty("hotlines")[0].GetProperty("number").GetString());
        Assert.Equal(("yellow", "False"), (result.Body.GetProperty("ticket").Text("level"), result.Body.GetProperty("ticket").Text("hasBeenAnswered")));
        Assert.Empty((await client.Get(Scales)).Items);
        var id = result.Body.GetProperty("ticket").Text("id");
        Assert.Contains((await duty.Get(Tickets)).MustBe(HttpStatusCode.OK).Items, i => i.Text("id") == id && i.Text("state") == "triggered");
        (await duty.Post($"{Tickets}/{id}/response", new { })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("True", (await client.Get(Mine)).MustBe(HttpStatusCode.OK).Body.GetProperty("ticket").Text("hasBeenAnswered"));
        (await (await house.Supervisor()).Post($"{Tickets}/{id}/response", new { })).MustBe(HttpStatusCode.Conflict, "crisis_ticket_taken");
    }

    [Fact]
    public async Task Pressing_again_raises_the_same_ticket_and_never_lowers_it()
    {
        var worker = await house.Worker();
        (await worker.Post(Mine, new { hasThoughts = true })).MustBe(HttpStatusCode.OK);
        var red = (await worker.Post(Mine, new { hasThoughts = true, hasIntent = true })).MustBe(HttpStatusCode.OK);
        var again = (await worker.Post(Mine, new { })).MustBe(HttpStatusCode.OK);
        Assert.Equal("red", again.Body.GetProperty("ticket").Text("level"));
        Assert.Equal(red.Body.GetProperty("ticket").Text("id"), again.Body.GetProperty("ticket").Text("id"));
        var many = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => worker.Post(Mine, new { hasPlan = true })));
        Assert.All(many, a => a.MustBe(HttpStatusCode.OK));
        var another = await house.Worker();
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => another.Post(Mine, new { hasPlan = true }))), a => a.MustBe(HttpStatusCode.OK));
    }

    [Fact]
    public async Task Every_step_stands_with_its_time_and_a_step_out_of_order_is_refused()
    {
        var (worker, duty, supervisor) = (await house.Worker(), await house.Staff(Role.CrisisDuty, "county"), await house.Supervisor());
        var id = (await worker.Post(Mine, new { hasIntent = true })).MustBe(HttpStatusCode.OK).Body.GetProperty("ticket").Text("id");
        Task<Answer> Step(string kind, string? level = null) => duty.Post($"{Tickets}/{id}/steps", new { kind, level, words = "已电话联系本人" });
        foreach (var early in new[] { "assessment", "handling", "hand_over", "follow_up" })
        {
            (await Step(early)).MustBe(HttpStatusCode.Conflict, "crisis_step_out_of_order");
        }

        (await supervisor.Post($"{Tickets}/{id}/closure", new { words = "复核" })).MustBe(HttpStatusCode.Conflict, "crisis_step_out_of_order");
        (await duty.Post($"{Tickets}/{id}/response", new { })).MustBe(HttpStatusCode.NoContent);
        (await Step("handling")).MustBe(HttpStatusCode.Conflict, "crisis_step_out_of_order");
        (await Step("trigger")).MustBe(HttpStatusCode.BadRequest);
        (await Step("handling", "red")).MustBe(HttpStatusCode.BadRequest);
        (await Step("assessment", "orange")).MustBe(HttpStatusCode.NoContent);
        (await Step("handling")).MustBe(HttpStatusCode.NoContent);
        var ticket = (await duty.Get($"{Tickets}/{id}")).MustBe(HttpStatusCode.OK).Body.GetProperty("ticket");
        Assert.Equal(house.Clock.GetUtcNow().AddHours(24), ticket.GetProperty("dueAt").GetDateTimeOffset());
        (await Step("follow_up")).MustBe(HttpStatusCode.NoContent);
        (await supervisor.Post($"{Tickets}/{id}/closure", new { words = "复核完成" })).MustBe(HttpStatusCode.NoContent);
        (await Step("follow_up")).MustBe(HttpStatusCode.Conflict, "crisis_ticket_closed");
        (await duty.Post($"{Tickets}/{id}/response", new { })).MustBe(HttpStatusCode.Conflict, "crisis_ticket_closed");
        Assert.Equal(
            ["trigger", "response", "assessment", "handling", "follow_up", "closure"],
            (await duty.Get($"{Tickets}/{id}")).Body.GetProperty("steps").EnumerateArray().Select(s => s.Text("kind")));
        Assert.Equal(JsonValueKind.Null, (await worker.Get(Mine)).Body.GetProperty("ticket").ValueKind);
    }

    [Fact]
    public async Task Breaking_the_glass_takes_a_reason_that_supervisor_and_worker_see()
    {
        var (client, duty) = (await house.Client(), await house.Staff(Role.CrisisDuty, "county"));
        var id = (await client.Post(Mine, new { hasIntent = true })).MustBe(HttpStatusCode.OK).Body.GetProperty("ticket").Text("id");
        (await duty.Post($"{Tickets}/{id}/identity-readings", new { reason = "" })).MustBe(HttpStatusCode.BadRequest);
        (await duty.Post($"{Tickets}/{id}/identity-readings", new { reason = "电话无人接听,需要上门" })).MustBe(HttpStatusCode.OK);
        var step = (await (await house.Supervisor()).Get($"{Tickets}/{id}")).Body.GetProperty("steps").EnumerateArray().Single(s => s.Text("kind") == "identity_reading");
        Assert.Equal("电话无人接听,需要上门", step.Text("words"));
        Assert.Contains("紧急查看身份", Assert.Single((await client.Get("/api/v1/me/counselling-readings")).Items).Text("reader"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alarm_is_signed_repeated_until_it_is_taken_and_says_nothing_of_who()
    {
        await Send();
        gateway.Alarms.Clear();
        gateway.IsDown = true;
        var worker = await house.Worker();
        var id = (await worker.Post(Mine, new { hasIntent = true })).MustBe(HttpStatusCode.OK).Body.GetProperty("ticket").Text("id");
        await Send();
        await Send();
        Assert.Single(gateway.Alarms);
        house.Clock.Advance(TimeSpan.FromSeconds(5));
        await Send();
        gateway.IsDown = false;
        house.Clock.Advance(TimeSpan.FromSeconds(10));
        await Send();
        house.Clock.Advance(TimeSpan.FromMinutes(4));
        await Send();
        Assert.Equal(3, gateway.Alarms.Count);
        Assert.Single(gateway.Alarms.Select(a => JsonDocument.Parse(a.Body).RootElement.Text("id")).Distinct());
        Assert.All(gateway.Alarms, a => Assert.Equal(SignedPosts.SignatureOf(Convert.FromBase64String(gateway.Key), a.Timestamp, a.Body), a.Signature));
        Assert.All(gateway.Alarms, a => Assert.Equal(("red", id), (JsonDocument.Parse(a.Body).RootElement.Text("level"), JsonDocument.Parse(a.Body).RootElement.Text("ticketId"))));

        // Nobody answers: at the end of the time limit, once, and to those above as well.
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await house.Services.GetRequiredService<EscalateCrises>().RunAsync(CancellationToken.None);
        await house.Services.GetRequiredService<EscalateCrises>().RunAsync(CancellationToken.None);
        await Send();
        Assert.Equal(1, gateway.Alarms.Count(a => a.Body.Contains("\"overdue\"", StringComparison.Ordinal) && a.Body.Contains(id, StringComparison.Ordinal)));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM crisis_steps WHERE ticket_id = '{id}' AND kind = 'escalation'"));
    }

    [Fact]
    public async Task Whoever_took_longer_than_the_lease_does_not_undo_what_another_sent()
    {
        await Send();
        gateway.Alarms.Clear();
        (await (await house.Worker()).Post(Mine, new { hasIntent = true })).MustBe(HttpStatusCode.OK);
        gateway.RefuseAfter(async () =>
        {
            house.Clock.Advance(TimeSpan.FromSeconds(31));
            await Send();
        });
        await Send();
        house.Clock.Advance(TimeSpan.FromMinutes(4));
        await Send();
        Assert.Equal(2, gateway.Alarms.Count);
    }

    [Fact]
    public async Task Pressing_again_after_it_was_handled_calls_somebody_again_within_the_limit()
    {
        var (worker, duty) = (await house.Worker(), await house.Staff(Role.CrisisDuty, "county"));
        var id = (await worker.Post(Mine, new { hasIntent = true })).MustBe(HttpStatusCode.OK).Body.GetProperty("ticket").Text("id");
        (await duty.Post($"{Tickets}/{id}/response", new { })).MustBe(HttpStatusCode.NoContent);
        Assert.Null(await DueAt());
        (await worker.Post(Mine, new { hasIntent = true })).MustBe(HttpStatusCode.OK);
        Assert.Null(await DueAt());
        foreach (var kind in new[] { "assessment", "handling", "hand_over" })
        {
            (await duty.Post($"{Tickets}/{id}/steps", new { kind, words = "已电话联系本人" })).MustBe(HttpStatusCode.NoContent);
        }

        Assert.Equal(0, await Raised());
        for (var time = 1; time <= 2; time++)
        {
            (await worker.Post(Mine, new { })).MustBe(HttpStatusCode.OK);
            Assert.Equal(house.Clock.GetUtcNow().AddMinutes(5), await DueAt());
            Assert.Equal(time, await Raised());
            Assert.Equal("False", (await worker.Get(Mine)).Body.GetProperty("ticket").Text("hasBeenAnswered"));
            house.Clock.Advance(TimeSpan.FromMinutes(5));
            await house.Services.GetRequiredService<EscalateCrises>().RunAsync(CancellationToken.None);
            Assert.Equal(time, await house.Number($"SELECT COUNT(*) FROM crisis_steps WHERE ticket_id = '{id}' AND kind = 'escalation'"));
        }

        (await duty.Post($"{Tickets}/{id}/steps", new { kind = "handling", words = "已电话联系本人" })).MustBe(HttpStatusCode.Conflict, "crisis_step_out_of_order");
        (await duty.Post($"{Tickets}/{id}/response", new { })).MustBe(HttpStatusCode.NoContent);
        var card = (await worker.Get(Mine)).Body.GetProperty("ticket");
        Assert.Equal(("red", "True"), (card.Text("level"), card.Text("hasBeenAnswered")));
        foreach (var kind in new[] { "assessment", "handling" })
        {
            (await duty.Post($"{Tickets}/{id}/steps", new { kind, words = "已再次联系本人" })).MustBe(HttpStatusCode.NoContent);
        }

        Assert.Equal(house.Clock.GetUtcNow().AddHours(24), await DueAt());

        async Task<DateTimeOffset?> DueAt() =>
            (await duty.Get($"{Tickets}/{id}")).MustBe(HttpStatusCode.OK).Body.GetProperty("ticket").GetProperty("dueAt") is { ValueKind: JsonValueKind.String } due
                ? due.GetDateTimeOffset()
                : null;

        Task<long> Raised() => house.Number($"SELECT COUNT(*) FROM crisis_alarms WHERE ticket_id = '{id}' AND kind = 'raised'");
    }

    [Fact]
    public async Task A_higher_call_on_a_ticket_that_was_reported_upwards_is_reported_again()
    {
        var worker = await house.Worker();
        var id = (await worker.Post(Mine, new { hasPlan = true })).MustBe(HttpStatusCode.OK).Body.GetProperty("ticket").Text("id");
        house.Clock.Advance(TimeSpan.FromHours(2));
        await Escalate(1);
        (await worker.Post(Mine, new { hasIntent = true })).MustBe(HttpStatusCode.OK);
        await Escalate(1);
        house.Clock.Advance(TimeSpan.FromMinutes(5));
        await Escalate(2);

        async Task Escalate(int sum)
        {
            await house.Services.GetRequiredService<EscalateCrises>().RunAsync(CancellationToken.None);
            Assert.Equal(sum, await house.Number($"SELECT COUNT(*) FROM crisis_steps WHERE ticket_id = '{id}' AND kind = 'escalation'"));
        }
    }

    [Fact]
    public async Task Whose_shift_it_is_is_called_and_all_of_duty_when_it_is_nobodys()
    {
        const string Shifts = "/api/v1/office/crisis-shifts";
        var (supervisor, duty) = (await house.Supervisor(), await house.Staff(Role.CrisisDuty, "county"));
        await house.AddStaffAsync("duty-by-night", Role.CrisisDuty, "county");
        var night = await house.Text("SELECT person_id FROM staff_accounts WHERE name = 'duty-by-night'");
        var day = await house.Text("SELECT person_id FROM staff_accounts WHERE name = 'crisisduty-county'");
        await house.Execute($"DELETE FROM messages WHERE person_id IN ('{night}', '{day}')");
        await Called(1, 1);
        var now = house.Clock.GetUtcNow();
        var shift = (await supervisor.Post(Shifts, new { personId = night, startsAt = now, endsAt = now.AddHours(12) })).MustBe(HttpStatusCode.Created)["id"];
        await Called(2, 1);
        Assert.Equal([(shift, "True")], (await duty.Get(Shifts)).MustBe(HttpStatusCode.OK).Items.Select(i => (i.Text("id"), i.Text("isNow"))));
        Assert.Equal(["endsAt"], (await supervisor.Post(Shifts, new { personId = night, startsAt = now, endsAt = now })).MustBe(HttpStatusCode.BadRequest).WrongFields);
        Assert.Equal(["personId"], (await supervisor.Post(Shifts, new { personId = new string('0', 32), startsAt = now, endsAt = now.AddHours(1) })).MustBe(HttpStatusCode.BadRequest).WrongFields);
        (await supervisor.Delete($"{Shifts}/{shift}")).MustBe(HttpStatusCode.NoContent);
        (await supervisor.Delete($"{Shifts}/{shift}")).MustBe(HttpStatusCode.NoContent);
        await Called(3, 2);
        (await (await house.Staff(Role.CrisisDuty, "zhaipo")).Get(Shifts)).MustBe(HttpStatusCode.NotFound);

        async Task Called(int byNight, int byDay)
        {
            (await (await house.Worker()).Post(Mine, new { hasPlan = true })).MustBe(HttpStatusCode.OK);
            Assert.Equal(byNight, await house.Number($"SELECT COUNT(*) FROM messages WHERE person_id = '{night}' AND kind = 'crisis_called'"));
            Assert.Equal(byDay, await house.Number($"SELECT COUNT(*) FROM messages WHERE person_id = '{day}' AND kind = 'crisis_called'"));
        }
    }

    [Fact]
    public async Task At_red_the_supervisor_is_called_as_well_and_where_nobody_is_for_duty_somebody_is()
    {
        await house.Staff(Role.CrisisDuty, "county");
        await house.Supervisor();
        var supervisor = await house.Text("SELECT person_id FROM staff_accounts WHERE name = 'counsellingsupervisor-county'");
        Assert.Equal(0, await CalledBy(new { hasPlan = true }));
        Assert.Equal(1, await CalledBy(new { hasPlan = true, hasIntent = true, hasMeans = true }));
        await house.Execute("UPDATE grants SET role = 'auditor' WHERE role = 'crisis_duty'");
        try
        {
            Assert.Equal(1, await CalledBy(new { hasPlan = true }));
        }
        finally
        {
            await house.Execute($"UPDATE grants SET role = 'crisis_duty' WHERE role = 'auditor' AND person_id IN (SELECT person_id FROM staff_accounts WHERE name LIKE '%duty%')");
        }

        async Task<long> CalledBy(object words)
        {
            var before = await CountAsync();
            (await (await house.Worker()).Post(Mine, words)).MustBe(HttpStatusCode.OK);
            return await CountAsync() - before;
        }

        Task<long> CountAsync() => house.Number($"SELECT COUNT(*) FROM messages WHERE person_id = '{supervisor}' AND kind = 'crisis_called'");
    }

    [Fact]
    public async Task Button_and_scale_at_once_are_one_ticket()
    {
        var client = await house.Client();
        var before = await house.Number("SELECT COUNT(*) FROM crisis_tickets");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => i % 2 == 0
            ? client.Post(Mine, new { hasPlan = true })
            : client.Post(Scales, new { scale = "phq9", answers = Danger })));
        Assert.All(answers, a => Assert.True(a.Response.IsSuccessStatusCode, a.Text));
        Assert.Equal(before + 1, await house.Number("SELECT COUNT(*) FROM crisis_tickets"));
    }

    [Fact]
    public async Task A_scale_that_meets_a_ticket_in_the_making_raises_it()
    {
        var session = (await house.SignIn(house.NewUser())).MustBe(HttpStatusCode.Created);
        var client = new Person(house.NewHttp(), session["token"]);
        await client.Agree();
        var (id, answer) = await house.Database.TransactAsync(
            async db =>
            {
                var made = await house.Services.GetRequiredService<Api.Modules.Counselling.Crisis.Tickets>().TriggerAsync(
                    db, session["personId"], CrisisLevel.Yellow, "本人求助", house.Clock.GetUtcNow().ToUnixTimeMilliseconds(), CancellationToken.None);
                var scale = client.Post(Scales, new { scale = "phq9", answers = Danger });
                await Task.WhenAny(scale, Task.Delay(500));
                return (made, scale);
            },
            CancellationToken.None);
        Assert.Equal(id, (await answer).MustBe(HttpStatusCode.Created).Body.GetProperty("ticket").Text("id"));
    }

    [Fact]
    public async Task Whoever_is_on_duty_for_a_branch_finds_no_ticket()
    {
        var (worker, duty, supervisor) = (await house.Worker(), await house.Staff(Role.CrisisDuty, "zhaipo"), await house.Staff(Role.CounsellingSupervisor, "zhaipo"));
        var id = (await worker.Post(Mine, new { hasIntent = true })).MustBe(HttpStatusCode.OK).Body.GetProperty("ticket").Text("id");
        (await duty.Get(Tickets)).MustBe(HttpStatusCode.NotFound);
        (await duty.Get($"{Tickets}/{id}")).MustBe(HttpStatusCode.NotFound);
        (await duty.Post($"{Tickets}/{id}/response", new { })).MustBe(HttpStatusCode.NotFound);
        (await duty.Post($"{Tickets}/{id}/steps", new { kind = "assessment", words = "已电话联系本人" })).MustBe(HttpStatusCode.NotFound);
        (await duty.Post($"{Tickets}/{id}/identity-readings", new { reason = "电话无人接听" })).MustBe(HttpStatusCode.NotFound);
        (await supervisor.Post($"{Tickets}/{id}/closure", new { words = "复核" })).MustBe(HttpStatusCode.NotFound);
        (await (await house.Staff(Role.CrisisDuty, "county")).Post($"{Tickets}/{id}/response", new { })).MustBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Who_was_never_a_client_sees_that_the_glass_was_broken_and_keeps_that_when_she_becomes_one()
    {
        var (worker, duty) = (await house.Worker(), await house.Staff(Role.CrisisDuty, "county"));
        var id = (await worker.Post(Mine, new { hasIntent = true })).MustBe(HttpStatusCode.OK).Body.GetProperty("ticket").Text("id");
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => duty.Post($"{Tickets}/{id}/identity-readings", new { reason = "电话无人接听,需要上门" }))),
            a => a.MustBe(HttpStatusCode.OK));
        Assert.Single((await worker.Get("/api/v1/me/counselling-readings")).MustBe(HttpStatusCode.OK).Items);
        (await worker.Post(Scales, new { scale = "phq9", answers = Calm })).MustBe(HttpStatusCode.Conflict, "counselling_consent_needed");
        await worker.Agree();
        Assert.Single((await worker.Get("/api/v1/me/counselling-readings")).MustBe(HttpStatusCode.OK).Items);
        (await worker.Post(Scales, new { scale = "phq9", answers = Calm })).MustBe(HttpStatusCode.Created);
    }

    private Task Send() => house.Services.GetRequiredService<SendCrisisAlarms>().RunAsync(CancellationToken.None);
}

public sealed class ScaleRulesTests
{
    [Theory]
    [InlineData(0, "无或极轻")]
    [InlineData(4, "无或极轻")]
    [InlineData(5, "轻度倾向")]
    [InlineData(9, "轻度倾向")]
    [InlineData(10, "中度倾向")]
    [InlineData(14, "中度倾向")]
    [InlineData(15, "中重度倾向")]
    [InlineData(19, "中重度倾向")]
    [InlineData(20, "重度倾向")]
    [InlineData(24, "重度倾向")]
    public void Sums_of_PHQ_9_have_their_words(int sum, string word) => Assert.Equal(word, ScaleRules.ReadingOf(Scale.Phq9, Spread(sum, 8, 9)).Word);

    [Theory]
    [InlineData(4, "无")]
    [InlineData(5, "轻度倾向")]
    [InlineData(10, "中度倾向")]
    [InlineData(15, "重度倾向")]
    [InlineData(21, "重度倾向")]
    public void Sums_of_GAD_7_have_their_words(int sum, string word) => Assert.Equal(word, ScaleRules.ReadingOf(Scale.Gad7, Spread(sum, 7, 7)).Word);

    [Fact]
    public void Item_nine_decides_whatever_the_sum_and_a_high_sum_without_it_as_well()
    {
        Assert.Null(ScaleRules.RiskOf(Scale.Phq9, Spread(19, 8, 9)));
        Assert.Equal(CrisisLevel.Orange, ScaleRules.RiskOf(Scale.Phq9, Spread(20, 8, 9)));
        Assert.Equal(CrisisLevel.Yellow, ScaleRules.RiskOf(Scale.Phq9, [0, 0, 0, 0, 0, 0, 0, 0, 1]));
        Assert.Equal(CrisisLevel.Orange, ScaleRules.RiskOf(Scale.Phq9, [0, 0, 0, 0, 0, 0, 0, 0, 2]));
        Assert.Null(ScaleRules.RiskOf(Scale.Gad7, [3, 3, 3, 3, 3, 3, 3]));
    }

    [Theory]
    [InlineData(false, false, false, false, CrisisLevel.Yellow)]
    [InlineData(true, false, false, false, CrisisLevel.Orange)]
    [InlineData(true, true, false, false, CrisisLevel.Red)]
    [InlineData(false, false, true, false, CrisisLevel.Red)]
    [InlineData(false, false, false, true, CrisisLevel.Red)]
    public void The_five_questions_have_their_levels(bool plan, bool means, bool intent, bool begun, CrisisLevel level) =>
        Assert.Equal(level, CrisisRules.LevelOf(new RiskAnswers(true, plan, means, intent, begun)));

    private static int[] Spread(int sum, int over, int items) =>
        [.. Enumerable.Range(0, items).Select(i => i < over ? Math.Clamp(sum - (3 * i), 0, 3) : 0)];
}
