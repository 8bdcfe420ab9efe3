using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Figures;

/// <summary>Reckons a month. For this once each talk is followed to its client and her union; what comes out leads back to nobody.</summary>
internal sealed class MonthFigures(ClientRecords clients, AppointmentDeeds deeds, CaseKeys keys)
{
    private const double Day = 86_400_000;
    private const double Minute = 60_000;

    public async Task<GetFigures.Month> ReckonAsync(Db db, DateOnly first, CancellationToken cancellation)
    {
        var (starts, ends) = (Instants.StartOf(first), Instants.StartOf(first.AddMonths(1)));
        var talks = await db.Appointments.Where(a => a.State == AppointmentState.Done && a.StartsAt >= starts && a.StartsAt < ends).ToListAsync(cancellation);
        var held = new List<(string PersonId, AppointmentRow Talk)>();
        foreach (var talk in talks)
        {
            // Whoever was erased since is counted as a talk, and as nobody.
            held.Add(((await clients.OfAppointmentAsync(db, talk, cancellation))?.PersonId ?? "", talk));
        }

        var people = held.Select(h => h.PersonId).Where(p => p.Length > 0).Distinct().ToList();
        var since = talks.Count == 0 ? new Dictionary<string, long>() : await deeds.StandingSinceAsync(db, [.. talks.Select(t => t.Id)], cancellation);
        var crises = await CrisesAsync(db, starts, ends, cancellation);

        // Five talks may be one person's: what people did is told when five people did it.
        return new GetFigures.Month(
            people.Count < SmallCounts.Least ? null : talks.Count,
            SmallCounts.Alone(people.Count),
            await ByUnionAsync(db, held, people, cancellation),
            people.Count < SmallCounts.Least ? null : Median(talks.Where(t => since.ContainsKey(t.Id)).Select(t => Math.Max(0, t.StartsAt - since[t.Id]) / Day)),
            crises.People < SmallCounts.Least ? null : crises.Count,
            crises.People < SmallCounts.Least ? null : Median(crises.Minutes));
    }

    private static async Task<IReadOnlyList<GetFigures.InUnion>> ByUnionAsync(
        Db db, List<(string PersonId, AppointmentRow Talk)> held, List<string> people, CancellationToken cancellation)
    {
        if (people.Count < SmallCounts.Least)
        {
            // The name of a union alone would say where one of so few came from.
            return [];
        }

        var unionOf = await UnionsOfAsync(db, people, cancellation);
        var rows = held.Where(h => h.PersonId.Length > 0).GroupBy(h => unionOf.GetValueOrDefault(h.PersonId))
            .Select(g => (Union: g.Key, Talks: g.Count(), People: g.Select(h => h.PersonId).Distinct().Count()))
            .OrderBy(r => r.Union?.Name ?? "", StringComparer.Ordinal).ThenBy(r => r.Union?.UnionId ?? "", StringComparer.Ordinal).ToList();
        var told = SmallCounts.InSum([.. rows.Select(r => r.People)]).Cells;
        return [.. rows.Select((r, i) => new GetFigures.InUnion(r.Union?.UnionId, r.Union?.Name, told[i] is null ? null : r.Talks, told[i]))];
    }

    /// <summary>The union directly below the top to which each of them belongs, or the top itself.</summary>
    private static async Task<Dictionary<string, Below?>> UnionsOfAsync(Db db, List<string> people, CancellationToken cancellation)
    {
        var rows = people.Count == 0
            ? []
            : await db.QueryAmongAsync<Below>(
                """
                SELECT m.live_person_id AS person_id, u.id AS union_id, u.name
                FROM memberships m
                JOIN union_ancestors a ON a.union_id = m.union_id
                JOIN unions u ON u.id = a.ancestor_id
                LEFT JOIN unions p ON p.id = u.parent_id
                WHERE m.live_person_id IN (@among) AND (p.id IS NOT NULL AND p.parent_id IS NULL OR u.parent_id IS NULL AND a.distance = 0)
                """,
                people,
                cancellation);
        return rows.ToDictionary(r => r.PersonId, r => (Below?)(r with { PersonId = "" }));
    }

    /// <returns>How many there were and of how many people, and of those that were answered the minutes from the first call to the first answer.</returns>
    private async Task<(int Count, int People, List<double> Minutes)> CrisesAsync(Db db, long starts, long ends, CancellationToken cancellation)
    {
        var tickets = await db.QueryToListAsync<Answered>(
            """
            SELECT t.id, t.client_locked, t.triggered_at, (SELECT MIN(s.at) FROM crisis_steps s WHERE s.ticket_id = t.id AND s.kind = 'response') AS answered_at
            FROM crisis_tickets t WHERE t.triggered_at >= @starts AND t.triggered_at < @ends
            """,
            new { starts, ends },
            cancellation);
        var people = tickets.Select(t => keys.Unlock(CrisisTicketRow.ClientPlace, t.Id, t.ClientLocked)).Distinct().Count();
        return (tickets.Count, people, [.. tickets.Where(t => t.AnsweredAt is not null).Select(t => (t.AnsweredAt!.Value - t.TriggeredAt) / Minute)]);
    }

    /// <summary>When at least five are behind it.</summary>
    private static double? Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length < SmallCounts.Least ? null : Math.Round((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, 1);
    }

    private sealed record Below
    {
        public required string PersonId { get; init; }

        public required string UnionId { get; init; }

        public required string Name { get; init; }
    }

    private sealed record Answered
    {
        public required string Id { get; init; }

        public required string ClientLocked { get; init; }

        public required long TriggeredAt { get; init; }

        public long? AnsweredAt { get; init; }
    }
}
