namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>How places are given, in words for workers (分配规则).</summary>
internal static class AllocationWords
{
    public static string Of(ActivityRow activity) => (activity.Allocation, activity.HasWaitingList) switch
    {
        (Allocation.FirstCome, true) => "先到先得:按报名先后给名额,报满后按先后候补。",
        (Allocation.FirstCome, false) => "先到先得:按报名先后给名额,报满为止。",
        (Allocation.Draw, true) => "抽签:报名期间只登记,不分先后;截止后公开抽签,人人可以复算;未中签的按抽签次序候补。",
        (Allocation.Draw, false) => "抽签:报名期间只登记,不分先后;截止后公开抽签,人人可以复算;未中签的不再候补。",
        (_, true) => "组织者审定:报名期间只登记;截止后由主办工会逐一决定并记录理由;其余按报名序号候补。",
        (_, false) => "组织者审定:报名期间只登记;截止后由主办工会逐一决定并记录理由;其余不再候补。",
    };
}
