using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>A worker wants her entry kept for another year.</summary>
internal static class RenewEntry
{
    /// <summary>续期联谊信息 (keep my entry another year). Repeating it does no harm.</summary>
    /// <response code="409">no_singles_entry.</response>
    internal static async Task<NoContent> Handle(Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                if (await db.SinglesEntries.Where(e => e.PersonId == caller.PersonId).Set(e => e.RenewedAt, now).UpdateAsync(cancellation) == 0)
                {
                    throw new Refusal(SinglesProblems.NoEntry);
                }

                await Audit.WriteAsync(db, caller, "renew_singles_entry", "singles_entry", caller.PersonId, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
