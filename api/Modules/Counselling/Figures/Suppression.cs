namespace WeChatUnion.Api.Modules.Counselling.Figures;

/// <summary>
/// Which parts of a whole may be told (domain/counselling.md 3.8). A part below five is kept back; since whole and other
/// parts are told, further ones, the smallest first, until those kept back are two and together five at least.
/// </summary>
internal static class Suppression
{
    public const int Least = 5;

    /// <returns>For each part whether it is told; nothing is when the whole is below five.</returns>
    public static bool[] Told(IReadOnlyList<int> parts)
    {
        var isTold = parts.Select(p => p >= Least).ToArray();
        if (parts.Sum() < Least)
        {
            return new bool[parts.Count];
        }

        if (isTold.All(t => t))
        {
            return isTold;
        }

        foreach (var next in Enumerable.Range(0, parts.Count).Where(i => isTold[i]).OrderBy(i => parts[i]).ThenBy(i => i).ToList())
        {
            var keptBack = parts.Where((_, i) => !isTold[i]).ToList();
            if (keptBack.Count >= 2 && keptBack.Sum() >= Least)
            {
                break;
            }

            isTold[next] = false;
        }

        return isTold;
    }

    /// <summary>Null when it is below five.</summary>
    public static int? Of(int whole) => whole < Least ? null : whole;

    /// <summary>The median, when at least five are behind it.</summary>
    public static double? Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length < Least ? null : Math.Round((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, 1);
    }
}
