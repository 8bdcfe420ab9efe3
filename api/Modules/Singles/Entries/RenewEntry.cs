using LinqToDB;
using LinqToDB.Async;
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
                var id = await db.SinglesEntries.Where(e => e.PersonId == caller.PersonId).Select(e => e.Id).FirstOrDefaultAsync(cancellation)
                    ?? throw new Refusal(SinglesProblems.NoEntry);
                await db.SinglesEntries.Where(e => e.Id == id).Set(e => e.RenewedAt, now).UpdateAsync(cancellation);
                await Audit.WriteAsync(db, caller, "renew_singles_entry", "singles_entry", id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
