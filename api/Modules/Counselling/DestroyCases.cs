using LinqToDB;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Counselling.Supervision;

namespace WeChatUnion.Api.Modules.Counselling;

/// <summary>Destroys case rows whose last year is over (domain/counselling.md 3.3: ten years); the audit log is the minutes of it.</summary>
internal sealed class DestroyCases(Database database, TimeProvider clock) : IPeriodicTask
{
    private const int KeptYears = 10;

    /// <summary>What is written at this instant is kept to the end of the year in which its term ends: that tells no day.</summary>
    public static string KeptUntil(long instant) => new DateOnly(Instants.At(instant).Year + KeptYears, 12, 31).Stored();

    public async Task RunAsync(CancellationToken cancellation)
    {
        var today = clock.Today().Stored();
        var count = await database.TransactAsync(
            async db =>
            {
                var notes = await db.CaseNotes.Where(n => n.KeptUntil.CompareTo(today) < 0).DeleteAsync(cancellation);
                var scales = await db.ScaleResults.Where(r => r.KeptUntil.CompareTo(today) < 0).DeleteAsync(cancellation);
                var texts = await db.SupervisionTexts.Where(t => t.KeptUntil.CompareTo(today) < 0).DeleteAsync(cancellation);
                if (notes + scales + texts > 0)
                {
                    await Audit.WriteAsync(db, Operator.Here(), "destroy_cases", "case", $"{notes + scales + texts}", clock.Milliseconds());
                }

                return notes + scales + texts;
            },
            cancellation);
        if (count > 0)
        {
            await database.ScrubAsync(cancellation);
        }
    }
}
