using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Activities.Allocating;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>What people are told about their sign-ups.</summary>
internal static class Notices
{
    /// <param name="commitment">Of a draw.</param>
    public static Notice SignedUp(ActivityRow activity, EnrolmentRow enrolment, string? commitment) => enrolment.State switch
    {
        EnrolmentState.Enrolled => Bare(
            enrolment, "enrolled", "报名成功", $"您已报名“{activity.Title}”,报名序号 {enrolment.Number},{Instants.InWords(activity.StartsAt)}开始,地点:{activity.Place}。{ByWhom(enrolment)}"),
        EnrolmentState.Applied => Bare(
            enrolment, "applied", "报名已登记", $"您已登记“{activity.Title}”,报名序号 {enrolment.Number}。{AllocationWords.Of(activity)}结果会通知您。{BoundBy(commitment)}{ByWhom(enrolment)}"),
        _ => Bare(
            enrolment, "waiting_listed", "已进入候补", $"“{activity.Title}”名额已满,您已按顺序进入候补,报名序号 {enrolment.Number}。有名额时会通知您确认。{ByWhom(enrolment)}"),
    };

    public static Notice Offered(ActivityRow activity, EnrolmentRow enrolment, long until) => Of(
        activity, enrolment, "place_offered", "候补有名额了", $"“{activity.Title}”有一个名额为您保留,请在{Instants.InWords(until)}前确认,逾期将顺延给下一位。", until);

    public static Notice OfferExpired(ActivityRow activity, EnrolmentRow enrolment, long now) => Of(
        activity,
        enrolment,
        "offer_expired",
        "候补名额已过期",
        $"“{activity.Title}”为您保留的名额没有在期限内确认,{(now < activity.StartsAt ? "已顺延给下一位" : "活动已经开始,名额不再递补")}。");

    public static Notice NoLongerEligible(ActivityRow activity, EnrolmentRow enrolment, string rule) => Of(
        activity, enrolment, "no_longer_eligible", "未能递补", $"“{activity.Title}”轮到您递补,但目前不符合报名条件:{rule}");

    public static Notice ActivityCancelled(ActivityRow activity, EnrolmentRow enrolment, string reason) => Of(
        activity, enrolment, "activity_cancelled", "活动已取消", $"很抱歉,“{activity.Title}”已取消,原因:{reason}。您的报名随之取消,不记守约分。", activity.StartsAt);

    public static Notice Removed(ActivityRow activity, EnrolmentRow enrolment, string reason) => Of(
        activity, enrolment, "enrolment_removed", "报名被移除", $"您在“{activity.Title}”的报名已由组织者移除,原因:{reason}。如有疑问请联系主办工会。");

    public static Notice Admitted(ActivityRow activity, EnrolmentRow enrolment, long now) => Of(
        activity,
        enrolment,
        "admitted",
        "已获得名额",
        $"恭喜,您已获得“{activity.Title}”的名额,报名序号 {enrolment.Number},{Instants.InWords(activity.StartsAt)}开始,地点:{activity.Place}。"
        + (now < activity.CancelUntil
            ? $"如不能参加,请在{Instants.InWords(activity.CancelUntil)}前取消,逾期取消会记守约分。"
            : "如不能参加,请在活动开始前取消,把名额让给他人,不记守约分。"));

    public static Notice InLine(ActivityRow activity, EnrolmentRow enrolment, int position) => Of(
        activity, enrolment, "waiting_after_allocation", "已进入候补", $"“{activity.Title}”名额已分配,您(报名序号 {enrolment.Number})在候补第 {position} 位。有名额时会通知您确认。");

    public static Notice NotAdmitted(ActivityRow activity, EnrolmentRow enrolment) => Of(
        activity, enrolment, "not_admitted", "未获得名额", $"很遗憾,您(报名序号 {enrolment.Number})没有获得“{activity.Title}”的名额。如有疑问请联系主办工会。");

    public static Notice NotAllocated(ActivityRow activity, EnrolmentRow enrolment) => Of(
        activity, enrolment, "not_allocated", "名额没有分配", $"“{activity.Title}”已经开始,名额没有在开始前分配,您(报名序号 {enrolment.Number})没有获得名额。现场如有空位,可请工作人员办理现场报名。如有疑问请联系主办工会。");

    public static Notice LineEnded(ActivityRow activity, EnrolmentRow enrolment) => Of(
        activity, enrolment, "line_ended", "候补已结束", $"“{activity.Title}”已经开始,候补到此结束,没有轮到您(报名序号 {enrolment.Number})。现场如有空位,可请工作人员办理入场。");

    public static Notice NoShow(ActivityRow activity, EnrolmentRow enrolment, int points) => Of(
        activity, enrolment, "no_show", "缺席记分", $"您报名了“{activity.Title}”但没有签到,按规则记 {points} 分守约分。如有异议,可在“我的守约记分”中申诉。");

    public static Notice FromOrganiser(ActivityRow activity, EnrolmentRow enrolment, string text) => Of(
        activity, enrolment, "organiser_message", "主办工会留言", $"关于“{activity.Title}”:{text}");

    /// <summary>Who keeps it finds out when another secret is put in its place.</summary>
    private static string BoundBy(string? commitment) =>
        commitment is null ? "" : $"本次抽签的密数承诺为 {commitment},请保留,抽签后可据此核对、复算。";

    /// <summary>Who was signed up by somebody else learns it here, and how to get out.</summary>
    private static string ByWhom(EnrolmentRow enrolment) => enrolment.Source switch
    {
        EnrolmentSource.Clerk => "由您所在单位工会代为报名,如不能参加,请在取消截止时间前在小程序中取消。",
        EnrolmentSource.Organiser => "由主办工会代为报名,如不能参加,请在取消截止时间前在小程序中取消。",
        _ => "",
    };

    public static Notice ReturnedToLine(ActivityRow activity, EnrolmentRow enrolment, string reason) => Of(
        activity, enrolment, "returned_to_line", "名额调整,已移回候补", $"“{activity.Title}”的名额减少,您已移回候补,排在其他候补人员之前,原因:{reason}。有名额时会通知您确认,不记守约分。");

    /// <summary>For the inbox alone.</summary>
    private static Notice Bare(EnrolmentRow enrolment, string kind, string title, string text) =>
        new(enrolment.PersonId, kind, title, text, enrolment.Id);

    /// <param name="until">When it must have reached her; null: any time before the activity is over.</param>
    private static Notice Of(ActivityRow activity, EnrolmentRow enrolment, string kind, string title, string text, long? until = null) =>
        new(enrolment.PersonId, kind, title, text, enrolment.Id)
        {
            Facts = new Dictionary<string, string>
            {
                [Fact.Subject] = activity.Title,
                [Fact.Place] = activity.Place,
                [Fact.StartsAt] = Stored(activity.StartsAt),
                [Fact.Until] = Stored(until ?? activity.StartsAt),
                [Fact.ActivityId] = activity.Id,
            },
            Deadline = until ?? activity.EndsAt,
        };

    private static string Stored(long instant) => instant.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
