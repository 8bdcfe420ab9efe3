using System.Text.Json;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// <c>export-audit FROM TO FILE</c>: the sealed entries of these days (both included) as JSON lines with everything a
/// third party needs to verify them (<see cref="AuditChain"/>): for each day a line <c>day</c> with where its chain
/// starts and its head, then a line <c>entry</c> for each entry in order with position, hash, sealedAt and all columns.
/// Nothing is left out: an absent value is null.
/// </summary>
internal sealed class ExportAudit(Database.Database database, TimeProvider clock) : ICommand
{
    private const int Page = 1000;

    public string Name => "export-audit";

    public string Form => "export-audit 起始日期 截止日期 文件";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellation)
    {
        if (arguments.Count != 3 || !IsDate(arguments[0]) || !IsDate(arguments[1]) || string.CompareOrdinal(arguments[0], arguments[1]) > 0)
        {
            await output.WriteLineAsync($"用法:{Form}(日期写作 2026-01-31)");
            return 64;
        }

        if (File.Exists(arguments[2]))
        {
            await output.WriteLineAsync($"文件 {arguments[2]} 已经存在,请换一个文件名。");
            return 1;
        }

        await database.TransactAsync(
            db => Audit.WriteAsync(db, Operator.Here(), "export_audit", "audit_days", $"{arguments[0]}..{arguments[1]}", clock.Milliseconds()),
            cancellation);
        var count = await WriteAsync(arguments[0], arguments[1], arguments[2], cancellation);
        await output.WriteLineAsync($"已导出 {count} 条记录到 {arguments[2]}。");
        return 0;
    }

    private static bool IsDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", out _);

    private async Task<int> WriteAsync(string from, string to, string path, CancellationToken cancellation)
    {
        await using var file = new StreamWriter(new FileStream(path, OwnerOnly()));
        await using var db = database.Open();
        var days = await db.QueryToListAsync<AuditDayRow>(
            $"SELECT {AuditDayRow.Columns} FROM audit_days WHERE day >= @from AND day <= @to ORDER BY day", new { from, to }, cancellation);
        var count = 0;
        foreach (var day in days)
        {
            await LineAsync(
                file,
                new { Kind = "day", AuditChain.Format, day.Day, day.PreviousHead, Count = day.EntryCount, day.Head, IsClosed = day.ClosedAt is not null, IsPurged = day.PurgedAt is not null });
            List<SealedEntry> page;
            var position = 0;
            do
            {
                page = await SealedEntry.ReadAsync(db, day.Day, position, Page, cancellation);
                foreach (var seal in page.Where(s => s.Position <= day.EntryCount))
                {
                    await LineAsync(file, LineOf(day, seal));
                    position = seal.Position;
                    count++;
                }
            }
            while (page.Count == Page && position < day.EntryCount);
        }

        return count;
    }

    private static object LineOf(AuditDayRow day, SealedEntry seal) => new
    {
        Kind = "entry",
        day.Day,
        seal.Position,
        seal.Hash,
        seal.SealedAt,
        Id = seal.EntryId,
        seal.Entry?.At,
        seal.Entry?.PersonId,
        seal.Entry?.SessionId,
        seal.Entry?.SessionKind,
        seal.Entry?.Address,
        seal.Entry?.Deed,
        seal.Entry?.RecordKind,
        seal.Entry?.RecordId,
        seal.Entry?.SubjectId,
        seal.Entry?.Role,
        seal.Entry?.UnionId,
        seal.Entry?.Operator,
    };

    private static Task LineAsync(StreamWriter file, object line) =>
        file.WriteLineAsync(JsonSerializer.Serialize(line, ContractJson.Stored));

    private static FileStreamOptions OwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
