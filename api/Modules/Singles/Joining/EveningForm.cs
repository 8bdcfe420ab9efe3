using System.Globalization;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Joining;

/// <summary>What a singles' evening must be like when it is written: groups of either sex, of about the same size, and no company.</summary>
internal static class EveningForm
{
    public static KindRule Rule(SinglesRules rules) => new(ActivityKind.Singles, form => Faults(form, rules));

    private static IEnumerable<(string Field, string Sentence)> Faults(ActivityForm form, SinglesRules rules)
    {
        var (men, women) = (PlacesFor(form, Plate.Man), PlacesFor(form, Plate.Woman));
        if (form.Groups!.Any(g => g.Rules?.Sex is null) || men == 0 || women == 0)
        {
            yield return ("groups", "单身联谊的名额组请分别限定男职工和女职工。");
        }
        else if (Math.Abs(men - women) * 100 > (men + women) * rules.TolerancePercent)
        {
            yield return ("groups", string.Create(CultureInfo.InvariantCulture, $"单身联谊的男女名额应各占一半,相差不超过总数的 {rules.TolerancePercent}%。"));
        }

        if (form.MostGuests > 0)
        {
            yield return ("mostGuests", "单身联谊不带同行人员。");
        }

        if (form.MergesAt is not null)
        {
            yield return ("mergesAt", "单身联谊的男女名额不合并。");
        }
    }

    private static int PlacesFor(ActivityForm form, string sex) => form.Groups!.Where(g => g.Rules?.Sex == sex).Sum(g => g.Capacity!.Value);
}
