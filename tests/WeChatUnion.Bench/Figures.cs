using System.Globalization;

namespace WeChatUnion.Bench;

/// <summary>Prints what was measured: one line per figure, remarks behind a <c>#</c>.</summary>
internal static class Figures
{
    /// <param name="unit">One word: <c>requests/s</c>, <c>ratio</c>, <c>MB</c>, <c>ms</c>.</param>
    public static void Tell(string name, string database, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure {name} {database} {Round(value)} {unit}"));

    /// <summary>The median of some runs, with all of them in a remark so that the spread is seen.</summary>
    public static void TellMedian(string name, string database, IReadOnlyCollection<double> runs, string unit)
    {
        Tell(name, database, Median(runs), unit);
        Remark(string.Create(CultureInfo.InvariantCulture, $"{name} {database} runs: {string.Join(' ', runs.Select(Round))}"));
    }

    public static void Remark(string text) => Console.WriteLine("# " + text);

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The value that this part of them does not exceed, e.g. 0.95.</summary>
    public static double Below(IReadOnlyCollection<double> values, double part) => values.Order().ElementAt((int)(values.Count * part));

    /// <summary>Three digits that mean something.</summary>
    private static string Round(double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "0" : Math.Abs(value) >= 10 ? "0.0" : "0.000", CultureInfo.InvariantCulture);
}
