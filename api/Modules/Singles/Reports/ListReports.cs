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

/// <summary>The reports of an evening, with what was said, for the officers of the union that held it. Looking is audited.</summary>
internal static class ListReports
{
    public const string Deed = "read_singles_reports";

    /// <param name="Plate">Of the reported guest.</param>
    /// <param name="Name">Masked, of the reported guest.</param>
    /// <param name="Reporter">Plate of who reports.</param>
    public sealed record Item(
        string Id, string? Plate, string? Name, string? Reporter, ReportKind Kind, string Text, ReportState State, DateTimeOffset CreatedAt, DateTimeOffset? DecidedAt);

    /// <summary>举报清单 (reports of an evening), the oldest first.</summary>
    /// <param name="id">The activity.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="after">next of the page before.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string id, int? take, string? after, Caller caller, Reach reach, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        var (count, mark) = (Page.Take(take), Page.AfterId(after));
        await database.TransactAsync(
            async writing =>
            {
                await writing.FindEveningAsync(id, reach, cancellation);
                await Audit.WriteAsync(writing, caller, Deed, "activity", id, clock.Milliseconds());
            },
            cancellation);

        await using var db = database.Open();
        var records = db.MemberRecords;
        var rows = await (
            from report in db.SinglesReports
            from record in records.LeftJoin(r => r.PersonId == report.ReportedId)
            where report.ActivityId == id && (mark == null || report.Id.CompareTo(mark) > 0)
            orderby report.Id
            select new { report, record.Name }).Take(count + 1).ToListAsync(cancellation);
        var people = rows.SelectMany(r => new[] { r.report.PersonId, r.report.ReportedId }).Distinct().ToArray();
        var plates = (await db.Plates.Where(p => p.ActivityId == id && people.Contains(p.PersonId)).ToListAsync(cancellation))
            .ToDictionary(p => p.PersonId, p => p.Plate.ToString());
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.report.Id,
                plates.GetValueOrDefault(r.report.ReportedId),
                r.Name is null ? null : Masking.Name(r.Name),
                plates.GetValueOrDefault(r.report.PersonId),
                r.report.Kind,
                cipher.Open(SinglesReportRow.TextPlace, r.report.Id, r.report.TextSealed),
                r.report.State,
                Instants.At(r.report.CreatedAt),
                Instants.At(r.report.DecidedAt)),
            r => r.report.Id));
    }
}
