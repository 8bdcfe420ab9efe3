using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Counselling;

internal static class CounsellingProblems
{
    public static readonly Problem Off = new(409, "counselling_off", "本地工会还没有开通心理服务。需要帮助时请拨打 12356 全国统一心理援助热线。");
    public static readonly Problem ConsentNeeded = new(409, "counselling_consent_needed", "请先阅读并同意心理咨询知情同意书。");
    public static readonly Problem ConsentTextOutdated = new(409, "counselling_consent_text_changed", "知情同意书已更新,请重新阅读后再同意。");
    public static readonly Problem SlotGone = new(409, "slot_gone", "这个时间刚刚被约走或已不开放,请刷新后另选时间。");
    public static readonly Problem AppointmentOpen = new(409, "appointment_open", "您已有一个未完成的预约。请先查看或取消它,再约新的时间。");
    public static readonly Problem FreeTalksUsed = new(409, "free_talks_used", "您这一年的免费咨询次数已用完。如需继续,请在咨询时提出,由督导决定是否增加;紧急情况请拨打 12356。");
    public static readonly Problem HoldOver = new(409, "hold_over", "保留时间已过,这个时间没有约成,请重新选择。");
    public static readonly Problem AppointmentClosed = new(409, "appointment_closed", "这个预约已经结束或取消,不能再办理此项。");
    public static readonly Problem TalkBegun = new(409, "talk_begun", "咨询已经开始,不能再取消或改期。");
    public static readonly Problem LateToCancel = new(409, "late_to_cancel", "已过取消期限,现在取消仍计入免费次数,并按守约规则记分。确认后果后可以继续取消。");
    public static readonly Problem LateToChange = new(409, "late_to_change", "已过改期期限,不能再改期。如不能前来,请取消后另约。");
    public static readonly Problem NotNow = new(409, "talk_not_now", "现在还不能办理此项:开始前 2 小时起可以提前开始,前 30 分钟起可以签到,开始后可以完成,开始 30 分钟后仍未到才能记未到。");
    public static readonly Problem StoodIn = new(409, "colleague_stood_in", "这次咨询改由同事接待,不记未到。请取消这次预约,不计入次数。");
    public static readonly Problem ReadingLocked = new(409, "reading_locked", "您的密码由他人重设过,咨询记录暂时锁定。请联系督导确认是您本人后再查看。");
    public static readonly Problem NoteTooEarly = new(409, "note_too_early", "咨询开始后才能写记录、建议就医或结案。");
    public static readonly Problem CaseHasTalk = new(409, "case_has_talk", "来访者与您还有未完成的咨询,请先完成或取消,再结案。");
    public static readonly Problem SupervisionMarks = new(409, "supervision_marks", "文中标出的称呼、号码或单位可能让人认出来访者。请修改;确认无妨的,可以再次提交并说明已查看。");
    public static readonly Problem SupervisionAnswered = new(409, "supervision_answered", "这份督导已经回复,请刷新查看。");
    public static readonly Problem TicketTaken = new(409, "crisis_ticket_taken", "这件事已有人响应,请刷新查看是谁。");
    public static readonly Problem TicketStep = new(409, "crisis_step_out_of_order", "这一步现在不能办理:先响应,再评估、处置、回访,最后由督导复核关闭。请刷新查看。");
    public static readonly Problem TicketClosed = new(409, "crisis_ticket_closed", "这件事已经关闭,不能再办理。");
    public static readonly Problem NoCounsellorFile = new(409, "counsellor_file_missing", "请先填写咨询师资料,再设置可约时段。");
    public static readonly Problem CounsellorDecided = new(409, "counsellor_state_wrong", "咨询师资料的状态已变化,请刷新查看。");
    public static readonly Problem OwnCounsellorFile = new(409, "own_counsellor_file", "不能审核自己的咨询师资料,请由另一位督导办理。");
    public static readonly Problem WindowsOverlap = new(409, "windows_overlap", "时段互相重叠,请调整后重新提交。");
    public static readonly Problem RoomUnknown = new(409, "counselling_room_unknown", "所选咨询室不存在或已停用,请另选。");

    public static readonly Problem ConsentWithdrawn = new(409, "counselling_consent_withdrawn", "来访者已撤回同意,咨询记录封存保管至期满,不再打开。");
    public static readonly Problem MonthOpen = new(409, "month_open", "当月统计在次月 4 日公布,请届时再查看。");
    public static readonly Problem TalksMissed = new(409, "talks_missed", "最近三次预约都临时取消或未到,请先排队等候:空出时间时会为您保留并通知您。紧急情况请拨打 12356。");
    public static readonly Problem SlotsFree = new(409, "slots_free", "这些日期还有可约的时间,请直接预约,不用等候。");
    public static readonly Problem ExtensionAsked = new(409, "extension_asked", "这次咨询已经申请过增加次数,请等待督导审批或查看结果。");
    public static readonly Problem ExtensionDecided = new(409, "extension_decided", "这项申请已经审批,请刷新查看。");
    public static readonly Problem ExtendedAlready = new(409, "extended_already", "这位来访者今年已经增加过次数。如仍需要,请转介其他服务。");
    public static readonly Problem TalkNotDone = new(409, "talk_not_done", "咨询完成后才能评价。");
    public static readonly Problem FeedbackOver = new(409, "feedback_over", "评价期(咨询后三十天)已过。感谢您的心意,有意见可以向工会反映。");

    public static readonly IReadOnlyList<Problem> All =
    [
        Off, ConsentNeeded, ConsentTextOutdated, SlotGone, AppointmentOpen, FreeTalksUsed, HoldOver, AppointmentClosed, TalkBegun, LateToCancel,
        TicketTaken, TicketStep, TicketClosed, LateToChange, NotNow, StoodIn, ReadingLocked, NoteTooEarly, CaseHasTalk, SupervisionMarks, SupervisionAnswered, NoCounsellorFile, CounsellorDecided, OwnCounsellorFile, WindowsOverlap, RoomUnknown,
        MonthOpen, ConsentWithdrawn, TalksMissed, SlotsFree, ExtensionAsked, ExtensionDecided, ExtendedAlready, TalkNotDone, FeedbackOver,
    ];
}
