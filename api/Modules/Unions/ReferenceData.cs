using LinqToDB;
using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>Loads <c>seeds/reference/divisions.csv</c>: code, name, parent, kind.</summary>
internal sealed class Divisions(Database database) : IReferenceData
{
    public Task LoadAsync(CancellationToken cancellation) => database.TransactAsync(
        async db =>
        {
            foreach (var cells in ReferenceFile.Read("divisions.csv"))
            {
                var row = new DivisionRow { Code = cells[0], Name = cells[1], ParentCode = cells[2].Length == 0 ? null : cells[2], Kind = cells[3] };
                await db.InsertOrReplaceAsync(row, token: cancellation);
            }
        },
        cancellation);
}

/// <summary>Loads <c>seeds/reference/holidays.csv</c>: date, kind (holiday or workday), name; from the State Council's yearly notices.</summary>
internal sealed class Calendar(Database database) : IReferenceData
{
    public Task LoadAsync(CancellationToken cancellation) => database.TransactAsync(
        async db =>
        {
            foreach (var cells in ReferenceFile.Read("holidays.csv"))
            {
                await db.InsertOrReplaceAsync(new CalendarDayRow { Day = cells[0], Kind = cells[1], Name = cells[2] }, token: cancellation);
            }
        },
        cancellation);
}

internal static class ReferenceFile
{
    /// <summary>The cells of each line after the header; our own files hold no quoted commas.</summary>
    public static IEnumerable<string[]> Read(string name, string folder = "reference") =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "seeds", folder, name))
            .Skip(1).Where(l => l.Length > 0).Select(l => l.Split(','));
}
