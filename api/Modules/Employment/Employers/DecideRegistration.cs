using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Employers;

/// <summary>An officer has looked at the documents and verifies the firm, for a year.</summary>
internal static class ApproveRegistration
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <param name="EmployerId">The verified firm.</param>
    /// <param name="VerifiedUntil">Until then it may offer vacancies.</param>
    public sealed record Response(string EmployerId, DateTimeOffset VerifiedUntil);

    /// <summary>核验通过 (verify a firm, or renew its verification).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, IMessenger messenger, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var row = await RegistrationDesk.FindAsync(db, id, request.Version!.Value, reach, cancellation);
                var employer = await VerifyAsync(db, row, stepId, reach, caller, cipher, now, cancellation);
                await Deciding.TakeAsync(db, row, RegistrationState.Approved, employer, null, caller, now, cancellation);
                await messenger.AddAsync(db, RegistrationDesk.Approved(row), now);
            },
            cancellation);
        await using var db = database.Open();
        var employers = db.Employers;
        var verified = await db.EmployerRegistrations.Where(r => r.Id == id)
            .Select(r => employers.First(e => e.Id == r.EmployerId)).FirstAsync(cancellation);
        return TypedResults.Ok(new Response(verified.Id, Instants.At(verified.VerifiedUntil)));
    }

    /// <summary>The firm's row by its credit code: made now, or brought up to date and good for another year.</summary>
    private static async Task<string> VerifyAsync(
        Db db, RegistrationRow row, string stepId, Reach reach, Caller caller, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        var until = Firms.VerifiedUntil(now);
        var known = await db.Employers.Where(e => e.CreditCode == row.CreditCode).Select(e => e.Id).FirstOrDefaultAsync(cancellation);
        var id = known ?? Ids.New();
        if (known is null)
        {
            await AddAsync(db, id, row, until, now, cancellation);
        }
        else
        {
            // Somebody may have registered a firm of another union as one of her own place.
            await db.EmployerInReachAsync(id, reach, cancellation);
            await db.Employers.Where(e => e.Id == id)
                .Set(e => e.Name, row.Name).Set(e => e.Kind, row.EmployerKind).Set(e => e.DivisionCode, row.DivisionCode).Set(e => e.Address, row.Address)
                .Set(e => e.VerifiedUntil, until).Set(e => e.Version, e => e.Version + 1).Set(e => e.UpdatedAt, now)
                .UpdateAsync(cancellation);
            await Firms.ChangedAsync(db, id, cancellation);
        }

        await Firms.StepAsync(db, cipher, id, known is null ? EmployerStepKind.Verification : EmployerStepKind.Renewal, stepId, null, caller, now);
        return id;
    }

    private static async Task AddAsync(Db db, string id, RegistrationRow row, long until, long now, CancellationToken cancellation)
    {
        try
        {
            await db.InsertAsync(
                new EmployerRow
                {
                    Id = id,
                    CreditCode = row.CreditCode,
                    Name = row.Name,
                    Kind = row.EmployerKind,
                    DivisionCode = row.DivisionCode,
                    Address = row.Address,
                    UnionId = row.UnionId,
                    State = EmployerState.Verified,
                    VerifiedUntil = until,
                    Version = 1,
                    CreatedAt = now,
                    UpdatedAt = now,
                },
                token: cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Two clerks registered the same firm, and two officers decide at this moment.
            throw new Refusal(CommonProblems.ChangedMeanwhile);
        }
    }
}

/// <summary>The documents do not do; the clerk is told why and may register again.</summary>
internal static class RejectRegistration
{
    /// <param name="Version">The version that was read.</param>
    /// <param name="Reason">Told to the clerk.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>核验不通过 (reject a registration).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, IMessenger messenger, FieldCipher cipher, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var row = await RegistrationDesk.FindAsync(db, id, request.Version!.Value, reach, cancellation);
                await Deciding.TakeAsync(db, row, RegistrationState.Rejected, null, Deciding.Seal(cipher, id, request.Reason), caller, now, cancellation);
                await messenger.AddAsync(db, RegistrationDesk.Rejected(row, request.Reason!), now);
                await Audit.WriteAsync(db, caller, "reject_employer_registration", "employer_registration", id, now, row.PersonId);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>What both decisions look at and say.</summary>
internal static class RegistrationDesk
{
    private const string NoticeKind = "employer_registration";

    /// <summary>To the firm's clerk, who has a staff account by then.</summary>
    private const string RenewalNoticeKind = "employer_renewal";

    public static async Task<RegistrationRow> FindAsync(Db db, string id, int version, Reach reach, CancellationToken cancellation)
    {
        var row = await db.EmployerRegistrations.FirstOrDefaultAsync(r => r.Id == id, cancellation);
        if (row is null || !await db.IsInReachAsync(reach, row.UnionId, cancellation))
        {
            throw new Refusal(CommonProblems.NotFound);
        }

        if (row.State != RegistrationState.Submitted)
        {
            throw new Refusal(EmploymentProblems.RegistrationDecided) { Present = new { row.State, row.Version } };
        }

        return row.Version == version ? row : throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { row.State, row.Version } };
    }

    public static Notice Approved(RegistrationRow row) => new(
        row.PersonId,
        KindOf(row),
        "企业核验已通过",
        row.Kind == RegistrationKind.Renewal ? $"{row.Name} 的年度续核已通过。" : $"{row.Name} 已通过核验,请在“我登记的企业”中领取账号设置链接,24 小时内有效。",
        row.Id);

    public static Notice Rejected(RegistrationRow row, string reason) =>
        new(row.PersonId, KindOf(row), "企业核验未通过", $"{row.Name} 的登记没有通过核验:{reason}。请按说明补正后重新登记。", row.Id);

    private static string KindOf(RegistrationRow row) => row.Kind == RegistrationKind.Renewal ? RenewalNoticeKind : NoticeKind;
}
