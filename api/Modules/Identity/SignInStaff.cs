using System.Text;
using System.Text.Json.Serialization;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Somebody who acts for an organisation signs in with name and password.</summary>
internal static class SignInStaff
{
    /// <param name="Name">Account name.</param>
    /// <param name="Password">Password.</param>
    /// <param name="TotpCode">From the authenticator; left out, the answer tells whether it is needed.</param>
    /// <param name="RecoveryCode">In place of the TOTP code, each once.</param>
    public sealed record Request(
        [property: Needed, LengthBetween(1, 40)] string? Name,
        [property: Needed, LengthBetween(1, 200), JsonConverter(typeof(SecretText))] string? Password,
        [property: Form(TotpCodes.Form, TotpCodes.FormSentence)] string? TotpCode,
        [property: LengthBetween(16, 40)] string? RecoveryCode);

    /// <param name="Token">Send as <c>Authorization: Bearer …</c>; shown this once.</param>
    /// <param name="ExpiresAt">30 minutes from the last use, 12 hours from the sign-in at the most.</param>
    /// <param name="PersonId">Who I am.</param>
    /// <param name="DisplayName">The name that others see.</param>
    public sealed record Response(string Token, DateTimeOffset ExpiresAt, string PersonId, string DisplayName);

    /// <summary>工作人员登录 (staff sign-in).</summary>
    /// <response code="401">wrong_name_or_password; with the right ones totp_needed or wrong_totp_code.</response>
    /// <response code="429">too_many_attempts: wait as Retry-After says.</response>
    internal static async Task<Created<Response>> Handle(
        Request request, HttpContext http, Database database, Passwords passwords, FieldCipher cipher, LookupIndex index, TimeProvider clock, IHostEnvironment environment, CancellationToken cancellation)
    {
        SecondFactor.RefuseBoth(request.TotpCode, request.RecoveryCode);
        var name = request.Name!.ToLowerInvariant();
        var nameIndex = StaffAttempts.IndexOf(index, name);
        await StaffAttempts.TakeAsync(database, nameIndex, clock, cancellation);
        var account = await AccountAsync(database, name, environment, cancellation);
        if (!passwords.Matches(account?.PasswordHash, request.Password!))
        {
            throw new Refusal(IdentityProblems.WrongNameOrPassword);
        }

        var (token, session) = await OpenAsync(request, http, nameIndex, account!, database, cipher, clock, cancellation);
        var expires = SessionRules.ExpiresAt(session.Kind, session.CreatedAt, session.LastSeenAt);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created(
            "/api/v1/office/me/sessions/current",
            new Response(token, Instants.At(expires), session.PersonId, account!.DisplayName));
    }

    /// <summary>A code that is wrong undoes the whole transaction, and the attempt stays counted.</summary>
    private static Task<(string Token, SessionRow Session)> OpenAsync(
        Request request, HttpContext http, string nameIndex, StaffAccountRow account, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        var device = DeviceWords.From(http.Request.Headers.UserAgent);
        return database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var isStillSo = await db.ExecuteAsync(
                    "UPDATE staff_accounts SET last_sign_in_at = @now WHERE person_id = @PersonId AND password_hash = @PasswordHash AND disabled_at IS NULL",
                    new { now, account.PersonId, account.PasswordHash });
                if (isStillSo == 0)
                {
                    throw new Refusal(IdentityProblems.WrongNameOrPassword);
                }

                await SecondFactor.ProveAsync(db, cipher, account, request.TotpCode, request.RecoveryCode, now, cancellation);
                await StaffAttempts.ForgetAsync(db, nameIndex);
                var opened = await SessionStore.OpenAsync(db, SessionKind.Staff, account.PersonId, device, now);
                if (request.RecoveryCode is not null)
                {
                    var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
                    var caller = new Caller(account.PersonId, opened.Session.Id, SessionKind.Staff, address);
                    await Audit.WriteAsync(db, caller, "use_recovery_code", "staff_account", account.PersonId, now);
                }

                return opened;
            },
            cancellation);
    }

    private static async Task<StaffAccountRow?> AccountAsync(
        Database database, string name, IHostEnvironment environment, CancellationToken cancellation)
    {
        // Names are ASCII: MariaDB refuses to compare such a column with other letters.
        if (!Ascii.IsValid(name))
        {
            return null;
        }

        await using var db = database.Open();
        var account = await db.StaffAccounts.FirstOrDefaultAsync(a => a.Name == name, cancellation);
        return account is { IsDemo: true } && environment.IsProduction() ? null : account;
    }
}
