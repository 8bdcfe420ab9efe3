using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.RateLimits;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Oversight;

/// <summary>
/// One masked value of one record in clear. Who, whose, which and why are committed before the value leaves, and the
/// person concerned can read them.
/// </summary>
internal static class Unmask
{
    public const string Deed = "unmask";

    /// <param name="RecordKind">membership_application or person.</param>
    /// <param name="RecordId">Which record.</param>
    /// <param name="Field">id_number or phone.</param>
    /// <param name="Reason">What the value is needed for; the person concerned and the auditor can read it.</param>
    public sealed record Request(
        [property: Needed, LengthBetween(1, 40)] string? RecordKind,
        [property: Needed, Id] string? RecordId,
        [property: Needed, LengthBetween(1, 40)] string? Field,
        [property: Needed, LengthBetween(5, 200)] string? Reason);

    /// <param name="Id">Of this look.</param>
    /// <param name="Value">In clear: show it, do not keep it.</param>
    public sealed record Response(string Id, string Value);

    /// <summary>查看完整信息 (see one masked value in clear).</summary>
    /// <response code="429">too_many_requests: so many an hour; wait as Retry-After says.</response>
    internal static async Task<Ok<Response>> Handle(
        Request request, Caller caller, Reach reach, GuardedLooks looks, RateLimitSettings limits, IEnumerable<UnmaskableField> fields, FieldCipher cipher, CancellationToken cancellation)
    {
        var field = fields.FirstOrDefault(f => f.RecordKind == request.RecordKind && f.Field == request.Field)
            ?? throw Refusal.OfField("field", "此类记录没有可以查看的这一项。");
        var response = await looks.LookAsync(
            caller,
            Deed,
            limits.UnmaskingsPerHour,
            async (db, now) =>
            {
                var found = await field.Find(db, cipher, reach.UnionIds, request.RecordId!, cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                return new Response(await WriteAsync(db, request, caller, found.SubjectId, cipher, now), found.Value);
            },
            cancellation);
        return TypedResults.Ok(response);
    }

    private static async Task<string> WriteAsync(Db db, Request request, Caller caller, string subjectId, FieldCipher cipher, long now)
    {
        var id = Ids.New();
        await db.InsertAsync(new UnmaskingRow
        {
            Id = id,
            AuditEntryId = await Audit.WriteAsync(db, caller, Deed, request.RecordKind!, request.RecordId!, now, subjectId),
            PersonId = caller.PersonId,
            SubjectId = subjectId,
            RecordKind = request.RecordKind!,
            RecordId = request.RecordId!,
            Field = request.Field!,
            ReasonSealed = cipher.Seal(UnmaskingRow.ReasonPlace, id, request.Reason!),
            At = now,
        });
        return id;
    }
}
