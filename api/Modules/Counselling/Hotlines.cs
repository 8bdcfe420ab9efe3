namespace WeChatUnion.Api.Modules.Counselling;

/// <summary>Whom to call at any hour (domain/counselling.md 3.2); stands in every answer of this module to workers, refusals included.</summary>
/// <param name="Number">To dial; null where the name says it.</param>
/// <param name="Name">Who answers.</param>
public sealed record Hotline(string? Number, string Name)
{
    /// <summary>Needs nothing but the settings: it is told when everything else is down.</summary>
    internal static IReadOnlyList<Hotline> All(CounsellingSettings settings)
    {
        Hotline[] national =
        [
            new("12356", "全国统一心理援助热线(24 小时,免费)"),
            new("12351", "职工维权服务热线"),
            new("110", "报警"),
            new("120", "急救"),
        ];
        return settings.LocalHotline.Length == 0 ? national : [.. national, new Hotline(null, settings.LocalHotline)];
    }
}
