using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity.MyData;

/// <summary>What follows when a consent of one purpose is taken back; the module that works under it registers this.</summary>
/// <param name="FollowAsync">Stops the processing in the same transaction and says in Chinese what happened.</param>
internal sealed record ConsentWithdrawn(string Purpose, FollowWithdrawal FollowAsync);

internal delegate Task<IReadOnlyList<string>> FollowWithdrawal(Db db, Caller caller, long now, CancellationToken cancellation);

/// <summary>A person takes a consent back (PIPL art. 15), as easily as it was given and at once.</summary>
internal static class WithdrawConsent
{
    /// <param name="WithdrawnAt">When; a repeat keeps the first time.</param>
    /// <param name="WhatFollows">Sentences to show: what stopped, what stays and why.</param>
    public sealed record Response(string Purpose, int Version, DateTimeOffset WithdrawnAt, IReadOnlyList<string> WhatFollows);

    /// <summary>撤回同意 (take a consent back).</summary>
    /// <response code="404">not_found: I never agreed to that.</response>
    internal static async Task<Ok<Response>> Handle(
        string purpose, Caller caller, IEnumerable<ConsentWithdrawn> followers, Database database, TimeProvider clock, CancellationToken cancellation) =>
        TypedResults.Ok(await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var ended = await db.Consents.Where(c => c.PersonId == caller.PersonId && c.LivePurpose == purpose)
                    .Set(c => c.WithdrawnAt, now).Set(c => c.LivePurpose, (string?)null).UpdateAsync(cancellation);
                var consent = await db.Consents.Where(c => c.PersonId == caller.PersonId && c.Purpose == purpose)
                    .OrderByDescending(c => c.Id).FirstOrDefaultAsync(cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                if (ended > 0)
                {
                    await Audit.WriteAsync(db, caller, "withdraw_consent", "consent", consent.Id, now);
                }

                var sentences = new List<string>();
                foreach (var follower in followers.Where(f => f.Purpose == purpose))
                {
                    sentences.AddRange(await follower.FollowAsync(db, caller, now, cancellation));
                }

                return new Response(purpose, consent.Version, Instants.At(consent.WithdrawnAt!.Value), sentences);
            },
            cancellation));
}
