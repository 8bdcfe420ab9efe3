using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Employers;

/// <summary>A firm's clerk registers it herself, from the mini-program; an officer verifies it.</summary>
internal static class RegisterEmployer
{
    /// <param name="CreditCode">统一社会信用代码, 18 characters with its check digit.</param>
    /// <param name="Kind">单位性质: code of the table <c>employer_kind</c>.</param>
    /// <param name="ClerkName">经办人姓名, as in the mandate.</param>
    /// <param name="Phone">Where the officer who verifies can call.</param>
    /// <param name="LicenceFileId">营业执照, uploaded with purpose employer_document.</param>
    /// <param name="MandateFileId">委托证明或介绍信.</param>
    /// <param name="IdentityFileId">经办人身份证; deleted once the registration is decided.</param>
    public sealed record Request(
        [property: Needed, Form("^[0-9A-HJ-NPQRTUWXY]{18}$", "统一社会信用代码应为 18 位数字或大写字母(不含 I、O、S、V、Z)。")] string? CreditCode,
        [property: Needed, LengthBetween(4, 100)] string? Name,
        [property: Needed, CodeOf("employer_kind")] string? Kind,
        [property: Needed, Form("^[0-9]{6,12}$", "请选择单位所在的行政区划。")] string? DivisionCode,
        [property: Needed, LengthBetween(2, 120)] string? Address,
        [property: Needed, LengthBetween(2, 30)] string? ClerkName,
        [property: Needed, Form(Registration.PhoneForm, Registration.PhoneAdvice)] string? Phone,
        [property: Needed, Id] string? LicenceFileId,
        [property: Needed, Id] string? MandateFileId,
        [property: Needed, Id] string? IdentityFileId);

    /// <summary>登记企业 (register a firm).</summary>
    /// <response code="409">registration_open, no_union_for_place.</response>
    internal static async Task<Created<Registration>> Handle(
        Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        if (!CreditCode.IsValid(request.CreditCode))
        {
            throw Refusal.OfField("creditCode", "统一社会信用代码的校验位不正确,请对照营业执照核对。");
        }

        var id = await idempotency.OnceAsync(key, caller, request, (db, id, now) => RegisterAsync(db, id, request, caller, cipher, now, cancellation), cancellation);
        await using var db = database.Open();
        return TypedResults.Created($"/api/v1/me/employer-registrations/{id}", await Registration.ReadAsync(db, cipher, r => r.Id == id, cancellation));
    }

    private static async Task RegisterAsync(Db db, string id, Request request, Caller caller, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        await db.RefuseUnknownDivisionAsync(request.DivisionCode, "divisionCode", cancellation);
        await EmployerDocuments.RefuseUnlessMineAsync(
            db, caller, cancellation, ("licenceFileId", request.LicenceFileId), ("mandateFileId", request.MandateFileId), ("identityFileId", request.IdentityFileId));
        var (unionId, isMatched) = await Firms.UnionForAsync(db, request.CreditCode!, request.DivisionCode!, cancellation);
        await Registration.OpenAsync(
            db,
            new RegistrationRow
            {
                Id = id,
                Kind = RegistrationKind.Registration,
                PersonId = caller.PersonId,
                CreditCode = request.CreditCode!,
                Name = request.Name!,
                EmployerKind = request.Kind!,
                DivisionCode = request.DivisionCode!,
                Address = request.Address!,
                UnionId = unionId,
                IsMatched = isMatched,
                ClerkName = request.ClerkName!,
                PhoneSealed = cipher.Seal(RegistrationRow.PhonePlace, id, request.Phone!),
                LicenceFileId = request.LicenceFileId!,
                MandateFileId = request.MandateFileId!,
                IdentityFileId = request.IdentityFileId,
                State = RegistrationState.Submitted,
                OpenPersonId = caller.PersonId,
                Version = 1,
                CreatedAt = now,
                UpdatedAt = now,
            },
            cancellation);
        await Audit.WriteAsync(db, caller, "register_employer", "employer_registration", id, now);
    }
}
