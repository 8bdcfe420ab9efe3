using System.Text.Json.Serialization;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
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
        Request request, HttpContext http, Database database, Passwords passwords, ICounters counters, TimeProvider clock, IHostEnvironment environment, CancellationToken cancellation)
    {
        var name = request.Name!.ToLowerInvariant();
        var account = await TakeAttemptAsync(database, name, clock, cancellation);
        if (account is null)
        {
            await RefuseGuessingAsync(counters, name);
        }

        var hash = account is { IsDemo: true } && environment.IsProduction() ? null : account?.PasswordHash;
        if (!passwords.Matches(hash, request.Password!))
        {
            throw new Refusal(IdentityProblems.WrongNameOrPassword);
        }

        var device = DeviceWords.From(http.Request.Headers.UserAgent);
        var (token, session) = await database.TransactAsync(
            async db =>
            {
                await db.ExecuteAsync(
                    "UPDATE staff_accounts SET attempts = 0, next_attempt_at = 0 WHERE person_id = @PersonId", new { account!.PersonId });
                return await SessionStore.OpenAsync(db, SessionKind.Staff, account.PersonId, device, clock.Milliseconds());
            },
            cancellation);

        var expires = SessionRules.ExpiresAt(session.Kind, session.CreatedAt, session.LastSeenAt);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created(
            "/api/v1/office/me/sessions/current",
            new Response(token, Instants.At(expires), session.PersonId, account!.DisplayName));
    }

    /// <summary>
    /// Every attempt is counted before the password is looked at, so parallel guesses gain nothing; null when there is
    /// no such account.
    /// </summary>
    private static async Task<StaffAccountRow?> TakeAttemptAsync(
        Database database, string name, TimeProvider clock, CancellationToken cancellation) =>
        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var taken = await db.ExecuteAsync(
                    "UPDATE staff_accounts SET attempts = attempts + 1 WHERE name = @name AND next_attempt_at <= @now", new { name, now });
                var account = await db.StaffAccounts.FirstOrDefaultAsync(a => a.Name == name, cancellation);
                if (account is null)
                {
                    return null;
                }

                if (taken == 0)
                {
                    throw new Refusal(IdentityProblems.TooManyAttempts)
                    {
                        RetryAfterSeconds = (int)Math.Ceiling((account.NextAttemptAt - now) / 1000.0),
                    };
                }

                var next = now + (long)WaitAfter(account.Attempts).TotalMilliseconds;
                await db.ExecuteAsync("UPDATE staff_accounts SET next_attempt_at = @next WHERE name = @name", new { name, next });
                return account;
            },
            cancellation);

    private static TimeSpan WaitAfter(int attempts)
    {
        if (attempts < FreeAttempts)
        {
            return TimeSpan.Zero;
        }

        var seconds = Math.Pow(2, Math.Min(attempts - FreeAttempts + 1, 20));
        return seconds < LongestWait.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestWait;
    }

    /// <summary>A name that does not exist is slowed down as well, or the delay would tell which names exist.</summary>
    private static async Task RefuseGuessingAsync(ICounters counters, string name)
    {
        if (await counters.CountAsync("staff-name:" + name, LongestWait) > FreeAttempts)
        {
            throw new Refusal(IdentityProblems.TooManyAttempts) { RetryAfterSeconds = (int)LongestWait.TotalSeconds };
        }
    }
}
