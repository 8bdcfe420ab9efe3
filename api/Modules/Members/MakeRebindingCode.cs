using System.Security.Cryptography;
using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>
/// A worker who lost her WeChat account signs in with the new one and takes a short code to the union's desk
/// (<see cref="RebindWeChat"/>).
/// </summary>
internal static class MakeRebindingCode
{
    private const int Digits = 8;
    private const int MostAnHour = 5;
    private const int MostTries = 3;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <param name="Code">8 digits, to be read out at the desk; shown this once.</param>
    /// <param name="ExpiresAt">10 minutes from now.</param>
    public sealed record Response(string Code, DateTimeOffset ExpiresAt);

    /// <summary>获取换绑码 (take a re-binding code). A newer one voids the older.</summary>
    /// <response code="429">too_many_requests: five an hour.</response>
    internal static async Task<Created<Response>> Handle(
        Caller caller, Database database, LookupIndex index, ICounters counters, TimeProvider clock, CancellationToken cancellation)
    {
        if (await counters.CountAsync("rebinding-code:" + caller.PersonId, Hour) > MostAnHour)
        {
            throw new Refusal(CommonProblems.TooMany) { RetryAfterSeconds = (int)Hour.TotalSeconds };
        }

        for (var attempt = 1; ; attempt++)
        {
            var code = RandomNumberGenerator.GetString("0123456789", Digits);
            try
            {
                var expires = await StoreAsync(code, caller, database, index, clock, cancellation);
                return TypedResults.Created("/api/v1/me", new Response(code, Instants.At(expires)));
            }
            catch (Exception error) when (attempt < MostTries && DatabaseErrors.IsDuplicate(error))
            {
                // Somebody else holds the same eight digits at this moment, or a second tap was quicker.
            }
        }
    }

    private static Task<long> StoreAsync(
        string code, Caller caller, Database database, LookupIndex index, TimeProvider clock, CancellationToken cancellation) =>
        database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var row = new RebindingCodeRow
                {
                    PersonId = caller.PersonId,
                    CodeHash = index.Of(RebindingCodeRow.IndexKind, code),
                    MadeAt = now,
                    ExpiresAt = now + (long)Life.TotalMilliseconds,
                };
                await db.RebindingCodes.Where(c => c.PersonId == caller.PersonId).DeleteAsync(cancellation);
                await db.InsertAsync(row, token: cancellation);
                await Audit.WriteAsync(db, caller, "take_rebinding_code", "person", caller.PersonId, now);
                return row.ExpiresAt;
            },
            cancellation);
}
