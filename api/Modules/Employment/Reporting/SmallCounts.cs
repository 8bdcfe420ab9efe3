namespace WeChatUnion.Api.Modules.Employment.Reporting;

/// <summary>Counts of people that are published beyond the desk where each of them is known anyway.</summary>
internal static class SmallCounts
{
    /// <summary>Fewer than this, but somebody, and people may be recognised.</summary>
    private const int Small = 5;

    /// <summary>Nobody is no secret.</summary>
    public static int? OrNull(int count) => count is > 0 and < Small ? null : count;

    /// <summary>A part of a known whole: what is left of it must not be small either.</summary>
    public static int? OrNull(int count, int whole) => OrNull(whole) is null || OrNull(whole - count) is null ? null : OrNull(count);

    /// <summary>Parts of a known sum. When one alone would be withheld, subtraction gives it away; so the next smallest goes with it.</summary>
    public static IReadOnlyList<int?> Withhold(IReadOnlyList<int> parts)
    {
        var shown = parts.Select(p => OrNull(p)).ToArray();
        if (shown.Count(s => s is null) == 1 && parts.Count > 1)
        {
            var next = Enumerable.Range(0, parts.Count).Where(i => shown[i] > 0).OrderBy(i => parts[i]).Cast<int?>().FirstOrDefault();
            if (next is { } at)
            {
                shown[at] = null;
            }
        }

        return shown;
    }
}
