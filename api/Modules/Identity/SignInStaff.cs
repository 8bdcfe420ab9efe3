using System.Text;
using System.Text.Json.Serialization;
using LinqToDB;
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
    /// <summary>So many tries are free of delay; then the wait doubles from 2 seconds to 15 minutes.</summary>
    private const int FreeAttempts = 5;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <param name="Name">Account name.</param>
    /// <param name="Password">Password.</param>
    public sealed record Request(
        [property: Needed, LengthBetween(1, 40)] string? Name,
        [property: Needed, LengthBetween(1, 200), JsonConverter(typeof(SecretText))] string? Password);

    /// <param name="Token">Send as <c>Authorization: Bearer …</c>; shown this once.</param>
    /// <param name="ExpiresAt">30 minutes from the last use, 12 hours from the sign-in at the most.</param>
    /// <param name="PersonId">Who I am.</param>
    /// <param name="DisplayName">The name that others see.</param>
    public sealed record Response(string Token, DateTimeOffset ExpiresAt, string PersonId, string DisplayName);

    /// <summary>工作人员登录 (staff sign-in).</summary>
    /// <response code="429">too_many_attempts: wait as Retry-After says.</response>
    internal static async Task<Created<Response>> Handle(
        Request request, HttpContext http, Database database, Passwords passwords, LookupIndex index, TimeProvider clock, IHostEnvironment environment, CancellationToken cancellation)
    {
        var name = request.Name!.ToLowerInvariant();
        var nameIndex = index.Of("staff-name", name);
        await TakeAttemptAsync(database, nameIndex, clock, cancellation);
        var account = await AccountAsync(database, name, environment, cancellation);
        if (!passwords.Matches(account?.PasswordHash, request.Password!))
        {
            throw new Refusal(IdentityProblems.WrongNameOrPassword);
        }

        var device = DeviceWords.From(http.Request.Headers.UserAgent);
        var (token, session) = await database.TransactAsync(
            async db =>
            {
                await db.ExecuteAsync("DELETE FROM sign_in_attempts WHERE name_index = @nameIndex", new { nameIndex });
                return await SessionStore.OpenAsync(db, SessionKind.Staff, account!.PersonId, device, clock.Milliseconds());
            },
            cancellation);

        var expires = SessionRules.ExpiresAt(session.Kind, session.CreatedAt, session.LastSeenAt);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created(
            "/api/v1/office/me/sessions/current",
            new Response(token, Instants.At(expires), session.PersonId, account!.DisplayName));
    }

    /// <summary>
    /// Every attempt is counted before the password is looked at, so parallel guesses gain nothing; and counted by
    /// name, whether there is such an account or not, so that the delay does not tell which names exist.
    /// </summary>
    private static async Task TakeAttemptAsync(Database database, string nameIndex, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            await database.TransactAsync(Work, cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Two first attempts at once: the other one's row is there by now.
            await database.TransactAsync(Work, cancellation);
        }

        async Task Work(Db db)
        {
            var now = clock.Milliseconds();
            var taken = await db.ExecuteAsync(
                "UPDATE sign_in_attempts SET attempts = attempts + 1, last_at = @now WHERE name_index = @nameIndex AND next_attempt_at <= @now",
                new { nameIndex, now },
                cancellation);
            var row = await db.SignInAttempts.FirstOrDefaultAsync(a => a.NameIndex == nameIndex, cancellation);
            if (row is null)
            {
                await db.InsertAsync(
                    new SignInAttemptsRow { NameIndex = nameIndex, Attempts = 1, NextAttemptAt = now, LastAt = now }, token: cancellation);
                return;
            }

            if (taken == 0)
            {
                throw new Refusal(IdentityProblems.TooManyAttempts)
                {
                    RetryAfterSeconds = (int)Math.Ceiling((row.NextAttemptAt - now) / 1000.0),
                };
            }

            var next = now + (long)WaitAfter(row.Attempts).TotalMilliseconds;
            await db.ExecuteAsync("UPDATE sign_in_attempts SET next_attempt_at = @next WHERE name_index = @nameIndex", new { nameIndex, next }, cancellation);
        }
    }

    private static TimeSpan WaitAfter(int attempts)
    {
        if (attempts < FreeAttempts)
        {
            return TimeSpan.Zero;
        }

        var seconds = Math.Pow(2, Math.Min(attempts - FreeAttempts + 1, 20));
        return seconds < LongestWait.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestWait;
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
