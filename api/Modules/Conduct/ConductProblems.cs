using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Conduct;

internal static class ConductProblems
{
    public static readonly Problem PointsOver = new(409, "points_over", "这项记分已到期或已撤销,不需要申诉。");
    public static readonly Problem AppealOpen = new(409, "appeal_open", "您对这项记分的申诉正在处理,请等待结果。");
    public static readonly Problem SourceGone = new(409, "points_source_gone", "这项记分的原始记录已按期删除,不能再申诉。请联系工会。");
    public static readonly Problem AppealDecided = new(409, "appeal_decided", "这项申诉已经有了决定,请刷新查看。");
    public static readonly Problem NotYourAppeal = new(409, "not_your_appeal", "不能决定自己的申诉,也不能决定由自己办理的报名或签到引起的申诉,请由另一位工作人员办理。");

    public static readonly IReadOnlyList<Problem> All = [PointsOver, AppealOpen, SourceGone, AppealDecided, NotYourAppeal];
}
