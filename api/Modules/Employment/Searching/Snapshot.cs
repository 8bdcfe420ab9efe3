namespace WeChatUnion.Api.Modules.Employment.Searching;

/// <summary>What is asked for.</summary>
/// <param name="Words">Folded; each must be met somewhere.</param>
/// <param name="Town">Begin of a division code.</param>
/// <param name="Occupation">Begin of an occupation's code.</param>
/// <param name="Band">Index of a pay band.</param>
internal sealed record Question(IReadOnlyList<string> Words, string? Town, string? Occupation, int? Band, VacancyForm? Form);

/// <summary>Of the last vacancy on the page before: what follows it is behind this mark.</summary>
internal readonly record struct Mark(int Fit, long RefreshedAt, string Id);

/// <param name="Page">At most one more than was taken.</param>
/// <param name="Towns">How many by town, for whatever the filter by town would leave; likewise the others.</param>
internal sealed record Result(IReadOnlyList<(VacancyEntry Entry, int Fit)> Page, int Total, int[] Towns, int[] Trades, int[] Bands);

/// <summary>All offered vacancies as of one turn, the freshest first; never changed, only replaced.</summary>
/// <param name="Towns">Codes and names of the towns that occur; likewise <paramref name="Trades"/>.</param>
internal sealed record Snapshot(long Turn, IReadOnlyList<VacancyEntry> Entries, IReadOnlyList<(string Code, string Name)> Towns, IReadOnlyList<(string Code, string Name)> Trades)
{
    public static readonly Snapshot None = new(-1, [], [], []);

    /// <summary>Of one fit: the fresher, then the later id.</summary>
    public static int Fresher(VacancyEntry a, VacancyEntry b) =>
        a.RefreshedAt != b.RefreshedAt ? b.RefreshedAt.CompareTo(a.RefreshedAt) : string.CompareOrdinal(b.Id, a.Id);

    public Result Search(Question question, Mark? after, int take, long now)
    {
        var (towns, trades, bands) = (new int[Towns.Count], new int[Trades.Count], new int[PayBands.All.Count]);
        var pages = new SortedDictionary<int, List<(VacancyEntry Entry, int Fit)>>(Comparer<int>.Create((a, b) => b.CompareTo(a)));
        var total = 0;
        foreach (var entry in Entries)
        {
            if (entry.Until <= now || (question.Form is { } form && entry.Form != form) || FitOf(entry, question.Words) is not { } fit)
            {
                continue;
            }

            var isInTown = question.Town is null || entry.Division.StartsWith(question.Town, StringComparison.Ordinal);
            var isInTrade = question.Occupation is null || entry.Occupation.StartsWith(question.Occupation, StringComparison.Ordinal);
            var isInBand = question.Band is null || entry.Band == question.Band;
            towns[entry.Town] += isInTrade && isInBand ? 1 : 0;
            trades[entry.Trade] += isInTown && isInBand ? 1 : 0;
            bands[entry.Band] += isInTown && isInTrade ? 1 : 0;
            if (!isInTown || !isInTrade || !isInBand)
            {
                continue;
            }

            total++;
            if (!pages.TryGetValue(fit, out var page))
            {
                pages[fit] = page = new List<(VacancyEntry, int)>(take + 1);
            }

            // Entries come in order of freshness, so of each fit only the first few behind the mark can be on the page.
            if (page.Count <= take && IsBehind(entry, fit, after))
            {
                page.Add((entry, fit));
            }
        }

        return new Result([.. pages.Values.SelectMany(p => p).Take(take + 1)], total, towns, trades, bands);
    }

    /// <summary>Null when a word is met nowhere.</summary>
    private static int? FitOf(VacancyEntry entry, IReadOnlyList<string> words)
    {
        var fit = 0;
        foreach (var word in words)
        {
            var met = entry.Where(word);
            if (met == Met.Nowhere)
            {
                return null;
            }

            fit += (int)met;
        }

        return fit;
    }

    private static bool IsBehind(VacancyEntry entry, int fit, Mark? after) => after is not { } mark
        || fit < mark.Fit
        || (fit == mark.Fit && (entry.RefreshedAt < mark.RefreshedAt || (entry.RefreshedAt == mark.RefreshedAt && string.CompareOrdinal(entry.Id, mark.Id) < 0)));
}
