using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Conduct;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>
/// What the database knows about the people of a batch, read in one go, plus what the batch has decided so far: the
/// second wish of one person finds the first.
/// </summary>
internal sealed class Known
{
    private readonly Dictionary<(string Caller, string Route, string Key), (string BodyHash, EnrolmentRow Enrolment)> keys;
    private readonly Dictionary<string, int> positions = [];
    private readonly ILookup<string, Overlap> overlaps;

    private Known(
        PeoplesFacts facts,
        Questions questions,
        HashSet<string> removed,
        Dictionary<string, EnrolmentRow> live,
        Dictionary<(string Caller, string Route, string Key), (string BodyHash, EnrolmentRow Enrolment)> keys,
        ILookup<string, Overlap> overlaps)
    {
        Facts = facts;
        Questions = questions;
        Removed = removed;
        Live = live;
        this.keys = keys;
        this.overlaps = overlaps;
    }

    public PeoplesFacts Facts { get; }

    public Questions Questions { get; }

    /// <summary>Whose last sign-up for this activity was taken off the list by the organiser.</summary>
    public HashSet<string> Removed { get; }

    /// <summary>Person → her living sign-up for this activity.</summary>
    public Dictionary<string, EnrolmentRow> Live { get; }

    public static async Task<Known> ReadAsync(Db db, ConductLedger ledger, Turn turn, IReadOnlyList<Wish> wishes, long now, CancellationToken cancellation)
    {
        var activity = turn.Activity;
        var people = wishes.Select(w => w.PersonId).Distinct().ToArray();
        var live = await EnrolmentsAsync(
            db,
            await db.QueryAmongAsync<string>(
                "SELECT id FROM enrolments WHERE activity_id = @activity AND live_person_id IN (@among)", people, cancellation, ("activity", activity.Id)),
            cancellation);
        var known = new Known(
            await PeoplesFacts.ReadAsync(db, ledger, turn, people, now, cancellation),
            await Questions.ReadAsync(db, activity.Id, cancellation),
            await RemovedAsync(db, turn, cancellation),
            live.ToDictionary(e => e.PersonId),
            await KeysAsync(db, wishes, cancellation),
            await Overlaps.ReadAsync(db, activity, people, cancellation));
        foreach (var waiting in known.Waiting())
        {
            known.positions[waiting.Id] = await WaitingLine.PositionAsync(db, waiting, cancellation);
        }

        return known;
    }

    /// <summary>What an earlier request with this key made.</summary>
    public (string BodyHash, EnrolmentRow Enrolment)? Repeated(Wish wish) =>
        keys.TryGetValue((wish.Caller.PersonId, wish.Key.Route, wish.Key.Key), out var first) ? first : null;

    public WishOutcome OutcomeOf(EnrolmentRow enrolment) => new(
        enrolment,
        enrolment.State == EnrolmentState.Waiting ? positions[enrolment.Id] : null,
        [.. overlaps[enrolment.PersonId]],
        null);

    public void Remember(Wish wish, string bodyHash, EnrolmentRow enrolment, int position)
    {
        Live[wish.PersonId] = enrolment;
        positions[enrolment.Id] = position;
        RememberKey(wish, bodyHash, enrolment);
    }

    /// <summary>From now on the wish's key stands for this sign-up.</summary>
    public void RememberKey(Wish wish, string bodyHash, EnrolmentRow enrolment) =>
        keys[(wish.Caller.PersonId, wish.Key.Route, wish.Key.Key)] = (bodyHash, enrolment);

    /// <summary>Of all people: the few who were taken off are found by their groups faster than by asking for everybody.</summary>
    private static async Task<HashSet<string>> RemovedAsync(Db db, Turn turn, CancellationToken cancellation) =>
        [.. await db.QueryAmongAsync<string>(
            """
            SELECT e.person_id FROM enrolments e WHERE e.group_id IN (@among) AND e.state = 'removed'
            AND NOT EXISTS (SELECT 1 FROM enrolments n WHERE n.activity_id = e.activity_id AND n.person_id = e.person_id AND n.number > e.number)
            """,
            [.. turn.Groups.Select(g => g.Row.Id)],
            cancellation)];

    private static async Task<Dictionary<(string, string, string), (string, EnrolmentRow)>> KeysAsync(
        Db db, IReadOnlyList<Wish> wishes, CancellationToken cancellation)
    {
        var callers = wishes.Select(w => w.Caller.PersonId).Distinct().ToArray();
        var rows = new List<KeyRow>();

        // Her own wish and a clerk's for somebody else may share a batch; mostly there is one route.
        foreach (var route in wishes.Select(w => w.Key.Route).Distinct())
        {
            rows.AddRange(await db.QueryAmongAsync<KeyRow>(
                "SELECT person_id, route, idempotency_key, body_hash, made_id FROM idempotency_keys WHERE person_id IN (@among) AND route = @route",
                callers,
                cancellation,
                ("route", route)));
        }

        var names = wishes.Select(w => w.Key.Key).ToHashSet();
        rows.RemoveAll(r => !names.Contains(r.IdempotencyKey));
        var made = (await EnrolmentsAsync(db, [.. rows.Select(r => r.MadeId)], cancellation)).ToDictionary(e => e.Id);
        return rows.Where(r => made.ContainsKey(r.MadeId))
            .ToDictionary(r => (r.PersonId, r.Route, r.IdempotencyKey), r => (r.BodyHash, made[r.MadeId]));
    }

    /// <summary>Whole sign-ups; mostly there are none, people come once.</summary>
    private static async Task<List<EnrolmentRow>> EnrolmentsAsync(Db db, IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        ids.Count == 0 ? [] : await db.Enrolments.Where(e => ids.Contains(e.Id)).ToListAsync(cancellation);

    private IEnumerable<EnrolmentRow> Waiting() =>
        Live.Values.Concat(keys.Values.Select(k => k.Enrolment)).Where(e => e.State == EnrolmentState.Waiting).DistinctBy(e => e.Id);

    private sealed record KeyRow
    {
        public required string PersonId { get; init; }

        public required string Route { get; init; }

        public required string IdempotencyKey { get; init; }

        public required string BodyHash { get; init; }

        public required string MadeId { get; init; }
    }
}
