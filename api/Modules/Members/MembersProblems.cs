using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Members;

internal static class MembersProblems
{
    public static readonly Problem AlreadyMember = new(409, "already_member", "您已是工会会员,无需再次申请。如换了单位,请办理会籍接转。");
    public static readonly Problem UnderReview = new(409, "application_under_review", "申请已提交,正在审核,暂时不能修改。如需修改请先撤回。");
    public static readonly Problem NoOpenApplication = new(409, "no_open_application", "没有进行中的入会申请,请先填写申请。");
    public static readonly Problem Incomplete = new(409, "application_incomplete", "申请还没有填写完整,请补充标出的项目后再提交。");
    public static readonly Problem IdNumberTaken = new(409, "id_number_taken", "此证件号码已有会籍或正在申请。如不是您本人办理,请带身份证到就近工会核实。");
    public static readonly Problem UnionClosed = new(409, "union_not_open", "所选工会目前不接收新会员,请另选工会或选择周转库工会。");
    public static readonly Problem TooYoung = new(409, "too_young", "年满 16 周岁方可入会。");
    public static readonly Problem OwnApplication = new(409, "own_application", "不能审批本人的申请,请由另一位工作人员办理。");
    public static readonly Problem NotUnderReview = new(409, "application_not_under_review", "此申请不在待审核状态,请刷新查看。");
    public static readonly Problem RebindingCodeUnusable = new(409, "rebinding_code_unusable", "换绑码不正确、已用过或已过期(10 分钟内有效),请职工在新微信的小程序里重新获取。");
    public static readonly Problem RebindingPersonNotEmpty = new(409, "rebinding_person_not_empty", "新微信账号下已有会籍、入会申请或其他登记,不能换绑。请职工先在小程序中撤回申请,或联系上级工会核实。");

    public static readonly Problem NotMember = new(409, "not_a_member", "您目前没有会籍,请先申请入会。");
    public static readonly Problem OwnMembership = new(409, "own_membership", "不能办理本人的会籍事项,请由另一位工作人员办理。");
    public static readonly Problem WrongMembershipState = new(409, "wrong_membership_state", "此会员目前的会籍状态不能办理这项业务,请刷新查看。");
    public static readonly Problem SameUnion = new(409, "same_union", "会籍已在所选工会,无需接转。");
    public static readonly Problem TransferOpen = new(409, "transfer_open", "已有一项会籍接转正在办理,请等待办结或先撤销。");
    public static readonly Problem TransferClosed = new(409, "transfer_closed", "此项会籍接转已经办结或已过期,请刷新查看。");
    public static readonly Problem UnionOutOfReach = new(409, "union_out_of_reach", "所选工会不在您的管理范围内,请由上级工会办理,或恢复会籍后再办理接转。");
    public static readonly Problem DepartureOpen = new(409, "departure_open", "已有一项同类申请正在办理,请等待办结或先撤销。");
    public static readonly Problem DepartureClosed = new(409, "departure_closed", "此项申请已经办结或已撤销,请刷新查看。");
    public static readonly Problem NothingToCorrect = new(409, "nothing_to_correct", "提交的内容与登记表一致,没有需要更正的项目。");
    public static readonly Problem CorrectionOpen = new(409, "correction_open", "此会员已有一项更正等待复核,请先办结。");
    public static readonly Problem CorrectionClosed = new(409, "correction_closed", "此项更正已经办结,请刷新查看。");
    public static readonly Problem MemberCodeInvalid = new(409, "member_code_invalid", "会员码无效,请让会员在小程序中重新出示。");
    public static readonly Problem MemberCodeExpired = new(409, "member_code_expired", "会员码已过期,请让会员刷新后重新出示。");
    public static readonly Problem MemberLeft = new(409, "member_left", "此人的会籍已经终止。");

    public static readonly IReadOnlyList<Problem> All =
    [
        AlreadyMember, UnderReview, NoOpenApplication, Incomplete, IdNumberTaken, UnionClosed, TooYoung, OwnApplication, NotUnderReview,
        NotMember, OwnMembership, WrongMembershipState, SameUnion, TransferOpen, TransferClosed, UnionOutOfReach,
        DepartureOpen, DepartureClosed, NothingToCorrect, CorrectionOpen, CorrectionClosed, MemberCodeInvalid, MemberCodeExpired, MemberLeft,
        RebindingCodeUnusable, RebindingPersonNotEmpty,
    ];
}
