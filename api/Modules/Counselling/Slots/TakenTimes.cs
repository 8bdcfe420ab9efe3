using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Counselling.Slots;

/// <summary>What of counsellors and rooms is taken around some days at this moment.</summary>
internal sealed class TakenTimes
{
    private const int LongestTalkHours = 6;

    public static readonly TakenTimes None = new([]);

    private readonly Dictionary<string, HashSet<long>> cells = [];
    private readonly Dictionary<(string CounsellorId, DateOnly Day), int> counts;

    private TakenTimes(List<TakenRow> rows)
    {
        foreach (var row in rows)
        {
            Add(row.CounsellorId, row);
            if (row.RoomId is not null)
            {
                Add(row.RoomId, row);
            }
        }

        counts = rows.CountBy(r => (r.CounsellorId, Instants.DateOf(r.StartsAt))).ToDictionary();
    }

    /// <summary>A hold that ran out takes nothing any more, whether or not somebody has cleared it away.</summary>
    /// <param name="one">Of one counsellor, and of rooms; empty: of all.</param>
    public static async Task<TakenTimes> OfDaysAsync(Db db, string one, DateOnly first, DateOnly last, long now, string? except, CancellationToken cancellation)
    {
        var (starts, ends) = (Instants.StartOf(first), Instants.StartOf(last) + CounsellingSettings.Hours(24));
        var rows = await db.QueryToListAsync<TakenRow>(
            """
            SELECT counsellor_id, room_id, starts_at, first_cell, cell_count FROM appointments
            WHERE starts_at >= @after AND starts_at < @before AND state IN ('held', 'booked', 'arrived', 'done', 'no_show')
                AND (held_until IS NULL OR held_until > @now) AND id <> @other
                AND (@one = '' OR counsellor_id = @one OR room_id IS NOT NULL)
            """,
            new { after = starts - CounsellingSettings.Hours(LongestTalkHours), before = ends + CounsellingSettings.Hours(LongestTalkHours), now, other = except ?? "", one },
            cancellation);
        return new TakenTimes(rows);
    }

    public int CountOf(string counsellorId, DateOnly day) => counts.GetValueOrDefault((counsellorId, day));

    public bool Has(string resource, long first, int count)
    {
        if (cells.TryGetValue(resource, out var taken))
        {
            for (var cell = first; cell < first + count; cell++)
            {
                if (taken.Contains(cell))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void Add(string resource, TakenRow row)
    {
        if (!cells.TryGetValue(resource, out var taken))
        {
            cells[resource] = taken = [];
        }

        for (var cell = row.FirstCell; cell < row.FirstCell + row.CellCount; cell++)
        {
            taken.Add(cell);
        }
    }

    private sealed record TakenRow
    {
        public required string CounsellorId { get; init; }

        public string? RoomId { get; init; }

        public required long StartsAt { get; init; }

        public required long FirstCell { get; init; }

        public required int CellCount { get; init; }
    }
}
