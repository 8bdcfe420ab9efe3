using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Files;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.RateLimits;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Oversight;

namespace WeChatUnion.Api.Modules.Activities.Reporting;

/// <summary>
/// 签到表: who has a place, with full names and answers, to be printed and ticked off in the hall. So many full names at
/// once need a reason; everybody on the sheet can read who took it out and why.
/// </summary>
internal static class ExportAttendance
{
    public const string Deed = "export_attendance";

    /// <param name="Reason">What the sheet is needed for; everybody on it and the auditor can read it.</param>
    public sealed record Request([property: Needed, LengthBetween(5, 200)] string? Reason);

    /// <summary>导出签到表 (export the attendance sheet) as xlsx.</summary>
    /// <response code="429">too_many_requests: so many an hour; wait as Retry-After says.</response>
    internal static async Task<FileContentHttpResult> Handle(
        string id, Request request, Caller caller, Reach reach, GuardedLooks looks, RateLimitSettings limits, FieldCipher cipher, CancellationToken cancellation)
    {
        var sheet = await looks.LookAsync(
            caller,
            Deed,
            limits.AttendanceExportsPerHour,
            async (db, now) =>
            {
                await ActivityDrafts.FindAsync(db, id, reach, cancellation);
                var read = await AttendanceSheet.ReadAsync(db, id, cipher, cancellation);
                await WriteAsync(db, id, request.Reason!, caller, cipher, read.PersonIds, now);
                return read;
            },
            cancellation);
        return TypedResults.File(Sheet.Of("签到表", sheet.Columns, sheet.Rows), Sheet.ContentType, $"签到表-{id[^6..]}.xlsx");
    }

    /// <summary>One entry for the export with its reason, and one for each person whose name leaves.</summary>
    private static async Task WriteAsync(
        Db db, string activityId, string reason, Caller caller, FieldCipher cipher, IEnumerable<string> personIds, long now)
    {
        var export = await Audit.WriteAsync(db, caller, Deed, "activity", activityId, now);
        await db.InsertAsync(new SearchReasonRow
        {
            AuditEntryId = export,
            PersonId = caller.PersonId,
            ReasonSealed = cipher.Seal(SearchReasonRow.ReasonPlace, export, reason),
            At = now,
        });
        await db.InsertManyAsync(personIds.Select(p => Audit.RowOf(caller, Deed, Searches.HitRecordKind, export, now, p)));
    }
}
