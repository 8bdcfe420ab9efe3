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
    public static readonly Problem ContactNotWanted = new(409, "contact_not_wanted", "您在联谊信息中选择了不交换联系方式。改变主意的,请先修改联谊信息再同意。");
    public static readonly Problem PhoneNeeded = new(409, "phone_needed", "您还没有绑定手机号,请先绑定手机号再办理。");

    public static readonly Problem ConsentNeeded = new(409, "singles_consent_needed", "请先阅读并同意单身联谊的告知同意书。");
    public static readonly Problem DeclarationNeeded = new(409, "declaration_needed", "请先签署单身承诺书。");
    public static readonly Problem MembersOnly = new(409, "members_only", "仅限在册工会会员,请先办理入会。");
    public static readonly Problem NoEntry = new(409, "no_singles_entry", "您还没有填写联谊信息,请先填写。");
    public static readonly Problem EntryNotDraft = new(409, "entry_not_draft", "联谊信息已提交或已通过审核。需要修改的,修改保存后重新提交。");
    public static readonly Problem EntryNotWaiting = new(409, "entry_not_waiting", "这份联谊信息不在等待此项办理的状态,请刷新查看。");
    public static readonly Problem OwnEntry = new(409, "own_singles_entry", "不能办理自己的联谊信息,请由另一位工作人员办理。");
    public static readonly Problem CountyReviews = new(409, "county_reviews", "此项由县总工会审核,单位工会只能确认或退回待确认的联谊信息。");
    public static readonly Problem SecondReviewerNeeded = new(409, "second_reviewer_needed", "须由另一位工作人员办理。");
    public static readonly Problem ReportDecided = new(409, "report_decided", "这项举报已经有了处理结果,请刷新查看。");
    public static readonly Problem OwnReport = new(409, "own_report", "不能处理与自己有关的举报,请由另一位工作人员办理。");
    public static readonly Problem Barred = new(409, "barred_from_singles", "您被限制参加单身联谊活动。如有疑问请联系主办工会。");

    /// <summary>At the door: why is her own affair, and the office's that decided it.</summary>
    public static readonly Problem MayNotComeIn = new(409, "may_not_come_in", "此人目前不能参加本场联谊,请本人在小程序的“单身联谊”中查看原因。");

    public static readonly Problem TextRisky = new(409, "text_risky", "文字内容没有通过平台的内容检查,请退回由本人修改。");
    public static readonly Problem PhotoRisky = new(409, "photo_risky", "照片没有通过平台的内容检查,请退回由本人更换。");
    public static readonly Problem PhotoNotWaiting = new(409, "photo_not_waiting", "这张照片不在等待查看,或平台刚刚有了新的答复,请刷新查看。");

    public static readonly Problem PhotoDecisionImpossible = new(
        409, "photo_decision_impossible", "平台对这张照片的答复不允许这样处理:建议人工查看的可以显示或不采用,没有答复的可以再检查一次或不采用,没有通过的只能不采用。");

    public static readonly IReadOnlyList<Problem> All =
    [
        NoPlate, EveningOver, TooFewGuests, RoundLive, BallotKeyMissing, RoundNotOpen, BallotClosed, RoundVoid, PlateUnknown, ClosingKeyWrong,
        RoundCounted, MatchEnded, NotAPair, ContactOver, ContactNotWanted, PhoneNeeded,
        ConsentNeeded, DeclarationNeeded, MembersOnly, NoEntry, EntryNotDraft, EntryNotWaiting, OwnEntry, CountyReviews, SecondReviewerNeeded,
        ReportDecided, OwnReport, Barred, MayNotComeIn, TextRisky, PhotoRisky, PhotoNotWaiting, PhotoDecisionImpossible,
    ];
}
