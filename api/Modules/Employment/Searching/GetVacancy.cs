using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Employment.Employers;
using WeChatUnion.Api.Modules.Employment.Vacancies;

namespace WeChatUnion.Api.Modules.Employment.Searching;

/// <summary>A vacancy, or what became of it. Needs no sign-in.</summary>
internal static class GetVacancy
{
    private const int MostSimilar = 5;

    /// <param name="Offer">open while it takes applications; otherwise why not.</param>
    /// <param name="Vacancy">Null when it is not offered.</param>
    /// <param name="Hired">How many of the headcount have been found.</param>
    /// <param name="MergedInto">Look there instead.</param>
    /// <param name="Similar">When it is not offered: offered ones that are like it.</param>
    public sealed record Response(
        string Id, Offer Offer, string Title, Employer Employer, VacancyDetails? Vacancy, int Hired, DateTimeOffset? RefreshedAt, string? MergedInto, IReadOnlyList<ListVacancies.Item> Similar);

    /// <summary>岗位详情 (a vacancy). A link to one that is over says so and offers similar ones.</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, VacancyIndex index, EmploymentSettings settings, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        if (!settings.IsPublicationOn)
        {
            throw new Refusal(CommonProblems.NotFound);
        }

        var now = clock.Milliseconds();
        var (vacancy, employer) = await ReadAsync(id, database, cancellation);
        var offer = Live.Of(vacancy, employer, settings, now);
        return TypedResults.Ok(new Response(
            id,
            offer,
            VacancyTitles.ToWorkers(vacancy),
            Employer.Of(employer),
            offer == Offer.Open ? VacancyDetails.Of(vacancy) : null,
            vacancy.Hired,
            Instants.At(vacancy.RefreshedAt),
            vacancy.MergedInto,
            offer == Offer.Open ? [] : Similar(await index.PresentAsync(cancellation), vacancy, now)));
    }

    /// <summary>The connection is given back before the index asks for one.</summary>
    private static async Task<(VacancyRow Vacancy, EmployerRow Employer)> ReadAsync(string id, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var vacancy = await db.Vacancies.FirstOrDefaultAsync(v => v.Id == id && v.PublishedAt != null, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        return (vacancy, await db.Employers.FirstAsync(e => e.Id == vacancy.EmployerId, cancellation));
    }

    /// <summary>Those with the most of its title's characters, of the same occupation or town; what is alike is for the reader to say.</summary>
    private static List<ListVacancies.Item> Similar(Snapshot snapshot, VacancyRow vacancy, long now)
    {
        var letters = Folding.Of(vacancy.Title).Where(char.IsLetterOrDigit).Distinct().ToArray();
        return [.. snapshot.Entries
            .Where(e => e.Until > now && e.Id != vacancy.Id)
            .Select(e => (Entry: e, Likeness: (2 * letters.Count(l => e.Folded.AsSpan(0, e.EndOfTitle).Contains(l))) + (e.Occupation == vacancy.Occupation ? 2 : 0) + (e.Division == vacancy.DivisionCode ? 1 : 0)))
            .Where(e => e.Likeness > 1)
            .OrderByDescending(e => e.Likeness).Take(MostSimilar).Select(e => ListVacancies.Item.Of(e.Entry))];
    }
}
