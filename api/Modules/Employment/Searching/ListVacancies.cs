using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Employment.Searching;

/// <summary>Who is hiring? Needs no sign-in.</summary>
internal static class ListVacancies
{
    private const int LongestQuestion = 60;
    private const int MostWords = 8;

    /// <param name="PayLow">Fen a month.</param>
    /// <param name="SourceNote">Of a vacancy that was passed on: where it comes from.</param>
    public sealed record Item(
        string Id, string Title, string Employer, string Place, string Occupation, VacancyForm Form, long PayLow, long PayHigh, int Headcount, DateOnly EndsOn, DateTimeOffset RefreshedAt, VacancySource Source, string? SourceNote)
    {
        internal static Item Of(VacancyEntry e) => new(
            e.Id, e.Title, e.Employer, e.Address, e.Occupation, e.Form, e.PayLow, e.PayHigh, e.Headcount, Instants.Date(e.EndsOn), Instants.At(e.RefreshedAt), e.Source, e.SourceNote);
    }

    /// <param name="Word">What to give as the filter.</param>
    public sealed record Facet(string Word, string Name, int Count);

    /// <param name="Total">How many there are with all filters.</param>
    /// <param name="Towns">How many in each town, whatever town was asked for; likewise the others.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next, int Total, IReadOnlyList<Facet> Towns, IReadOnlyList<Facet> Occupations, IReadOnlyList<Facet> PayBands);

    /// <summary>找岗位 (vacancies), the best fitting first, then the freshest.</summary>
    /// <param name="q">Words parted by blanks, each of one or more characters; all must occur in title, enterprise, place or duties. 简/繁 and full/half width are the same.</param>
    /// <param name="town">Begin of a division code: there and below.</param>
    /// <param name="occupation">Code of the table occupation: it and those below.</param>
    /// <param name="pay">under_3000, from_3000, from_4000, from_5000, from_6000 or from_8000 (元 a month, by the lower end).</param>
    /// <param name="form">full_time, part_time, dispatch, internship or flexible.</param>
    internal static async Task<Ok<Response>> Handle(
        string? q, string? town, string? occupation, string? pay, string? form, int? take, string? after, VacancyIndex index, EmploymentSettings settings, TimeProvider clock, CancellationToken cancellation)
    {
        var (count, mark) = (Page.Take(take), after is null ? (Mark?)null : MarkOf(after));
        var question = new Question(WordsOf(q), Code("town", town), Code("occupation", occupation), BandOf(pay), FormOf(form));
        if (!settings.IsPublicationOn)
        {
            return TypedResults.Ok(new Response([], null, 0, [], [], []));
        }

        var snapshot = await index.PresentAsync(cancellation);
        var found = snapshot.Search(question, mark, count, clock.Milliseconds());
        var last = found.Page.Count > count ? found.Page[count - 1] : default;
        return TypedResults.Ok(new Response(
            [.. found.Page.Take(count).Select(f => Item.Of(f.Entry))],
            last.Entry is null ? null : string.Create(CultureInfo.InvariantCulture, $"{last.Fit}-{last.Entry.RefreshedAt}-{last.Entry.Id}"),
            found.Total,
            Facets(snapshot.Towns, found.Towns),
            Facets(snapshot.Trades, found.Trades),
            [.. Searching.PayBands.All.Select((b, i) => new Facet(b.Word, NameOf(b), found.Bands[i])).Where(f => f.Count > 0)]));
    }

    /// <summary>Folded as the texts are.</summary>
    internal static IReadOnlyList<string> WordsOf(string? q)
    {
        var words = Folding.Of((q ?? "").Normalize()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        return q is { Length: > LongestQuestion } || words.Length > MostWords ? throw Refusal.OfField("q", "最多 60 个字、8 个词。") : words;
    }

    private static string? Code(string field, string? code) => code is null or { Length: >= 1 and <= 12 } && code?.All(c => char.IsAsciiDigit(c) || c == '-') != false
        ? code
        : throw Refusal.OfField(field, "请从列表中选择。");

    private static int? BandOf(string? pay)
    {
        if (pay is null)
        {
            return null;
        }

        var band = Searching.PayBands.All.ToList().FindIndex(b => b.Word == pay);
        return band >= 0 ? band : throw Refusal.OfField("pay", "请从列出的月薪档中选择。");
    }

    private static VacancyForm? FormOf(string? form) => form switch
    {
        null => null,
        "full_time" => VacancyForm.FullTime,
        "part_time" => VacancyForm.PartTime,
        "dispatch" => VacancyForm.Dispatch,
        "internship" => VacancyForm.Internship,
        "flexible" => VacancyForm.Flexible,
        _ => throw Refusal.OfField("form", "请从列出的用工形式中选择。"),
    };

    private static Mark MarkOf(string after) =>
        after.Split('-') is [var fit, var at, var id]
        && int.TryParse(fit, NumberStyles.None, CultureInfo.InvariantCulture, out var fitted)
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var refreshedAt) && Ids.IsId(id)
            ? new Mark(fitted, refreshedAt, id)
            : throw Page.WrongAfter();

    private static List<Facet> Facets(IReadOnlyList<(string Code, string Name)> names, int[] counts) =>
        [.. names.Select((n, i) => new Facet(n.Code, n.Name, counts[i])).Where(f => f.Count > 0).OrderByDescending(f => f.Count).ThenBy(f => f.Word, StringComparer.Ordinal)];

    private static string NameOf((string Word, long From, long Below) band) => band switch
    {
        (_, 0, var below) => $"{below / 100} 元以下",
        (_, var from, long.MaxValue) => $"{from / 100} 元以上",
        var (_, from, below) => $"{from / 100}-{below / 100} 元",
    };
}
