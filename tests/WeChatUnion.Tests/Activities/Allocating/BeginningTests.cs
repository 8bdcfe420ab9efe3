using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.Activities.Attending;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities.Allocating;

public abstract partial class DrawTests
{
    [Fact]
    public async Task Whoever_still_awaits_a_place_when_it_begins_is_told_once_that_there_is_none()
    {
        var draw = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 2 });
        var broken = await house.OpenChoice(hasWaitingList: true, new { name = "开放名额", capacity = 2 });
        var choice = await house.OpenChoice(hasWaitingList: true, new { name = "开放名额", capacity = 2 });
        var firstCome = await house.Open(new { name = "开放名额", capacity = 1 });
        var (drawn, chosen, held, came) = (await SignUpAll(draw, 3), await SignUpAll(choice, 2), await SignUpAll(broken, 1), await SignUpAll(firstCome, 2));
        var rules = await house.Text($"SELECT rules FROM activity_groups WHERE activity_id = '{broken}'");
        await house.Execute($"UPDATE activity_groups SET rules = '[' WHERE activity_id = '{broken}'");

        await house.MoveToStart(draw, minutes: -1);
        house.Clock.Advance(TimeSpan.FromMilliseconds(59_999));
        await RunPeriodic();
        Assert.Equal("applied", await StateOf(drawn[1], draw));
        await house.MoveToStart(firstCome);
        await RunPeriodic();
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await RunPeriodic();

        Assert.Equal(["not_admitted", "not_admitted", "not_admitted"], await Task.WhenAll(drawn.Values.Select(p => StateOf(p, draw))));
        Assert.Equal(["not_admitted", "not_admitted"], await Task.WhenAll(chosen.Values.Select(p => StateOf(p, choice))));
        Assert.Equal(["enrolled", "waiting"], await Task.WhenAll(came.Values.Select(p => StateOf(p, firstCome))));
        Assert.Equal("applied", await StateOf(held[1], broken));
        Assert.Equal(["not_allocated", "applied"], await MessagesOf(drawn[3]));
        Assert.Equal(["not_allocated", "applied"], await MessagesOf(chosen[1]));
        Assert.Equal(["enrolled"], await MessagesOf(came[1]));
        Assert.Equal(["line_ended", "waiting_listed"], await MessagesOf(came[2]));
        Assert.Equal("rejection", (await drawn[2].Get($"{Stage.Mine}/{draw}/enrolment")).Body.GetProperty("steps")[0].Text("kind"));

        await house.Execute($"UPDATE activity_groups SET rules = '{rules}' WHERE activity_id = '{broken}'");
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await RunPeriodic();
        Assert.Equal("not_admitted", await StateOf(held[1], broken));
    }

    [Fact]
    public async Task Who_signed_up_walks_in_like_anybody_once_it_has_begun_without_a_draw()
    {
        var activity = await house.OpenDraw(hasWaitingList: true, new { name = "开放名额", capacity = 3 });
        var people = await SignUpAll(activity, 3);
        var (stranger, late) = (await house.Member(), await house.Member());
        await house.MoveToStart(activity, minutes: -30);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.WalkIn(activity, await people[1].Code())).MustBe(HttpStatusCode.Conflict, "no_place_given");
        (await organiser.WalkIn(activity, await stranger.Code())).MustBe(HttpStatusCode.Conflict, "allocation_not_due");

        await house.MoveToStart(activity);
        organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var hers = (await people[1].Get($"{Stage.Mine}/{activity}/enrolment"))["id"];
        Assert.Equal(hers, (await organiser.WalkIn(activity, await people[1].Code())).MustBe(HttpStatusCode.OK)["enrolmentId"]);
        Assert.Equal("enrolled", await StateOf(people[1], activity));
        await RunPeriodic();
        Assert.Equal(("enrolled", "not_admitted"), (await StateOf(people[1], activity), await StateOf(people[2], activity)));
        (await organiser.WalkIn(activity, await people[2].Code())).MustBe(HttpStatusCode.OK);
        (await organiser.WalkIn(activity, await stranger.Code())).MustBe(HttpStatusCode.OK);
        (await organiser.WalkIn(activity, await late.Code())).MustBe(HttpStatusCode.Conflict, "activity_full");
        Assert.Equal(3, await house.Number($"SELECT taken FROM activity_groups WHERE activity_id = '{activity}'"));
    }

    [Fact]
    public async Task What_a_finished_choice_left_is_given_at_the_door_and_nothing_before()
    {
        var activity = await house.OpenChoice(hasWaitingList: true, new { name = "开放名额", capacity = 1 });
        var newcomer = await house.Member();
        await house.MoveToStart(activity, minutes: -30);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        (await organiser.WalkIn(activity, await newcomer.Code())).MustBe(HttpStatusCode.Conflict, "allocation_not_due");
        (await organiser.Post($"{Stage.Office}/{activity}/allocation", new { version = 3 })).MustBe(HttpStatusCode.NoContent);
        (await organiser.WalkIn(activity, await newcomer.Code())).MustBe(HttpStatusCode.OK);
    }

    private Task RunPeriodic() => house.Services.GetRequiredService<PeriodicWorker>().RunDueAsync(CancellationToken.None);
}
