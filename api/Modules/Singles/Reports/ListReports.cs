using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Reports;

/// <summary>The reports of an evening, with what was said, for the officers of the union that held it. Each look is written down with whom it showed.</summary>
internal static class ListReports
{
    public const string Deed = "list_guests";

    /// <param name="Plate">Of the reported guest.</param>
    /// <param name="Name">Masked, of the reported guest.</param>
    /// <param name="Reporter">Plate of who reports.</param>
    /// <param name="Answer">Why it was decided so; null while open.</param>
    public sealed record Item(
        string Id, string? Plate, string? Name, string? Reporter, ReportKind Kind, string Text, ReportState State, string? Answer, DateTimeOffset CreatedAt, DateTimeOffset? DecidedAt);

    /// <summary>举报清单 (reports of an evening), the oldest first.</summary>
    /// <param name="id">The activity.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="after">next of the page before.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string id, int? take, string? after, Caller caller, Reach reach, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        var (count, mark) = (Page.Take(take), Page.AfterId(after));
        var (rows, plates) = await ReadAsync(id, count, mark, reach, database, cancellation);

        // Both read that somebody looked; by these words neither learns that there is a report.
        var (people, now) = (rows.Take(count).SelectMany(r => new[] { r.Report.PersonId, r.Report.ReportedId }).Distinct(), clock.Milliseconds());
        await database.TransactAsync(
            db => db.InsertManyAsync(people.Select(p => Audit.RowOf(caller, Deed, "activity", id, now, p))), cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, r => ItemOf(r, plates, cipher), r => r.Report.Id));
    }

    private static async Task<(List<Row> Rows, Dictionary<string, string> Plates)> ReadAsync(
        string id, int count, string? mark, Reach reach, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        await db.FindEveningAsync(id, reach, cancellation);
        var records = db.MemberRecords;
        var rows = await (
            from report in db.SinglesReports
            from record in records.LeftJoin(r => r.PersonId == report.ReportedId)
            where report.ActivityId == id && (mark == null || report.Id.CompareTo(mark) > 0)
            orderby report.Id
            select new Row(report, record.Name)).Take(count + 1).ToListAsync(cancellation);
        var people = rows.SelectMany(r => new[] { r.Report.PersonId, r.Report.ReportedId }).Distinct().ToArray();
        var plates = await db.Plates.Where(p => p.ActivityId == id && people.Contains(p.PersonId)).ToListAsync(cancellation);
        return (rows, plates.ToDictionary(p => p.PersonId, p => p.Plate.ToString()));
    }

    private static Item ItemOf(Row row, Dictionary<string, string> plates, FieldCipher cipher)
    {
        var report = row.Report;
        return new Item(
            report.Id,
            plates.GetValueOrDefault(report.ReportedId),
            row.Name is null ? null : Masking.Name(row.Name),
            plates.GetValueOrDefault(report.PersonId),
            report.Kind,
            cipher.Open(SinglesReportRow.TextPlace, report.Id, report.TextSealed),
            report.State,
            report.AnswerSealed is { } answer ? cipher.Open(SinglesReportRow.AnswerPlace, report.Id, answer) : null,
            Instants.At(report.CreatedAt),
            Instants.At(report.DecidedAt));
    }

    private sealed record Row(SinglesReportRow Report, string? Name);
}
