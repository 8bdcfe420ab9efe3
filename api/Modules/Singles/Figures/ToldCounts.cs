using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Singles.Figures;

/// <summary>
/// What of one year's counts is told to which union. Whoever sees the counts of a union and of one below it sees the difference
/// too. So evenings are put together in parts, each with <see cref="SmallCounts.Least"/> or more in every count, and a union is told
/// its counts where whole parts make them up: whatever is subtracted from whatever, whole parts are left. Where the top itself
/// has less, it alone is told anything, by <see cref="SmallCounts"/>.
/// </summary>
internal static class ToldCounts
{
    /// <param name="Sum">Of all cells; told also when some of them are hidden.</param>
    internal sealed record Told(IReadOnlyList<int?> Cells, int? Sum);

    /// <param name="parents">Union → the one above it; null: a top.</param>
    /// <param name="held">Union → counts of the evenings that it held itself.</param>
    /// <returns>Union → what it is told; one that is not in it is told nothing.</returns>
    public static Dictionary<string, Told> Of(IReadOnlyDictionary<string, string?> parents, IReadOnlyDictionary<string, int[]> held)
    {
        var up = held.Keys.ToDictionary(u => u, u => UpFrom(u, parents));
        var unions = up.Values.SelectMany(u => u).Distinct().ToDictionary(u => u, u => UpFrom(u, parents));
        var told = new Dictionary<string, Told>();
        var parts = Parts(unions, held, told);
        foreach (var union in unions.Keys.Where(u => !told.ContainsKey(u)))
        {
            var below = held.Keys.Where(h => up[h].Contains(union)).ToList();
            if (below.TrueForAll(h => up[h].Find(parts.ContainsKey) is { } part && unions[part].Contains(union)))
            {
                var counts = below.Select(h => held[h]).Aggregate(Add);
                told[union] = new Told([.. counts.Select(c => (int?)c)], counts.Sum());
            }
        }

        return told;
    }

    /// <summary>From the lowest up: what is too little goes into the next union's; what is too little at a top takes the least part below it in.</summary>
    private static Dictionary<string, int[]> Parts(
        Dictionary<string, List<string>> unions, IReadOnlyDictionary<string, int[]> held, Dictionary<string, Told> told)
    {
        var parts = new Dictionary<string, int[]>();
        var rest = held.ToDictionary();
        foreach (var (union, up) in unions.OrderByDescending(u => u.Value.Count).ThenBy(u => u.Key, StringComparer.Ordinal))
        {
            if (!rest.Remove(union, out var counts))
            {
                continue;
            }

            if (Array.TrueForAll(counts, c => c >= SmallCounts.Least))
            {
                parts[union] = counts;
            }
            else if (up.Count > 1)
            {
                rest[up[1]] = rest.TryGetValue(up[1], out var there) ? Add(there, counts) : counts;
            }
            else if (LeastBelow(union, unions, parts) is { } least)
            {
                parts.Remove(least, out var its);
                parts[union] = Add(counts, its!);
            }
            else
            {
                var (cells, sum) = SmallCounts.InSum(counts);
                told[union] = new Told(cells, sum);
            }
        }

        return parts;
    }

    /// <summary>Of the parts that no other part stands above.</summary>
    private static string? LeastBelow(string top, Dictionary<string, List<string>> unions, Dictionary<string, int[]> parts) =>
        parts.Where(p => unions[p.Key][^1] == top && !unions[p.Key].Skip(1).Any(parts.ContainsKey))
            .OrderBy(p => p.Value.Sum()).ThenBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key).FirstOrDefault();

    /// <summary>The union itself, the one above it, and so on to the top.</summary>
    private static List<string> UpFrom(string union, IReadOnlyDictionary<string, string?> parents)
    {
        List<string> up = [union];
        while (parents[up[^1]] is { } above)
        {
            up.Add(above);
        }

        return up;
    }

    public static int[] Add(int[] one, int[] other) => [.. one.Zip(other, (a, b) => a + b)];
}
