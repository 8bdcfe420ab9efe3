using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>A spent phone code is remembered while a phone may repeat it, with some time to spare; then it is of no use.</summary>
internal sealed class ForgetPhoneCodes(Database database, TimeProvider clock) : IPeriodicTask
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public Task RunAsync(CancellationToken cancellation)
    {
        var before = clock.Milliseconds() - (long)Kept.TotalMilliseconds;
        return database.ForgetAsync(
            async (db, most) =>
            {
                var old = await db.PhoneCodes.Where(c => c.AskedAt < before).OrderBy(c => c.AskedAt)
                    .Take(most).ToListAsync(cancellation);
                foreach (var code in old)
                {
                    await db.PhoneCodes.Where(c => c.PersonId == code.PersonId && c.CodeHash == code.CodeHash).DeleteAsync(cancellation);
                }

                return old.Count;
            },
            cancellation);
    }
}
