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

    public static readonly IReadOnlyList<Problem> All =
    [
        AlreadyMember, UnderReview, NoOpenApplication, Incomplete, IdNumberTaken, UnionClosed, TooYoung, OwnApplication, NotUnderReview,
    ];
}
