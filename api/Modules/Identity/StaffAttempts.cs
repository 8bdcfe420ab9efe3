using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Counts attempts to prove oneself to an account; after a few the wait doubles.</summary>
internal static class StaffAttempts
{
    /// <summary>So many tries are free of delay; then the wait doubles from 2 seconds to 15 minutes.</summary>
    private const int Free = 5;

    private const int MostTries = 6;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    public static string IndexOf(LookupIndex index, string name) => index.Of("staff-name", name);

    /// <summary>
    /// Every attempt is counted before the password is looked at, so parallel guesses gain nothing; and counted by
    /// name, whether there is such an account or not, so that the delay does not tell which names exist.
    /// </summary>
    public static async Task TakeAsync(Database database, string nameIndex, TimeProvider clock, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.TransactAsync(Work, cancellation);
                return;
            }
            catch (Exception error) when (attempt < MostTries && DatabaseErrors.IsDuplicate(error))
            {
                // Two first attempts at once: the other one's row is there by now, or gone again if she is in already.
            }
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

            if (taken == 0 && row.NextAttemptAt <= now)
            {
                // Another first attempt wrote the row between the two statements.
                await Work(db);
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

    /// <summary>Forgets the attempts of somebody who proved who she is.</summary>
    public static Task ForgetAsync(Db db, string nameIndex) =>
        db.ExecuteAsync("DELETE FROM sign_in_attempts WHERE name_index = @nameIndex", new { nameIndex });

    private static TimeSpan WaitAfter(int attempts)
    {
        if (attempts < Free)
        {
            return TimeSpan.Zero;
        }

        var seconds = Math.Pow(2, Math.Min(attempts - Free + 1, 20));
        return seconds < LongestWait.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestWait;
    }
}
