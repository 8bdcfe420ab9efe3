using System.Text.Json.Serialization;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>A staff member changes her password: the old one and her second factor prove that it is she.</summary>
internal static class ChangePassword
{
    /// <param name="OldPassword">The present one; wrong ones count as attempts to sign in.</param>
    /// <param name="NewPassword">12 to 128 characters, not a common one.</param>
    /// <param name="TotpCode">Needed when she signs in with one.</param>
    /// <param name="RecoveryCode">In place of the TOTP code.</param>
    public sealed record Request(
        [property: Needed, LengthBetween(1, 200), JsonConverter(typeof(SecretText))] string? OldPassword,
        [property: Needed, LengthBetween(1, 500), JsonConverter(typeof(SecretText))] string? NewPassword,
        [property: Form(TotpCodes.Form, TotpCodes.FormSentence)] string? TotpCode,
        [property: LengthBetween(16, 40)] string? RecoveryCode);

    /// <summary>修改密码 (change my password). All other sessions end.</summary>
    /// <response code="409">proof_refused: old password or code is wrong.</response>
    /// <response code="429">too_many_attempts: wait as Retry-After says.</response>
    internal static async Task<NoContent> Handle(
        Request request, Caller caller, Database database, Passwords passwords, FieldCipher cipher, LookupIndex index, SessionStore sessions, TimeProvider clock, CancellationToken cancellation)
    {
        SecondFactor.RefuseBoth(request.TotpCode, request.RecoveryCode);
        var account = await FindAsync(caller, database, cancellation);
        if (PasswordRules.Fault(request.NewPassword!, account.Name, account.DisplayName) is { } fault)
        {
            throw Refusal.OfField("newPassword", fault);
        }

        var nameIndex = StaffAttempts.IndexOf(index, account.Name);
        await StaffAttempts.TakeAsync(database, nameIndex, clock, cancellation);
        if (!passwords.Matches(account.PasswordHash, request.OldPassword!))
        {
            throw new Refusal(StaffProblems.ProofRefused);
        }

        var hash = passwords.Hash(request.NewPassword!);
        var ended = await database.TransactAsync(
            db => ChangeAsync(db, request, account, hash, nameIndex, caller, cipher, clock.Milliseconds(), cancellation), cancellation);
        await sessions.BuryAsync(ended);
        return TypedResults.NoContent();
    }

    private static async Task<StaffAccountRow> FindAsync(Caller caller, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return await db.StaffAccounts.FirstAsync(a => a.PersonId == caller.PersonId, cancellation);
    }

    private static async Task<IReadOnlyList<SessionRow>> ChangeAsync(
        Db db, Request request, StaffAccountRow account, string hash, string nameIndex, Caller caller, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        var changed = await db.StaffAccounts
            .Where(a => a.PersonId == account.PersonId && a.PasswordHash == account.PasswordHash && a.DisabledAt == null)
            .Set(a => a.PasswordHash, hash).UpdateAsync(cancellation);
        if (changed == 0)
        {
            throw new Refusal(StaffProblems.ProofRefused);
        }

        try
        {
            await SecondFactor.ProveAsync(db, cipher, account, request.TotpCode, request.RecoveryCode, now, cancellation);
        }
        catch (Refusal refusal) when (refusal.Problem == StaffProblems.WrongTotpCode || refusal.Problem == StaffProblems.TotpNeeded)
        {
            // She is signed in: a 401 here would send her back to the door.
            throw new Refusal(StaffProblems.ProofRefused);
        }

        await StaffAttempts.ForgetAsync(db, nameIndex);
        await StaffLinks.WithdrawForAsync(db, account.PersonId, now);
        await Audit.WriteAsync(db, caller, "change_password", "staff_account", account.PersonId, now);
        return await SessionStore.DeleteAsync(
            db, s => s.PersonId == caller.PersonId && s.Kind == SessionKind.Staff && s.Id != caller.SessionId);
    }
}
