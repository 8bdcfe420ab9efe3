using System.Net;
using LinqToDB;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Messages.Broadcasts;
using WeChatUnion.Api.Modules.Messages.Reminders;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Messages;

public sealed class BroadcastOnSqlite(MessagingSqlite house) : BroadcastTests(house), IClassFixture<MessagingSqlite>;

public sealed class BroadcastOnMariaDb(MessagingMariaDb house) : BroadcastTests(house), IClassFixture<MessagingMariaDb>;

/// <summary>Words to many, reminders, and what staff see of deliveries.</summary>
public abstract class BroadcastTests(TestHouse house) : IAsyncLifetime
{
    private const string Office = "/api/v1/office";
    private static readonly object Words = new { title = "集合地点调整", text = "请改到文化广场东门集合,其他不变。" };

    /// <summary>Ten in the morning.</summary>
    public ValueTask InitializeAsync()
    {
        var now = house.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8));
        house.Clock.Advance(now.Date.AddDays(1).AddHours(10) - now.DateTime);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_organiser_reaches_everybody_of_her_activity_and_sees_what_became_of_it()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 2 });
        var (told, inbox, waiting, stranger) = (await house.Reachable("union_message", "union_message"), await house.Reachable(), await house.Reachable("union_message", "union_message"), await house.Reachable());
        foreach (var person in new[] { told, inbox, waiting })
        {
            (await person.SignUp(activity)).MustBe(HttpStatusCode.OK);
        }

        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var check = (await organiser.PostWithoutKey($"{Office}/activities/{activity}/broadcast-checks", null)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("3", "2", "1", "False"), (check["people"], check["weChat"], check["noCredit"], check["needsApproval"]));

        var key = Guid.NewGuid().ToString("N");
        var made = (await organiser.Post($"{Office}/activities/{activity}/broadcasts", Words, key)).MustBe(HttpStatusCode.Created);
        Assert.Equal(made["id"], (await organiser.Post($"{Office}/activities/{activity}/broadcasts", Words, key)).MustBe(HttpStatusCode.Created)["id"]);
        await Send();
        await house.Delivered();

        Assert.Equal("请改到文化广场东门集合,其他不变。", Assert.Single(house.SentTo(told)).Data["thing3"]);
        Assert.Empty(house.SentTo(inbox));
        Assert.Single((await inbox.Get("/api/v1/me/messages")).Items, m => m.Text("recordId") == made["id"]);
        Assert.Empty((await stranger.Get("/api/v1/me/messages")).Items);
        var report = (await organiser.Get($"{Office}/broadcasts/{made["id"]}")).MustBe(HttpStatusCode.OK);
        Assert.Equal("done", report["state"]);
        Assert.Equal("{\"inbox\":3,\"sent\":2,\"noCredit\":1,\"failed\":0,\"unknown\":0,\"waiting\":0}", report.Body.GetProperty("report").GetRawText());
        Assert.Contains(made["id"], (await organiser.Get($"{Office}/broadcasts")).Ids);

        (await (await house.Staff(Role.ActivityOrganiser, "langgongmiao")).Get($"{Office}/broadcasts/{made["id"]}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Staff(Role.ActivityOrganiser, "langgongmiao")).Post($"{Office}/activities/{activity}/broadcasts", Words)).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Above_two_hundred_people_a_second_person_must_agree_and_it_goes_out_by_and_by()
    {
        await Members(201, "zhaipo");
        var (officer, chair) = (await house.Staff(Role.MembershipOfficer, "zhaipo"), await house.Staff(Role.UnionChair, "zhaipo"));
        var union = await house.UnionId("zhaipo");
        Assert.Equal("True", (await officer.PostWithoutKey($"{Office}/unions/{union}/broadcast-checks", null)).MustBe(HttpStatusCode.OK)["needsApproval"]);
        var made = (await officer.Post($"{Office}/unions/{union}/broadcasts", Words)).MustBe(HttpStatusCode.Created);
        Assert.Equal("awaiting_approval", made["state"]);
        await Send();
        Assert.Equal(0, await Reached(made["id"]));

        (await officer.Post($"{Office}/broadcasts/{made["id"]}/approval", new { version = 1 })).MustBe(HttpStatusCode.Conflict, "own_broadcast");
        (await chair.Post($"{Office}/broadcasts/{made["id"]}/approval", new { version = 2 })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await chair.Post($"{Office}/broadcasts/{made["id"]}/approval", new { version = 1 })).MustBe(HttpStatusCode.NoContent);
        (await chair.Post($"{Office}/broadcasts/{made["id"]}/approval", new { version = 2 })).MustBe(HttpStatusCode.Conflict, "broadcast_decided_already");

        // Thirty a second, two seconds a run.
        await Send();
        Assert.Equal(60, await Reached(made["id"]));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Send()));
        Assert.Equal(await Reached(made["id"]), await house.Number($"SELECT COUNT(*) FROM messages WHERE record_id = '{made["id"]}'"));
        (await officer.Post($"{Office}/broadcasts/{made["id"]}/stop", null)).MustBe(HttpStatusCode.NoContent);
        var reached = await Reached(made["id"]);
        await Send();
        Assert.Equal(reached, await Reached(made["id"]));
        (await officer.Post($"{Office}/broadcasts/{made["id"]}/stop", null)).MustBe(HttpStatusCode.Conflict, "broadcast_decided_already");
        Assert.Equal(reached, await house.Number($"SELECT COUNT(DISTINCT person_id) FROM messages WHERE record_id = '{made["id"]}'"));
        await house.Delivered();
    }

    [Fact]
    public async Task A_broadcast_to_nobody_or_without_words_is_refused()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 2 });
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.Post($"{Office}/activities/{activity}/broadcasts", Words)).MustBe(HttpStatusCode.Conflict, "nobody_to_tell");
        Assert.Equal(["text", "title"], (await organiser.Post($"{Office}/activities/{activity}/broadcasts", new { })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        (await organiser.Post($"{Office}/unions/{await house.UnionId("zhaipo")}/broadcasts", Words)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }

    [Fact]
    public async Task Who_has_a_place_is_reminded_a_day_and_two_hours_before_and_who_gave_it_up_is_not()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 5 });
        var (comes, left) = (await house.Reachable("activity_reminder", "activity_reminder"), await house.Reachable("activity_reminder", "activity_reminder"));
        foreach (var person in new[] { comes, left })
        {
            (await person.SignUp(activity)).MustBe(HttpStatusCode.OK);
        }

        var starts = await house.Number($"SELECT starts_at FROM activities WHERE id = '{activity}'");
        await To(starts - 24 * Hour - 1);
        await Remind();
        Assert.Empty(house.SentTo(comes));
        await To(starts - 24 * Hour);
        await Remind();
        await Remind();
        Assert.Single(house.SentTo(comes));
        Assert.Single(house.SentTo(left));

        (await left.Delete($"/api/v1/activities/{activity}/enrolment?consequence=accepted")).MustBe(HttpStatusCode.NoContent);
        await To(starts - 2 * Hour);
        await Remind();
        var message = house.SentTo(comes)[^1];
        Assert.Equal(2, house.SentTo(comes).Count);
        Assert.Single(house.SentTo(left));
        Assert.Equal(["职工趣味运动会", "翟坡镇文化广场"], [message.Data["thing1"], message.Data["thing3"]]);
        Assert.Equal($"pages/activity/activity?id={activity}", message.Page);

        // Who signs up after that is not told what she has just read; once it began, the rows are forgotten.
        await To(starts);
        await ActivatorUtilities.CreateInstance<ForgetReminders>(house.Services).RunAsync(CancellationToken.None);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM reminders WHERE starts_at <= {starts}"));
    }

    [Fact]
    public async Task A_reminder_that_is_still_on_its_way_is_dropped_with_the_booking()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 5 });
        var person = await house.Reachable("activity_reminder", "activity_reminder");
        (await person.SignUp(activity)).MustBe(HttpStatusCode.OK);
        await To(await house.Number($"SELECT starts_at FROM activities WHERE id = '{activity}'") - 24 * Hour);
        house.WeChat.Faults.AnswerError("/cgi-bin/message/subscribe/send", -1, calls: 1);
        await Remind();
        Assert.Equal("Waiting", await house.States(person));
        (await person.Delete($"/api/v1/activities/{activity}/enrolment?consequence=accepted")).MustBe(HttpStatusCode.NoContent);
        house.Clock.Advance(TimeSpan.FromSeconds(6));
        await house.Delivered();
        Assert.Equal("Dropped", await house.States(person));
        Assert.Empty(house.SentTo(person));
    }

    [Theory]
    [InlineData("2026-12-01T14:00:00+08:00", 24, "2026-11-30T14:00:00+08:00")]
    [InlineData("2026-12-01T22:00:00+08:00", 24, "2026-11-30T21:00:00+08:00")]
    [InlineData("2026-12-01T07:30:00+08:00", 24, "2026-11-29T21:00:00+08:00")]
    [InlineData("2026-12-01T08:30:00+08:00", 2, "2026-11-30T21:00:00+08:00")]
    [InlineData("2026-12-01T10:00:00+08:00", 2, "2026-12-01T08:00:00+08:00")]
    [InlineData("2026-12-01T23:29:00+08:00", 2, "2026-12-01T21:29:00+08:00")]
    [InlineData("2026-12-01T23:30:00+08:00", 2, "2026-12-01T21:00:00+08:00")]
    public void A_reminder_that_would_fall_into_the_night_comes_the_evening_before(string starts, int lead, string due) => Assert.Equal(
        DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(),
        SendReminders.DueAt(DateTimeOffset.Parse(starts, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), lead));

    [Fact]
    public async Task The_officer_sees_what_went_where_without_the_words_of_a_sensitive_one()
    {
        var person = await house.Reachable("place_offered", "service_notice");
        await house.Tell(MessagesHouse.Offer(person), MessagesHouse.Of(person, "service") with { Title = "您预约的服务" });
        await house.Delivered();
        var officer = await house.Staff(Role.MembershipOfficer, "zhaipo");
        var list = (await officer.Get($"{Office}/deliveries/{person.PersonId}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(["", "place_offered"], list.Items.Select(i => i.Text("kind")).Order());
        Assert.All(list.Items, i => Assert.Equal(("subscribe", "sent"), (i.Text("channel"), i.Text("state"))));
        Assert.DoesNotContain("您预约", list.Text, StringComparison.Ordinal);
        (await (await house.Staff(Role.MembershipOfficer, "langgongmiao")).Get($"{Office}/deliveries/{person.PersonId}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await officer.Get($"{Office}/deliveries/{new string('0', 32)}")).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_parked_delivery_is_seen_with_its_cause_and_sent_again()
    {
        var person = await house.Reachable("place_offered");
        house.WeChat.Faults.AnswerError("/cgi-bin/message/subscribe/send", 47003, calls: 1);
        await house.Tell(MessagesHouse.Offer(person));
        await house.Delivered();
        var administrator = await house.Staff(Role.SystemAdministrator, "county");
        var id = await house.Text($"SELECT id FROM deliveries WHERE person_id = '{person.PersonId}'");
        var parked = (await administrator.Get($"{Office}/parked-deliveries")).MustBe(HttpStatusCode.OK);
        var row = Assert.Single(parked.Items, i => i.Text("id") == id);
        Assert.Equal(("47003", "place_offered"), (row.Text("errorCode"), row.Text("kind")));
        Assert.Contains("模板字段", row.Text("cause"), StringComparison.Ordinal);
        Assert.DoesNotContain(person.PersonId, parked.Text, StringComparison.Ordinal);
        Assert.Contains("1", (await administrator.Get($"{Office}/message-templates")).MustBe(HttpStatusCode.OK).Items.Single(i => i.Text("name") == "place_offered").Text("parked"), StringComparison.Ordinal);

        (await administrator.Post($"{Office}/parked-deliveries/{id}/retry", null)).MustBe(HttpStatusCode.NoContent);
        await house.Delivered();
        Assert.Single(house.SentTo(person));
        (await administrator.Post($"{Office}/parked-deliveries/{id}/retry", null)).MustBe(HttpStatusCode.Conflict, "delivery_not_parked");
        (await administrator.Post($"{Office}/parked-deliveries/{new string('0', 32)}/retry", null)).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    private const long Hour = 3_600_000;

    private Task Send() => ActivatorUtilities.CreateInstance<SendBroadcasts>(house.Services).RunAsync(CancellationToken.None);

    private async Task Remind()
    {
        await ActivatorUtilities.CreateInstance<SendReminders>(house.Services).RunAsync(CancellationToken.None);
        await house.Delivered();
    }

    private Task<long> Reached(string id) => house.Number($"SELECT people_reached FROM broadcasts WHERE id = '{id}'");

    private Task To(long instant)
    {
        house.Clock.Advance(TimeSpan.FromMilliseconds(instant - house.Clock.Milliseconds()));
        return Task.CompletedTask;
    }

    private async Task Members(int count, string union)
    {
        for (var i = 0; i < count; i++)
        {
            var id = Ids.New();
            await house.Database.TransactAsync(db => db.InsertAsync(new PersonRow { Id = id, CreatedAt = house.Clock.Milliseconds() }), CancellationToken.None);
            await house.MakeMember(id, union, "1", "1990-05-01");
        }
    }
}
