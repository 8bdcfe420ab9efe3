using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.Activities.Attending;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities.Allocating;

public abstract partial class DrawTests
{
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
}
