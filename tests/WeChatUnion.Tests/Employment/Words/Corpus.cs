using WeChatUnion.Api.Modules.Employment.Words;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Employment.Words;

/// <summary>A labelled text: the classes that an expert finds in it.</summary>
internal sealed record Labelled(string Text, IReadOnlySet<WordClass> Expected);

/// <summary>Texts of advertisements with what is to be found in them; the head of each file says when it was written.</summary>
internal static class Corpus
{
    /// <summary>Those whose finding stands against publication.</summary>
    public static readonly IReadOnlySet<WordClass> Blocking = new HashSet<WordClass>
    {
        WordClass.Sex, WordClass.Ethnicity, WordClass.Household, WordClass.Disease, WordClass.Disability, WordClass.Money, WordClass.Loan, WordClass.Fraud,
    };

    public static IReadOnlyList<WordRule> Rules { get; } = [.. LoadWordRules.Lines().Select(l => WordRule.Of(l.Into(0)))];

    public static IReadOnlyList<Labelled> Read(string part) =>
    [
        .. File.ReadLines(Path.Combine(Sources.Root, "tests", "WeChatUnion.Tests", "Employment", "Words", $"corpus-{part}.tsv"))
            .Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t'))
            .Select(c => new Labelled(c[1], c[0] == "-" ? new HashSet<WordClass>() : c[0].Split(' ').Select(w => Enum.Parse<WordClass>(w, ignoreCase: true)).ToHashSet())),
    ];

    public static Measured Measure(IReadOnlyList<Labelled> texts, IReadOnlyList<WordRule> rules)
    {
        var (wanted, missed, lawful, blocked) = (0, new List<string>(), 0, new List<string>());
        foreach (var text in texts)
        {
            var found = WordCheck.Find([("text", text.Text)], rules);
            var standing = found.Where(f => f.Level != WordLevel.Warn).ToList();
            foreach (var one in text.Expected.Where(Blocking.Contains))
            {
                wanted++;
                if (!standing.Exists(f => f.Class == one))
                {
                    missed.Add($"{one}: {text.Text}");
                }
            }

            if (!text.Expected.Any(Blocking.Contains))
            {
                lawful++;
                if (standing.Count > 0)
                {
                    blocked.Add($"{text.Text} → {string.Join(' ', standing.Select(f => $"{f.Class}“{f.Words}”"))}");
                }
            }
        }

        return new Measured(wanted, missed, lawful, blocked);
    }
}

/// <param name="Wanted">Pairs of text and blocking class that must be found.</param>
/// <param name="Lawful">Texts in which nothing must stand against publication.</param>
internal sealed record Measured(int Wanted, IReadOnlyList<string> Missed, int Lawful, IReadOnlyList<string> Blocked)
{
    public double Recall => 1 - ((double)Missed.Count / Wanted);

    public double FalseBlocks => (double)Blocked.Count / Lawful;

    public override string ToString() => FormattableString.Invariant(
        $"recall {Recall:0.000} ({Wanted - Missed.Count} of {Wanted}), false blocks {FalseBlocks:0.000} ({Blocked.Count} of {Lawful})");
}
