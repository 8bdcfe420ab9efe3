using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using System.Net;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Employment;
using WeChatUnion.Api.Modules.Unions;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Employment;

/// <summary>Searching as one would by hand: every vacancy is looked at in turn. Shares nothing with the index but the folding.</summary>
internal static class Looking
{
    public sealed record Ask(string? Words, string? Town, string? Trade, string? Band);

    public sealed record Seen(VacancyRow Vacancy, string Employer, string Town);

    public static async Task<List<Seen>> AllAsync(TestHouse house)
    {
        var now = house.Clock.Milliseconds();
        await using var db = house.Database.Open();
        var names = await db.Divisions.ToDictionaryAsync(d => d.Code, d => d.Name);
        var rows = await (from v in db.Vacancies
                          join e in db.Employers on v.EmployerId equals e.Id
                          where v.State == VacancyState.Published && v.EndsAt > now && e.State == EmployerState.Verified && e.VerifiedUntil > now
                          select new { v, e.Name }).ToListAsync();
        return [.. rows.Select(r => new Seen(r.v, r.Name, names[r.v.DivisionCode[..9]]))];
    }

    /// <summary>The first ten ids in order, the total and the counts by town, trade and band.</summary>
    public static string Answer(IReadOnlyList<Seen> all, Ask ask)
    {
        var words = Folding.Of(ask.Words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var met = all.Select(s => (Seen: s, Fit: Fit(s, words))).Where(m => m.Fit >= 0).ToList();
        var found = met.Where(m => InTown(m.Seen, ask) && InTrade(m.Seen, ask) && InBand(m.Seen, ask))
            .OrderByDescending(m => m.Fit).ThenByDescending(m => m.Seen.Vacancy.RefreshedAt).ThenByDescending(m => m.Seen.Vacancy.Id, StringComparer.Ordinal).ToList();
        return string.Join('\n', found.Take(10).Select(f => f.Seen.Vacancy.Id)) + $"\n{found.Count}\n"
            + Counts(met.Where(m => InTrade(m.Seen, ask) && InBand(m.Seen, ask)).Select(m => m.Seen.Vacancy.DivisionCode[..9])) + "\n"
            + Counts(met.Where(m => InTown(m.Seen, ask) && InBand(m.Seen, ask)).Select(m => m.Seen.Vacancy.Occupation[..4])) + "\n"
            + Counts(met.Where(m => InTown(m.Seen, ask) && InTrade(m.Seen, ask)).Select(m => BandOf(m.Seen.Vacancy.PayLow)));
    }

    public static async Task<string> AskAsync(TestHouse house, Ask ask)
    {
        var query = string.Join('&', new[] { ("q", ask.Words), ("town", ask.Town), ("occupation", ask.Trade), ("pay", ask.Band), ("take", "10") }
            .Where(p => p.Item2 is not null).Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2!)}"));
        var answer = (await house.Anonymous().Get($"{Firms.Seen}?{query}")).MustBe(HttpStatusCode.OK);
        return string.Join('\n', answer.Ids) + $"\n{answer["total"]}\n{Facet("towns")}\n{Facet("occupations")}\n{Facet("payBands")}";

        string Facet(string name) => string.Join(' ', answer.Body.GetProperty(name).EnumerateArray().Select(f => $"{f.Text("word")}:{f.Text("count")}").Order(StringComparer.Ordinal));
    }

    private static int Fit(Seen s, string[] words)
    {
        var fit = 0;
        foreach (var word in words)
        {
            var (title, employer, place, duties) = (Folding.Of(s.Vacancy.Title), Folding.Of(s.Employer), Folding.Of(s.Town + s.Vacancy.Address), Folding.Of(s.Vacancy.Duties));
            var weight = title.Contains(word) ? 8 : employer.Contains(word) ? 4 : place.Contains(word) ? 2 : duties.Contains(word) ? 1 : 0;
            if (weight == 0)
            {
                return -1;
            }

            fit += weight;
        }

        return fit;
    }

    private static bool InTown(Seen s, Ask ask) => ask.Town is null || s.Vacancy.DivisionCode.StartsWith(ask.Town, StringComparison.Ordinal);

    private static bool InTrade(Seen s, Ask ask) => ask.Trade is null || s.Vacancy.Occupation.StartsWith(ask.Trade, StringComparison.Ordinal);

    private static bool InBand(Seen s, Ask ask) => ask.Band is null || BandOf(s.Vacancy.PayLow) == ask.Band;

    private static string BandOf(long fen) => (fen / 100) switch
    {
        < 3000 => "under_3000",
        < 4000 => "from_3000",
        < 5000 => "from_4000",
        < 6000 => "from_5000",
        < 8000 => "from_6000",
        _ => "from_8000",
    };

    private static string Counts(IEnumerable<string> keys) => string.Join(' ', keys.GroupBy(k => k).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key}:{g.Count()}")).Order(StringComparer.Ordinal));
}
