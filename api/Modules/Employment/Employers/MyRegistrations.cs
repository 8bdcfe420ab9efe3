using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Employment.Employers;

/// <summary>A clerk sees how far her registrations have come.</summary>
internal static class ListMyRegistrations
{
    /// <summary>我登记的企业 (firms that I registered), newest first.</summary>
    internal static async Task<Ok<Listing<Registration>>> Handle(
        int? take, string? after, Caller caller, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        var (count, mark) = (Page.Take(take), Page.AfterId(after));
        await using var db = database.Open();
        var rows = await db.EmployerRegistrations
            .Where(r => r.PersonId == caller.PersonId && (mark == null || r.Id.CompareTo(mark) < 0))
            .OrderByDescending(r => r.Id).Take(count + 1).ToListAsync(cancellation);
        var links = rows.Select(r => r.LinkId).OfType<string>().ToArray();
        var used = links.Length == 0 ? [] : (await db.StaffLinks.Where(l => links.Contains(l.Id) && l.UsedAt != null).Select(l => l.Id).ToListAsync(cancellation)).ToHashSet();
        return TypedResults.Ok(Listing<Registration>.Of(rows, count, r => Registration.Of(r, cipher, r.LinkId is not null && used.Contains(r.LinkId)), r => r.Id));
    }
}

/// <summary>One of them.</summary>
internal static class GetMyRegistration
{
    /// <summary>查看企业登记 (a firm that I registered).</summary>
    internal static async Task<Ok<Registration>> Handle(string id, Caller caller, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return TypedResults.Ok(await Registration.ReadAsync(db, cipher, r => r.Id == id && r.PersonId == caller.PersonId, cancellation));
    }
}

/// <summary>The clerk takes an undecided registration back.</summary>
internal static class WithdrawRegistration
{
    /// <summary>撤回企业登记 (take a registration back). A repeat changes nothing.</summary>
    /// <response code="409">registration_decided.</response>
    internal static async Task<NoContent> Handle(string id, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var row = await db.EmployerRegistrations.FirstOrDefaultAsync(r => r.Id == id && r.PersonId == caller.PersonId, cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                if (row.State == RegistrationState.Withdrawn)
                {
                    return;
                }

                await Deciding.TakeAsync(db, row, RegistrationState.Withdrawn, null, null, null, now, cancellation);
                await Audit.WriteAsync(db, caller, "withdraw_employer_registration", "employer_registration", id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>Once verified, the clerk sets up the account with which she acts for the firm in the office.</summary>
internal static class MakeSetUpLink
{
    /// <summary>领取经办人账号设置链接 (the link to set up the clerk's account): works once within 24 hours, shown this once; a new one voids the older.</summary>
    /// <response code="409">registration_not_approved, account_set_up_already.</response>
    internal static async Task<Created<OneTimeLink>> Handle(
        string id, Caller caller, StaffLinks links, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var link = await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();

                // The row first: of two at once the second voids the link of the first.
                var touched = await db.EmployerRegistrations.Where(r => r.Id == id && r.PersonId == caller.PersonId)
                    .Set(r => r.UpdatedAt, now).UpdateAsync(cancellation);
                var row = touched == 0 ? null : await db.EmployerRegistrations.FirstAsync(r => r.Id == id, cancellation);
                if (row is not { Kind: RegistrationKind.Registration })
                {
                    throw new Refusal(CommonProblems.NotFound);
                }

                if (row.State != RegistrationState.Approved)
                {
                    throw new Refusal(EmploymentProblems.RegistrationNotApproved);
                }

                if (await Registration.IsSetUpAsync(db, row.LinkId, cancellation))
                {
                    throw new Refusal(EmploymentProblems.AccountSetUp);
                }

                if (row.LinkId is { } older)
                {
                    await db.StaffLinks.Where(l => l.Id == older && l.UsedAt == null && l.WithdrawnAt == null).Set(l => l.WithdrawnAt, now).UpdateAsync(cancellation);
                }

                var made = await links.InviteAsync(db, row.ClerkName, Role.Employer, row.UnionId, row.DecidedBy, now);
                await db.EmployerRegistrations.Where(r => r.Id == id).Set(r => r.LinkId, made.Id).UpdateAsync(cancellation);
                await Audit.WriteAsync(db, caller, "make_set_up_link", "employer_registration", id, now);
                return made;
            },
            cancellation);
        return TypedResults.Created($"/api/v1/me/employer-registrations/{id}", link);
    }
}
