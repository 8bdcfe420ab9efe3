using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Counselling;

/// <summary>Section <c>Counselling</c>: whether there is psychological support, its own keys, and its rules.</summary>
internal sealed record CounsellingSettings
{
    public bool IsOn { get; init; }

    /// <summary>Key of the HMAC behind which clients stand. It is never changed: what it hides would be lost.</summary>
    public string LinkKey { get; init; } = "";

    /// <summary>Which of <see cref="NoteKeys"/> locks new values.</summary>
    public string CurrentNoteKey { get; init; } = "";

    /// <summary>Key id → key, as <c>Privacy:FieldKeys</c>, for what is said in confidence. Old keys stay for reading.</summary>
    public IReadOnlyDictionary<string, string> NoteKeys { get; init; } = new Dictionary<string, string>();

    /// <summary>The county's own help line or hospital, shown beside the national ones.</summary>
    public string LocalHotline { get; init; } = "";

    /// <summary>Hours before a talk until which it can be booked.</summary>
    public int BookingNoticeHours { get; init; } = 2;

    /// <summary>Hours before a talk until which it can be moved.</summary>
    public int ChangeNoticeHours { get; init; } = 24;

    /// <summary>Hours before a talk until which it can be cancelled without consequence.</summary>
    public int CancelNoticeHours { get; init; } = 24;

    /// <summary>How many days ahead there are slots.</summary>
    public int HorizonDays { get; init; } = 30;

    /// <summary>How long a time is kept while the form is filled in.</summary>
    public int HoldMinutes { get; init; } = 10;

    /// <summary>Free talks of one person in a calendar year.</summary>
    public int FreeTalksPerYear { get; init; } = 6;

    /// <summary>Free talks more in that year, when a supervisor allows it.</summary>
    public int ExtraTalksPerYear { get; init; } = 2;

    /// <summary>So long a talk that became free is kept for the first in the line; hours of the night do not count.</summary>
    public int OfferHours { get; init; } = 4;

    /// <summary>Where alarms of crises are posted, over HTTPS: the county's gateway to text messages or phones.</summary>
    public string AlarmAddress { get; init; } = "";

    /// <summary>Key with which they are signed, 32 bytes in base64; the gateway has the same.</summary>
    public string AlarmKey { get; init; } = "";

    public static long Hours(int hours) => (long)TimeSpan.FromHours(hours).TotalMilliseconds;

    /// <summary>Outside Production the module is open, with keys of its own.</summary>
    public static object ForNewcomers(Func<string> newKey)
    {
        const string Local = "local-1";
        return new Dictionary<string, object>
        {
            [nameof(IsOn)] = true,
            [nameof(LinkKey)] = newKey(),
            [nameof(CurrentNoteKey)] = Local,
            [nameof(NoteKeys)] = new Dictionary<string, string> { [Local] = newKey() },
        };
    }

    public IEnumerable<string> Faults(bool production)
    {
        if (IsOn && production && AlarmAddress.Length == 0)
        {
            yield return "Counselling:AlarmAddress 未填写:开通心理服务必须有危机报警的接收地址(本县短信或电话网关)。";
        }

        if (IsOn && AlarmAddress.Length > 0 && !(Uri.TryCreate(AlarmAddress, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (!production && address.IsLoopback && address.Scheme == Uri.UriSchemeHttp))))
        {
            yield return "Counselling:AlarmAddress 应为以 https:// 开头的网址。";
        }

        if (IsOn && AlarmAddress.Length > 0 && !PrivacySettings.IsKey(AlarmKey))
        {
            yield return "Counselling:AlarmKey 不是 32 字节的 base64 密钥,或是示例密钥:请重新生成(openssl rand -base64 32),并交给报警网关。";
        }

        if (IsOn && !PrivacySettings.IsKey(LinkKey))
        {
            yield return "Counselling:LinkKey 不是 32 字节的 base64 密钥,或是示例密钥:请重新生成(openssl rand -base64 32),以后不可更换。";
        }

        if (IsOn && !NoteKeys.ContainsKey(CurrentNoteKey))
        {
            yield return "Counselling:CurrentNoteKey 未指向 Counselling:NoteKeys 中的密钥:请生成 32 字节随机密钥(openssl rand -base64 32)。";
        }

        foreach (var (id, key) in IsOn ? NoteKeys : new Dictionary<string, string>())
        {
            if (id.Length is 0 or > 16 || id.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-") || !PrivacySettings.IsKey(key))
            {
                yield return $"Counselling:NoteKeys:{id} 不合规:密钥名用 1 到 16 位小写字母、数字或 -,密钥为 32 字节的 base64,不能是示例密钥。";
            }
        }

        if (LocalHotline.Length > 60)
        {
            yield return "Counselling:LocalHotline 最多 60 个字(名称和电话)。";
        }

        if (BookingNoticeHours is < 0 or > 720 || ChangeNoticeHours is < 0 or > 720 || CancelNoticeHours is < 0 or > 720)
        {
            yield return "Counselling:BookingNoticeHours、ChangeNoticeHours 和 CancelNoticeHours 应为 0 到 720(小时)。";
        }

        if (ExtraTalksPerYear is < 1 or > 366 || OfferHours is < 1 or > 72)
        {
            yield return "Counselling:ExtraTalksPerYear 应为 1 到 366(次),OfferHours 1 到 72(小时)。";
        }

        if (HorizonDays is < 1 or > 90 || HoldMinutes is < 1 or > 60 || FreeTalksPerYear is < 0 or > 366)
        {
            yield return "Counselling:HorizonDays 应为 1 到 90(天),HoldMinutes 1 到 60(分钟),FreeTalksPerYear 0 到 366(次)。";
        }
    }
}
