using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>An entry is kept so long after the last evening, change or renewal (domain/singles.md 2.6); how long stands in the column registry.</summary>
internal sealed class EntriesKept(ColumnRegistry registry)
{
    private const string Name = "old_singles_entries";

    public static readonly RetentionRule Rule = new(
        Name,
        "singles_entries",
        """
        renewed_at <= @before AND NOT EXISTS (
            SELECT 1 FROM plates p JOIN activities a ON a.id = p.activity_id WHERE p.person_id = singles_entries.person_id AND a.ends_at > @before)
        """,
        "singles_entry_steps.entry_id",
        "singles_photos.entry_id");

    public async Task<long> UntilAsync(Db db, SinglesEntryRow entry, CancellationToken cancellation)
    {
        var plates = db.Plates;
        var last = await db.Activities.Where(a => plates.Any(p => p.ActivityId == a.Id && p.PersonId == entry.PersonId)).MaxAsync(a => (long?)a.EndsAt, cancellation);
        return Math.Max(entry.RenewedAt, last ?? 0) + (long)TimeSpan.FromDays(registry.DaysOf(Name)).TotalMilliseconds;
    }
}
