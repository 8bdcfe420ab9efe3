using System.Data;
using System.Globalization;
using MiniExcelLibs;

namespace WeChatUnion.Api.Infrastructure.Files;

/// <summary>
/// A table as an Excel workbook. All cells are texts, so that no number is rounded and no zero is lost; a text that
/// a spreadsheet might take for a formula, here or after it was saved as CSV, gets an apostrophe in front.
/// </summary>
internal static class Sheet
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private const string Formula = "=+-@\t\r\n";

    /// <param name="name">Of the worksheet, at most 31 characters.</param>
    /// <param name="columns">Headings, each once.</param>
    /// <param name="rows">As many texts as there are headings.</param>
    public static byte[] Of(string name, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows)
    {
        using var table = new DataTable { Locale = CultureInfo.InvariantCulture };
        foreach (var column in columns)
        {
            table.Columns.Add(Safe(column), typeof(string));
        }

        foreach (var row in rows)
        {
            table.Rows.Add([.. row.Select(Safe)]);
        }

        using var file = new MemoryStream();
        file.SaveAs(table, sheetName: name);
        return file.ToArray();
    }

    /// <summary>A plain number stays as it is, also a negative one.</summary>
    private static string Safe(string? text) =>
        text is { Length: > 0 } && Formula.Contains(text[0], StringComparison.Ordinal)
        && !decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            ? "'" + text
            : text ?? "";
}
