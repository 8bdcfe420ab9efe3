using WeChatUnion.Api.Infrastructure.Notices;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>One field of a template as the county chose it in WeChat's console: key, its words there, and what fills it.</summary>
/// <param name="Key">WeChat's prefix and number, e.g. <c>thing1</c>.</param>
/// <param name="Label">Chosen with the template; for the console and the reader.</param>
/// <param name="Fact">The fact that fills it, or null: then <paramref name="Otherwise"/> does.</param>
/// <param name="Otherwise">When the fact is missing or empty, which WeChat refuses. Null: the notice's title.</param>
internal sealed record TemplateField(string Key, string Label, string? Fact, string? Otherwise = null);

/// <summary>A subscribe-message template (订阅消息模板); its id at WeChat comes from <c>Messages:Templates</c>.</summary>
/// <param name="Moments">When the mini-program asks for the right to send it.</param>
internal sealed record NoticeTemplate(string Name, string Title, IReadOnlyList<TemplateField> Fields, IReadOnlyList<string> Moments);

/// <summary>What is declared of a kind of notice. A kind that does not stand here is told in the inbox only.</summary>
/// <param name="Template">Null: the inbox only.</param>
/// <param name="IsSensitive">What it is about shows neither on a locked phone nor to staff: the template's own words are used.</param>
/// <param name="MayRepeat">Whether it does no harm to be told twice when WeChat's answer to the first was lost.</param>
/// <param name="LeadsToActivity">Its page is the activity's, not the message's.</param>
internal sealed record NoticeKind(
    string Name, NoticeTemplate? Template, Importance Importance = Importance.Normal, bool IsSensitive = false, bool MayRepeat = true, bool LeadsToActivity = false)
{
    /// <summary>Goes to staff by e-mail, when they gave an address.</summary>
    public bool IsForStaff { get; init; }

    /// <summary>Something is lost by who hears of it late: when WeChat has no way to her, a text message has.</summary>
    public static bool IsDecisive(Importance importance) => importance <= Importance.Important;
}

/// <summary>All kinds of notices that leave the inbox, and the templates they leave by.</summary>
internal static class NoticeKinds
{
    public const string ActivityReminder = "activity_reminder";
    public const string ServiceReminder = "service_reminder";
    public const string Broadcast = "broadcast";
    public const string DeliveryParked = "delivery_parked";

    private const string SeeInside = "请打开小程序查看";

    public static readonly NoticeTemplate PlaceOffered = new(
        "place_offered",
        "候补名额通知",
        [new("thing1", "活动名称", Fact.Subject), new("time2", "确认截止", Fact.Until), new("thing3", "活动地点", Fact.Place, SeeInside), new("thing4", "温馨提示", null, "逾期未确认将顺延给下一位")],
        ["sign_up", "waiting_list"]);

    public static readonly NoticeTemplate ActivityResult = new(
        "activity_result",
        "活动报名结果通知",
        [new("thing1", "活动名称", Fact.Subject), new("thing2", "结果", null), new("time3", "活动时间", Fact.StartsAt), new("thing4", "温馨提示", null, SeeInside)],
        ["sign_up", "waiting_list"]);

    public static readonly NoticeTemplate Reminder = new(
        "activity_reminder",
        "活动开始提醒",
        [new("thing1", "活动名称", Fact.Subject), new("time2", "开始时间", Fact.StartsAt), new("thing3", "活动地点", Fact.Place, SeeInside)],
        ["sign_up"]);

    public static readonly NoticeTemplate MembershipResult = new(
        "membership_result",
        "会籍办理结果通知",
        [new("thing1", "办理事项", null), new("time2", "办理时间", null), new("thing3", "温馨提示", null, SeeInside)],
        ["application"]);

    public static readonly NoticeTemplate UnionMessage = new(
        "union_message",
        "工会通知",
        [new("thing1", "通知事项", Fact.Subject), new("time2", "通知时间", null), new("thing3", "温馨提示", Fact.Note, SeeInside)],
        ["messages"]);

    /// <summary>Words that say nothing of what it is about: it may be read over a shoulder.</summary>
    public static readonly NoticeTemplate ServiceNotice = new(
        "service_notice",
        "服务提醒",
        [new("thing1", "提醒事项", null, "您预约的服务有新消息"), new("time2", "时间", Fact.StartsAt), new("thing3", "温馨提示", null, SeeInside)],
        ["service"]);

    /// <summary>In the order of the file for the mini-program's makers.</summary>
    public static readonly IReadOnlyList<NoticeTemplate> Templates = [PlaceOffered, ActivityResult, Reminder, MembershipResult, UnionMessage, ServiceNotice];

    private static readonly Dictionary<string, NoticeKind> ByName = Declared().ToDictionary(k => k.Name);

    public static IEnumerable<NoticeKind> All => ByName.Values;

    /// <summary>Told in the inbox alone and nobody else's business: even that there was one, and when, would tell who belongs together.</summary>
    public static readonly IReadOnlyList<string> Untold = [.. All.Where(k => k is { IsSensitive: true, Template: null, IsForStaff: false }).Select(k => k.Name)];

    public static NoticeKind Of(string name) => ByName.GetValueOrDefault(name) ?? new NoticeKind(name, null);

    public static NoticeTemplate? TemplateOf(string? name) => Templates.FirstOrDefault(t => t.Name == name);

    /// <summary>So many rights are left alone by a notice of this importance, for what matters more and leaves by the same template.</summary>
    public static int KeptBack(NoticeTemplate template, Importance importance) =>
        All.Any(k => k.Template == template && k.Importance < importance) ? 1 : 0;

    private static IEnumerable<NoticeKind> Declared() =>
    [
        // Activities.
        new("place_offered", PlaceOffered, Importance.Important, LeadsToActivity: true),
        new("offer_expired", ActivityResult, Importance.Low, LeadsToActivity: true),
        new("admitted", ActivityResult, Importance.Important, LeadsToActivity: true),
        new("not_admitted", ActivityResult, LeadsToActivity: true),
        new("waiting_after_allocation", ActivityResult, LeadsToActivity: true),
        new("no_longer_eligible", ActivityResult, LeadsToActivity: true),
        new("returned_to_line", ActivityResult, Importance.Important, LeadsToActivity: true),
        new("enrolment_removed", ActivityResult, Importance.Important, LeadsToActivity: true),
        new("activity_cancelled", ActivityResult, Importance.Important, LeadsToActivity: true),
        new(ActivityReminder, Reminder, LeadsToActivity: true),

        // Membership.
        new("membership_approved", MembershipResult, Importance.Important),
        new("membership_returned", MembershipResult, Importance.Important),
        new("membership_rejected", MembershipResult, Importance.Important),
        new("leaving_took_effect", MembershipResult),
        new("union_closed", MembershipResult),
        new("record_corrected", MembershipResult),

        // Words of people.
        new("organiser_message", UnionMessage, LeadsToActivity: true),
        new(Broadcast, UnionMessage, Importance.Low, MayRepeat: false),

        // Counselling and other services that are nobody else's business.
        new("service", ServiceNotice, Importance.Important, IsSensitive: true),
        new(ServiceReminder, ServiceNotice, IsSensitive: true),
        new("application_answer", ServiceNotice, Importance.Important, IsSensitive: true),
        new("application_late", ServiceNotice, IsSensitive: true),
        new("complaint_decided", ServiceNotice, IsSensitive: true),
        new("application_follow_up", ServiceNotice, Importance.Low, IsSensitive: true),

        // Singles' evenings: the inbox only, and nothing of them in any list of staff.
        new("approve_singles_entry", null, IsSensitive: true),
        new("return_singles_entry", null, IsSensitive: true),
        new("singles_text_hidden", null, IsSensitive: true),
        new("singles_photo_hidden", null, IsSensitive: true),
        new("singles_photo_decided", null, IsSensitive: true),
        new("ballot_counted", null, IsSensitive: true),
        new("contact_exchanged", null, IsSensitive: true),
        new("singles_follow_up", null, IsSensitive: true),
        new("singles_report_decided", null, IsSensitive: true),
        new("singles_warned", null, IsSensitive: true),
        new("singles_barred", null, IsSensitive: true),
        new("singles_bar_lifted", null, IsSensitive: true),

        // Staff.
        new("crisis_called", null, Importance.Urgent) { IsForStaff = true },
        new("crisis_overdue", null, Importance.Urgent) { IsForStaff = true },
        new("vacancy", null) { IsForStaff = true },
        new("employer_renewal", null) { IsForStaff = true },
        new("vacancy_complaint", null, Importance.Important) { IsForStaff = true },
        new(DeliveryParked, null, Importance.Important) { IsForStaff = true },
    ];
}
