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
    public static readonly Problem LateToCancel = new(409, "late_to_cancel", "已过取消期限,现在取消仍计入免费次数。确认后果后可以继续取消。");
    public static readonly Problem NoCounsellorFile = new(409, "counsellor_file_missing", "请先填写咨询师资料,再设置可约时段。");
    public static readonly Problem CounsellorDecided = new(409, "counsellor_state_wrong", "咨询师资料的状态已变化,请刷新查看。");
    public static readonly Problem OwnCounsellorFile = new(409, "own_counsellor_file", "不能审核自己的咨询师资料,请由另一位督导办理。");
    public static readonly Problem WindowsOverlap = new(409, "windows_overlap", "时段互相重叠,请调整后重新提交。");
    public static readonly Problem RoomUnknown = new(409, "counselling_room_unknown", "所选咨询室不存在或已停用,请另选。");

    public static readonly IReadOnlyList<Problem> All =
    [
        Off, ConsentNeeded, ConsentTextOutdated, SlotGone, AppointmentOpen, FreeTalksUsed, HoldOver, AppointmentClosed, TalkBegun, LateToCancel,
        NoCounsellorFile, CounsellorDecided, OwnCounsellorFile, WindowsOverlap, RoomUnknown,
    ];
}
