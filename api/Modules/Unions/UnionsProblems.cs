using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Unions;

internal static class UnionsProblems
{
    public static readonly Problem UnionAboveNeeded = new(409, "union_above_needed", "此事项由上级工会办理,请联系上级工会。");
    public static readonly Problem ParentNotOpen = new(409, "parent_not_open", "所选上级工会已撤销或不在您的管理范围内,请另选上级工会。");
    public static readonly Problem SecondPersonNeeded = new(409, "second_person_needed", "经办人不能自己复核,请由另一位工作人员办理。");
    public static readonly Problem CreditCodeTaken = new(409, "credit_code_taken", "此统一社会信用代码已登记在另一个工会名下,请核对。");
    public static readonly Problem WrongUnionState = new(409, "wrong_union_state", "此工会目前的状态不能办理这项业务,请刷新查看。");
    public static readonly Problem UnionCycle = new(409, "union_cycle", "不能把工会移到自己或自己的下级工会之下。");
    public static readonly Problem UnionsBelow = new(409, "unions_below", "此工会还有下级工会,请先移走或撤销下级工会。");
    public static readonly Problem MembersLeft = new(409, "members_left", "此工会还有会员,请指定会员转入的工会后再撤销。");
    public static readonly Problem TargetNotOpen = new(409, "target_not_open", "会员转入的工会不能接收会员或不在您的管理范围内,请另选。");
    public static readonly Problem TermTaken = new(409, "term_taken", "这一届委员会已经登记。");
    public static readonly Problem NoCommittee = new(409, "no_committee", "此工会还没有登记委员会,请先登记换届结果。");

    public static readonly IReadOnlyList<Problem> All =
    [
        UnionAboveNeeded, ParentNotOpen, SecondPersonNeeded, CreditCodeTaken, WrongUnionState, UnionCycle, UnionsBelow, MembersLeft,
        TargetNotOpen, TermTaken, NoCommittee,
    ];
}
