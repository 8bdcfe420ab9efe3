using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Singles;

internal static class SinglesProblems
{
    public static readonly Problem NoPlate = new(409, "no_plate", "您还没有在本场联谊签到领取号牌,请先到现场签到。");
    public static readonly Problem EveningOver = new(409, "evening_over", "本场联谊已经结束,不能再查看。");
    public static readonly Problem TooFewGuests = new(409, "too_few_guests", "还没有男女嘉宾都签到,不能开启互选。");
    public static readonly Problem RoundLive = new(409, "round_live", "本场互选已经开启或已经计票。结束码丢失的,请先作废再重新开启。");
    public static readonly Problem BallotKeyMissing = new(409, "ballot_key_missing", "系统没有配置选票密钥,不能开启互选。请联系系统管理员配置 Singles:BallotKey。");
    public static readonly Problem RoundNotOpen = new(409, "round_not_open", "互选还没有开启,请等主持人宣布。");
    public static readonly Problem BallotClosed = new(409, "ballot_closed", "互选已经结束,不再接受选票。此前已交的选票有效。");
    public static readonly Problem RoundVoid = new(409, "round_void", "这一轮互选已作废,选票已全部删除。请以主持人重新开启的一轮为准。");
    public static readonly Problem PlateUnknown = new(409, "plate_unknown", "选择的号牌不在现场,请对照嘉宾卡重新选择。");
    public static readonly Problem ClosingKeyWrong = new(409, "closing_key_wrong", "结束码不正确,请核对后重新输入。结束码丢失的,只能作废本轮互选。");
    public static readonly Problem RoundCounted = new(409, "round_counted", "这一轮互选已经计票,不能作废。");
    public static readonly Problem MatchEnded = new(409, "match_ended", "对方或您已结束这段联系,不能再办理。");
    public static readonly Problem NotAPair = new(409, "not_a_pair", "只有牵手成功的两位可以公布,互有好感不公布。");
    public static readonly Problem ContactOver = new(409, "contact_over", "联系方式的展示期已过,不能再交换。");
    public static readonly Problem PhoneNeeded = new(409, "phone_needed", "您还没有绑定手机号,请先绑定再同意交换联系方式。");

    public static readonly IReadOnlyList<Problem> All =
    [
        NoPlate, EveningOver, TooFewGuests, RoundLive, BallotKeyMissing, RoundNotOpen, BallotClosed, RoundVoid, PlateUnknown, ClosingKeyWrong,
        RoundCounted, MatchEnded, NotAPair, ContactOver, PhoneNeeded,
    ];
}
