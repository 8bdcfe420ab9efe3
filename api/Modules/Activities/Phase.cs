namespace WeChatUnion.Api.Modules.Activities;

/// <summary>How far an activity has come, as its people see it (活动阶段).</summary>
public enum Phase
{
    /// <summary>草稿或待审批: not public.</summary>
    Unpublished,

    /// <summary>即将报名.</summary>
    Announced,

    /// <summary>报名中.</summary>
    Open,

    /// <summary>报名截止.</summary>
    Closed,

    /// <summary>进行中.</summary>
    Running,

    /// <summary>已结束.</summary>
    Finished,

    /// <summary>已取消.</summary>
    Cancelled,

    /// <summary>已归档: over for a year.</summary>
    Archived,
}

internal static class Phases
{
    /// <summary>So long after its end an activity is archived; its sign-ups are deleted at that time (column registry).</summary>
    public const long UntilArchived = 365 * 24 * 60 * 60 * 1000L;

    /// <summary>By the server's clock. Each boundary belongs to the later phase: at opening it is open, at closing closed.</summary>
    public static Phase Of(ActivityRow activity, long now) => activity.State switch
    {
        ActivityState.Draft or ActivityState.AwaitingApproval => Phase.Unpublished,
        ActivityState.Cancelled => Phase.Cancelled,
        _ when now < activity.OpensAt => Phase.Announced,
        _ when now < activity.ClosesAt => Phase.Open,
        _ when now < activity.StartsAt => Phase.Closed,
        _ when now < activity.EndsAt => Phase.Running,
        _ when now < activity.EndsAt + UntilArchived => Phase.Finished,
        _ => Phase.Archived,
    };
}
