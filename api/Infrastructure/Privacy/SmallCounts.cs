namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// Counts of people that may be published: none below five is shown, and no sum that is shown gives one away. Where cells
/// are hidden that stand in a sum, so many are that at least two are and together they hold five or more.
/// </summary>
internal static class SmallCounts
{
    public const int Least = 5;

    public static int? Alone(int count) => count < Least ? null : count;

    /// <summary>Cells that add up to a sum which is shown with them.</summary>
    public static (IReadOnlyList<int?> Cells, int? Sum) InSum(params IReadOnlyList<int> counts)
    {
        var sum = counts.Sum();
        if (sum < Least)
        {
            return ([.. counts.Select(_ => (int?)null)], null);
        }

        var hidden = Enumerable.Range(0, counts.Count).Where(i => counts[i] < Least).ToHashSet();
        foreach (var next in Enumerable.Range(0, counts.Count).Where(i => !hidden.Contains(i)).OrderBy(i => counts[i]).ToList())
        {
            if (hidden.Count == 0 || (hidden.Count > 1 && hidden.Sum(i => counts[i]) >= Least))
            {
                break;
            }

            hidden.Add(next);
        }

        return ([.. counts.Select((count, i) => hidden.Contains(i) ? (int?)null : count)], sum);
    }
}
