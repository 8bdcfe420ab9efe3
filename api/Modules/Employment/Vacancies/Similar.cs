using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment.Vacancies;

/// <summary>
/// Vacancies of one employer that say the same (一岗多发): the same place, and texts whose pairs of neighbouring characters
/// agree (Dice's coefficient). Found for a person to merge; nothing is merged by itself.
/// </summary>
internal static class Similar
{
    public const double Alike = 0.75;
    private const int DistrictDigits = 6;

    /// <summary>How much two vacancies agree, from 0 to 1.</summary>
    public static double Between(VacancyRow a, VacancyRow b)
    {
        if (a.EmployerId != b.EmployerId || a.DivisionCode[..DistrictDigits] != b.DivisionCode[..DistrictDigits])
        {
            return 0;
        }

        // The title counts as much as all the rest: two posts of one firm share most of their requirements.
        return (Dice(Pairs(a.Title), Pairs(b.Title)) + Dice(Pairs(a.Duties + a.Requirements), Pairs(b.Duties + b.Requirements))) / 2;
    }

    /// <summary>Others of the same employer that are offered or wait, the most alike first.</summary>
    public static async Task<IReadOnlyList<(VacancyRow Vacancy, double Likeness)>> ToAsync(Db db, VacancyRow vacancy, CancellationToken cancellation)
    {
        var others = await db.Vacancies
            .Where(v => v.EmployerId == vacancy.EmployerId && v.Id != vacancy.Id && (v.State == VacancyState.Published || v.State == VacancyState.AwaitingApproval || v.State == VacancyState.Paused))
            .OrderByDescending(v => v.Id).Take(200).ToListAsync(cancellation);
        return [.. others.Select(o => (o, Between(vacancy, o))).Where(o => o.Item2 >= Alike).OrderByDescending(o => o.Item2)];
    }

    private static HashSet<(char, char)> Pairs(string text)
    {
        var letters = Folding.Of(text).Where(char.IsLetterOrDigit).ToArray();
        return [.. letters.Zip(letters.Skip(1))];
    }

    private static double Dice(HashSet<(char, char)> a, HashSet<(char, char)> b) =>
        a.Count + b.Count == 0 ? 1 : 2.0 * a.Count(b.Contains) / (a.Count + b.Count);
}
