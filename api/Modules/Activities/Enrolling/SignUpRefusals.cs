using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Conduct;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>Why a wish is refused before anybody looks for a place: the time, points, guests, answers.</summary>
internal static class SignUpRefusals
{
    /// <summary>Null when the wish may have a place, if there is one for it.</summary>
    public static Refusal? Of(Turn turn, Known known, Wish wish, ConductRules conduct)
    {
        var activity = turn.Activity;
        switch (Phases.Of(activity, wish.ArrivedAt))
        {
            case Phase.Cancelled:
                return new Refusal(ActivitiesProblems.ActivityCancelled);
            case not Phase.Unpublished when wish.IsAtTheDoor && !turn.IsAllocated && !turn.IsLineOver(wish.ArrivedAt):
                return new Refusal(ActivitiesProblems.AllocationNotDue, "名额还没有抽签或审定,分配之后有剩余的,或活动开始后仍有空位的,才能现场报名。");
            case not Phase.Unpublished when wish.IsAtTheDoor:
                break;
            case Phase.Announced:
                return new Refusal(ActivitiesProblems.NotOpenYet)
                {
                    RetryAfterSeconds = (int)Math.Min((activity.OpensAt - wish.ArrivedAt + 999) / 1000, 86_400),
                };
            case not Phase.Open:
            case Phase.Open when turn.IsListClosed:
                return new Refusal(ActivitiesProblems.SignUpClosed);
        }

        if (wish.Source == EnrolmentSource.Self && known.Removed.Contains(wish.PersonId))
        {
            return new Refusal(ActivitiesProblems.RemovedByOrganiser);
        }

        if (wish.Source is EnrolmentSource.Clerk or EnrolmentSource.Organiser && wish.ArrivedAt >= activity.CancelUntil)
        {
            return new Refusal(ActivitiesProblems.TooLateForOthers);
        }

        if (conduct.DelayOf(known.Facts.PointsOf(wish.PersonId)) is not { } delay)
        {
            return new Refusal(ActivitiesProblems.ClosedForYou);
        }

        if (!wish.IsAtTheDoor && wish.ArrivedAt < activity.OpensAt + (long)delay.TotalMilliseconds)
        {
            return new Refusal(ActivitiesProblems.OpensLaterForYou, Later(activity, activity.OpensAt + (long)delay.TotalMilliseconds));
        }

        if (wish.Guests > activity.MostGuests)
        {
            return new Refusal(ActivitiesProblems.TooManyGuests);
        }

        return known.Questions.Check(wish.Answers) is { Count: > 0 } errors
            ? new Refusal(ActivitiesProblems.AnswersIncomplete) { Errors = errors }
            : null;
    }

    private static string Later(ActivityRow activity, long opensForHer) =>
        $"因守约记分,您的报名开放时间顺延到{Instants.InWords(opensForHer)},"
        + (opensForHer < activity.ClosesAt ? "请届时再来。" : "届时报名已截止,您不能报名本次活动。");
}
