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
    private const double Alike = 0.75;
    private const int DistrictDigits = 6;
    private const int MostLookedAt = 200;

    /// <summary>Others of the same employer that are offered or wait, the most alike first, from 0 to 1.</summary>
    public static async Task<IReadOnlyList<(VacancyRow Vacancy, double Likeness)>> ToAsync(Db db, VacancyRow vacancy, CancellationToken cancellation)
    {
        var district = vacancy.DivisionCode[..DistrictDigits];
        var others = await db.Vacancies
            .Where(v => v.EmployerId == vacancy.EmployerId && v.Id != vacancy.Id && v.DivisionCode.StartsWith(district)
                && (v.State == VacancyState.Published || v.State == VacancyState.AwaitingApproval || v.State == VacancyState.Paused))
            .OrderByDescending(v => v.Id).Take(MostLookedAt).ToListAsync(cancellation);
        var (title, rest) = (Pairs(vacancy.Title), Pairs(vacancy.Duties + vacancy.Requirements));

        // The title counts as much as all the rest: two posts of one firm share most of their requirements.
        return [.. others.Select(o => (o, Likeness: (Dice(title, Pairs(o.Title)) + Dice(rest, Pairs(o.Duties + o.Requirements))) / 2))
            .Where(o => o.Likeness >= Alike).OrderByDescending(o => o.Likeness)];
    }

    private static HashSet<(char, char)> Pairs(string text)
    {
        var letters = Folding.Of(text).Where(char.IsLetterOrDigit).ToArray();
        return [.. letters.Zip(letters.Skip(1))];
    }

    private static double Dice(HashSet<(char, char)> a, HashSet<(char, char)> b) =>
        a.Count + b.Count == 0 ? 1 : 2.0 * a.Count(b.Contains) / (a.Count + b.Count);
}
