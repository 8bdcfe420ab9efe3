using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Employers;

/// <summary>Once a year the clerk hands in fresh documents; an officer looks at them as at the first time.</summary>
internal static class RenewVerification
{
    /// <param name="Address">Where the firm is now.</param>
    public sealed record Request(
        [property: Needed, LengthBetween(4, 100)] string? Name,
        [property: Needed, Form("^[0-9]{6,12}$", "请选择单位所在的行政区划。")] string? DivisionCode,
        [property: Needed, LengthBetween(2, 120)] string? Address,
        [property: Needed, Form(Registration.PhoneForm, Registration.PhoneAdvice)] string? Phone,
        [property: Needed, Id] string? LicenceFileId,
        [property: Needed, Id] string? MandateFileId);

    /// <summary>年度续核 (renew the yearly verification).</summary>
    /// <response code="409">no_employer, registration_open.</response>
    internal static async Task<Created<Registration>> Handle(
        Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        var id = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, id, now) =>
            {
                var firm = await db.MyFirmAsync(caller, cancellation);
                await db.RefuseUnknownDivisionAsync(request.DivisionCode, "divisionCode", cancellation);
                await EmployerDocuments.RefuseUnlessMineAsync(
                    db, caller, cancellation, ("licenceFileId", request.LicenceFileId), ("mandateFileId", request.MandateFileId));
                await Registration.OpenAsync(db, await RowAsync(db, id, request, firm, caller, cipher, now, cancellation), cancellation);
                await Audit.WriteAsync(db, caller, "renew_verification", "employer_registration", id, now);
            },
            cancellation);
        await using var db = database.Open();
        return TypedResults.Created("/api/v1/office/employer", await Registration.ReadAsync(db, cipher, r => r.Id == id, cancellation));
    }

    private static async Task<RegistrationRow> RowAsync(Db db, string id, Request request, EmployerRow firm, Caller caller, FieldCipher cipher, long now, CancellationToken cancellation) => new()
    {
        Id = id,
        Kind = RegistrationKind.Renewal,
        PersonId = caller.PersonId,
        EmployerId = firm.Id,
        CreditCode = firm.CreditCode,
        Name = request.Name!,
        EmployerKind = firm.Kind,
        DivisionCode = request.DivisionCode!,
        Address = request.Address!,
        UnionId = firm.UnionId,
        IsMatched = await db.Unions.AnyAsync(u => u.EmployerCreditCode == firm.CreditCode, cancellation),
        ClerkName = await db.StaffAccounts.Where(a => a.PersonId == caller.PersonId).Select(a => a.DisplayName).FirstAsync(cancellation),
        PhoneSealed = cipher.Seal(RegistrationRow.PhonePlace, id, request.Phone!),
        LicenceFileId = request.LicenceFileId!,
        MandateFileId = request.MandateFileId!,
        State = RegistrationState.Submitted,
        OpenPersonId = caller.PersonId,
        Version = 1,
        CreatedAt = now,
        UpdatedAt = now,
    };
}
