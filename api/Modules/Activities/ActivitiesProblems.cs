using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Activities;

internal static class ActivitiesProblems
{
    public static readonly Problem NotOpenYet = new(409, "sign_up_not_open_yet", "报名还没有开始,请在开放时间再来。");
    public static readonly Problem OpensLaterForYou = new(409, "sign_up_opens_later_for_you", "因守约记分,您的报名开放时间顺延,请在顺延后的时间再来。");
    public static readonly Problem ClosedForYou = new(409, "sign_up_closed_for_you", "因守约记分较多,您暂时不能报名。记分到期后自动恢复,如有疑问请联系主办工会。");
    public static readonly Problem SignUpClosed = new(409, "sign_up_closed", "报名已经截止。");
    public static readonly Problem ActivityCancelled = new(409, "activity_cancelled", "活动已取消。");
    public static readonly Problem NotEligible = new(409, "not_eligible", "您不符合报名条件。");
    public static readonly Problem Full = new(409, "activity_full", "名额已满,也没有候补名额。");
    public static readonly Problem TooManyGuests = new(409, "too_many_guests", "同行人数超过了本活动的上限。");
    public static readonly Problem EnrolledAlready = new(409, "enrolled_already", "您已报名此活动。如需修改,请先取消再重新报名。");
    public static readonly Problem TooLateForOthers = new(409, "too_late_to_sign_up_others", "已过取消截止时间,本人不能再无责取消,因此不能再代为报名,请由本人报名。");
    public static readonly Problem RemovedByOrganiser = new(409, "removed_by_organiser", "您在此活动的报名已由组织者移除,不能自行再次报名。如有疑问请联系主办工会。");
    public static readonly Problem NotEnrolled = new(409, "not_enrolled", "您没有报名此活动,或报名已取消。");
    public static readonly Problem NoOffer = new(409, "no_offer", "没有等待您确认的名额,可能已经过期或已确认。");
    public static readonly Problem LateCancellation = new(409, "late_cancellation", "已过取消截止时间,现在取消会记守约分。确认后果后可以继续取消。");
    public static readonly Problem HasStarted = new(409, "activity_has_started", "活动已经开始,不能再取消。");
    public static readonly Problem AnswersIncomplete = new(400, "answers_incomplete", "报名问题没有填写完整或不正确,请检查标出的项目。");
    public static readonly Problem NotDraft = new(409, "activity_not_draft", "活动已提交或已发布,不能再修改草稿。");
    public static readonly Problem NotAwaitingApproval = new(409, "activity_not_awaiting_approval", "此活动不在待审批状态,请刷新查看。");
    public static readonly Problem OwnActivity = new(409, "own_activity", "不能审批自己提交的活动,请由另一位工作人员办理。");
    public static readonly Problem TimesOutOfOrder = new(409, "times_out_of_order", "报名截止时间已过,请调整时间后再提交。");
    public static readonly Problem ActivityOver = new(409, "activity_over", "活动已结束或已取消,不能再办理此项。");
    public static readonly Problem NotADraw = new(409, "not_a_draw", "此活动不以抽签分配名额。");
    public static readonly Problem NotAChoice = new(409, "not_a_choice", "此活动的名额不由组织者审定。");
    public static readonly Problem AllocationNotDue = new(409, "allocation_not_due", "还没有到分配名额的时候,请在报名截止之后办理。");
    public static readonly Problem AllocationTooLate = new(409, "allocation_too_late", "活动已经开始,不能再分配名额。");
    public static readonly Problem Allocated = new(409, "places_allocated_already", "名额已经分配,每项活动只分配一次。");
    public static readonly Problem DrawValueEntered = new(409, "draw_value_entered_already", "已有一个公开值等待核对,请先核对或退回。");
    public static readonly Problem DrawValueDecided = new(409, "draw_value_decided_already", "此公开值已核对或已退回,请刷新查看。");
    public static readonly Problem OwnDrawValue = new(409, "own_draw_value", "不能核对自己录入的公开值,请由另一位工作人员办理。");
    public static readonly Problem DrawValueDiffers = new(409, "draw_value_differs", "与录入的公开值不一致。请再查看公布的号码,录入有误的请退回重录。");
    public static readonly Problem EnrolmentDecided = new(409, "enrolment_decided_already", "此报名已有结果或已取消,请刷新查看。");
    public static readonly Problem GroupFull = new(409, "group_full", "该名额组的剩余名额不够这位报名者及同行人员。");
    public static readonly Problem Busy = new(503, "sign_up_busy", "报名人数很多,本次没有受理,请稍后原样重试。") { RetryAfterSeconds = 2 };
    public static readonly Problem NotPublished = new(409, "activity_not_published", "活动还没有发布,请直接修改草稿。");
    public static readonly Problem CapacityBelowTaken = new(409, "capacity_below_taken", "名额不能少于已占用的名额,除非明确选择把最后报名的人移回候补。");
    public static readonly Problem BeingDrawn = new(409, "places_being_drawn", "报名已截止、正在抽签,名额以公布的名单为准,抽签完成后才能调整。");
    public static readonly Problem PageNotPublished = new(409, "mini_program_page_not_published", "小程序的活动页面还没有发布,暂时不能生成小程序码,请联系系统管理员。");

    public static readonly IReadOnlyList<Problem> All =
    [
        NotOpenYet, OpensLaterForYou, ClosedForYou, SignUpClosed, ActivityCancelled, NotEligible, Full, TooManyGuests, EnrolledAlready,
        NotEnrolled, NoOffer, LateCancellation, HasStarted, AnswersIncomplete, NotDraft, NotAwaitingApproval, OwnActivity, TimesOutOfOrder, ActivityOver, Busy,
        NotADraw, NotAChoice, AllocationNotDue, AllocationTooLate, Allocated, DrawValueEntered, DrawValueDecided, OwnDrawValue, DrawValueDiffers,
        EnrolmentDecided, GroupFull, TooLateForOthers, RemovedByOrganiser,
        NotPublished, CapacityBelowTaken, BeingDrawn, PageNotPublished,
    ];
}
