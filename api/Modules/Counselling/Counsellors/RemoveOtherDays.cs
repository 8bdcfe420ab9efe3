using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>A counsellor takes exceptional days back: her week holds again.</summary>
internal static class RemoveOtherDays
{
    /// <summary>撤销例外日 (take them back). A repeat changes nothing.</summary>
    internal static async Task<NoContent> Handle(string id, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var mine = await WeekTimes.MineAsync(db, caller, cancellation);
                if (await db.CounsellorExceptions.Where(e => e.Id == id && e.CounsellorId == mine.Id).DeleteAsync(cancellation) > 0)
                {
                    await Audit.WriteAsync(db, caller, "remove_counsellor_days", "counsellor", mine.Id, clock.Milliseconds());
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
