using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>What people are told about their sign-ups.</summary>
internal static class Notices
{
    public static Notice SignedUp(ActivityRow activity, EnrolmentRow enrolment) => enrolment.State switch
    {
        EnrolmentState.Enrolled => Of(
            enrolment, "enrolled", "报名成功", $"您已报名“{activity.Title}”,报名序号 {enrolment.Number},{When(activity.StartsAt)}开始,地点:{activity.Place}。"),
        _ => Of(
            enrolment, "waiting_listed", "已进入候补", $"“{activity.Title}”名额已满,您已按顺序进入候补,报名序号 {enrolment.Number}。有名额时会通知您确认。"),
    };

    public static Notice Offered(ActivityRow activity, EnrolmentRow enrolment, long until) => Of(
        enrolment, "place_offered", "候补有名额了", $"“{activity.Title}”有一个名额为您保留,请在{When(until)}前确认,逾期将顺延给下一位。");

    public static Notice OfferExpired(ActivityRow activity, EnrolmentRow enrolment) => Of(
        enrolment, "offer_expired", "候补名额已过期", $"“{activity.Title}”为您保留的名额没有在期限内确认,已顺延给下一位。");

    public static Notice NoLongerEligible(ActivityRow activity, EnrolmentRow enrolment, string rule) => Of(
        enrolment, "no_longer_eligible", "未能递补", $"“{activity.Title}”轮到您递补,但目前不符合报名条件:{rule}");

    public static Notice ActivityCancelled(ActivityRow activity, EnrolmentRow enrolment, string reason) => Of(
        enrolment, "activity_cancelled", "活动已取消", $"很抱歉,“{activity.Title}”已取消,原因:{reason}。您的报名随之取消,不记守约分。");

    public static Notice Removed(ActivityRow activity, EnrolmentRow enrolment, string reason) => Of(
        enrolment, "enrolment_removed", "报名被移除", $"您在“{activity.Title}”的报名已由组织者移除,原因:{reason}。如有疑问请联系主办工会。");

    public static Notice ReturnedToLine(ActivityRow activity, EnrolmentRow enrolment, string reason) => Of(
        enrolment, "returned_to_line", "名额调整,已移回候补", $"“{activity.Title}”的名额减少,您已移回候补,排在其他候补人员之前,原因:{reason}。有名额时会通知您确认,不记守约分。");

    private static Notice Of(EnrolmentRow enrolment, string kind, string title, string text) =>
        new(enrolment.PersonId, kind, title, text, enrolment.Id);

    private static string When(long instant) =>
        Instants.At(instant).ToString("M月d日 HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
