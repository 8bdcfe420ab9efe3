using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Reports;

/// <summary>A guest reports another one of the same evening, by the plate.</summary>
internal static class ReportGuest
{
    /// <param name="Plate">男01 or 女01, of either sex.</param>
    /// <param name="Text">What happened; read by the officer who decides, kept sealed.</param>
    public sealed record Request(
        [property: Needed, LengthBetween(3, 5)] string? Plate, [property: Needed, KnownWord] ReportKind? Kind, [property: Needed, LengthBetween(2, 500)] string? Text);

    public sealed record Response(string Id, ReportState State);

    /// <summary>举报嘉宾 (report a guest).</summary>
    /// <param name="id">The activity.</param>
    /// <response code="409">no_plate, plate_unknown.</response>
    internal static async Task<Created<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, FieldCipher cipher, CancellationToken cancellation)
    {
        if (!Plate.IsPlate(request.Plate))
        {
            throw Refusal.OfField("plate", "请填写号牌,例如 女03。");
        }

        var plate = Plate.Read(request.Plate!);
        var made = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, reportId, now) =>
            {
                await db.PlateOfAsync(id, caller, cancellation);
                var reported = await db.Plates.Where(p => p.ActivityId == id && p.Sex == plate.Sex && p.Number == plate.Number && p.PersonId != caller.PersonId)
                    .Select(p => p.PersonId).FirstOrDefaultAsync(cancellation)
                    ?? throw new Refusal(SinglesProblems.PlateUnknown);
                var row = new SinglesReportRow
                {
                    Id = reportId,
                    ActivityId = id,
                    PersonId = caller.PersonId,
                    ReportedId = reported,
                    Kind = request.Kind!.Value,
                    TextSealed = cipher.Seal(SinglesReportRow.TextPlace, reportId, request.Text!),
                    State = ReportState.Open,
                    CreatedAt = now,
                };
                await db.InsertAsync(row, token: cancellation);
                await Audit.WriteAsync(db, caller, "report_guest", "singles_report", reportId, now);
            },
            cancellation);
        return TypedResults.Created((string?)null, new Response(made, ReportState.Open));
    }
}
