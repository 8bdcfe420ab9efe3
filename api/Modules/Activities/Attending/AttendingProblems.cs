using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Activities.Attending;

internal static class AttendingProblems
{
    public static readonly Problem NotOpenYet = new(409, "check_in_not_open_yet", "签到还没有开始,每场开始前 60 分钟起可以签到。");
    public static readonly Problem Closed = new(409, "check_in_closed", "签到已经结束。");
    public static readonly Problem HallCodeInvalid = new(409, "hall_code_invalid", "签到码无效,请扫描现场屏幕上的签到码。");
    public static readonly Problem HallCodeExpired = new(409, "hall_code_expired", "签到码已过期,请重新扫描现场屏幕上的签到码。");
    public static readonly Problem HallCodeElsewhere = new(409, "hall_code_of_another_activity", "这是另一个活动的签到码,请确认活动后重新扫描。");
    public static readonly Problem AcceptOfferFirst = new(409, "accept_offer_first", "候补名额还没有确认,请先在小程序中确认名额,再签到。");
    public static readonly Problem NoPlaceGiven = new(409, "no_place_given", "报名还没有取得名额,不能签到。");
    public static readonly Problem CheckedInAlready = new(409, "checked_in_already", "已经签到,不能再取消报名。");

    public static readonly IReadOnlyList<Problem> All =
        [NotOpenYet, Closed, HallCodeInvalid, HallCodeExpired, HallCodeElsewhere, AcceptOfferFirst, NoPlaceGiven, CheckedInAlready];
}
