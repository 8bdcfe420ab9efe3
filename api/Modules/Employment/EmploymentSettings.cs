using System.Globalization;

namespace WeChatUnion.Api.Modules.Employment;

/// <summary>Section <c>Employment</c>: what differs from place to place and changes over time.</summary>
internal sealed record EmploymentSettings
{
    /// <summary>
    /// Off: nothing is published and nothing shown. Whether a union that publishes free of charge needs the licence of a
    /// 人力资源服务机构 is for the county to settle first (domain/employment.md 4.1).
    /// </summary>
    public bool IsPublicationOn { get; init; } = true;

    /// <summary>Minimum wages: <c>division from fen</c>, e.g. <c>410721 2024-01-01 180000</c>.</summary>
    public List<string> MinimumWages { get; init; } = [];

    /// <summary>A vacancy ends at most so many days after it is handed in or renewed.</summary>
    public int MostDays { get; init; } = 60;

    /// <summary>The upper end of the pay is at most so many times the lower one.</summary>
    public int MostPaySpread { get; init; } = 3;

    /// <summary>Working days within which an employer answers an application; after them the worker is told that it is late.</summary>
    public int AnswerWorkingDays { get; init; } = 5;

    /// <summary>
    /// The minimum wage a month in fen at a place on a day: of the division or the nearest above it, the newest that
    /// holds. None configured: Henan's third class of 2024-01-01, 1,800 元 (from memory, domain/overview.md).
    /// </summary>
    public long MinimumWageOf(string division, DateOnly day) => Wages()
        .Where(w => division.StartsWith(w.Division, StringComparison.Ordinal) && w.From <= day)
        .OrderByDescending(w => w.Division.Length).ThenByDescending(w => w.From)
        .Select(w => (long?)w.Fen).FirstOrDefault() ?? UsualMinimum;

    public IEnumerable<string> Faults(bool production)
    {
        if (MinimumWages.Exists(w => Read(w) is null))
        {
            yield return "Employment:MinimumWages 每项应为“区划代码 起始日期 分”,例如 410721 2024-01-01 180000。";
        }

        if (MostDays is < 1 or > 366 || MostPaySpread < 1 || AnswerWorkingDays is < 1 or > 60)
        {
            yield return "Employment 的各项必须是正整数,MostDays 不超过 366,AnswerWorkingDays 不超过 60。";
        }
    }

    private const long UsualMinimum = 180_000;

    private IEnumerable<(string Division, DateOnly From, long Fen)> Wages() => MinimumWages.Select(Read).OfType<(string, DateOnly, long)>();

    private static (string Division, DateOnly From, long Fen)? Read(string entry) =>
        entry.Split(' ') is [var division, var from, var fen]
        && division.Length is >= 2 and <= 12 && division.All(char.IsAsciiDigit)
        && DateOnly.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && long.TryParse(fen, NumberStyles.None, CultureInfo.InvariantCulture, out var wage) && wage > 0
            ? (division, day, wage)
            : null;
}
