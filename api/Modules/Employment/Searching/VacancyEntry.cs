namespace WeChatUnion.Api.Modules.Employment.Searching;

/// <summary>Where a word of the question was met; a title says more than the duties.</summary>
internal enum Met
{
    Nowhere = 0,
    Duties = 1,
    Place = 2,
    Enterprise = 4,
    Title = 8,
}

/// <summary>An offered vacancy as a node remembers it.</summary>
/// <param name="Until">From this instant on it is not offered.</param>
/// <param name="Town">Index of its town among <see cref="Snapshot.Towns"/>; likewise <paramref name="Trade"/>.</param>
internal sealed record VacancyEntry(
    string Id, string Title, string Employer, string Division, string Address, string Occupation, VacancyForm Form, VacancySource Source, string? SourceNote, long PayLow, long PayHigh, int Headcount, string EndsOn, long RefreshedAt, long Until, int Town, int Trade, int Band, string Folded, int EndOfTitle, int EndOfEmployer, int EndOfPlace)
{
    private const char Between = '\0';

    /// <summary>All that is searched, in the order of its weight, in one text: the first place where a word stands is the best.</summary>
    public static (string Folded, int EndOfTitle, int EndOfEmployer, int EndOfPlace) Fold(string title, string employer, string place, string duties)
    {
        var text = Folding.Of($"{title}{Between}{employer}{Between}{place}{Between}{duties}");
        var (endOfTitle, endOfEmployer) = (title.Length, title.Length + 1 + employer.Length);
        return (text, endOfTitle, endOfEmployer, endOfEmployer + 1 + place.Length);
    }

    public Met Where(string word)
    {
        var at = Folded.AsSpan().IndexOf(word);
        return at switch
        {
            < 0 => Met.Nowhere,
            _ when at < EndOfTitle => Met.Title,
            _ when at < EndOfEmployer => Met.Enterprise,
            _ when at < EndOfPlace => Met.Place,
            _ => Met.Duties,
        };
    }
}

/// <summary>月薪档, by the lower end.</summary>
internal static class PayBands
{
    private const long Thousand = 100_000;

    public static readonly IReadOnlyList<(string Word, long From, long Below)> All =
    [
        ("under_3000", 0, 3 * Thousand),
        ("from_3000", 3 * Thousand, 4 * Thousand),
        ("from_4000", 4 * Thousand, 5 * Thousand),
        ("from_5000", 5 * Thousand, 6 * Thousand),
        ("from_6000", 6 * Thousand, 8 * Thousand),
        ("from_8000", 8 * Thousand, long.MaxValue),
    ];

    public static int Of(long payLow)
    {
        var band = 0;
        while (payLow >= All[band].Below)
        {
            band++;
        }

        return band;
    }
}
