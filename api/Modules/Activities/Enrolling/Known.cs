using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;

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
        Dictionary<string, EnrolmentRow> live,
        Dictionary<(string Caller, string Route, string Key), (string BodyHash, EnrolmentRow Enrolment)> keys,
        ILookup<string, Overlap> overlaps)
    {
        Facts = facts;
        Questions = questions;
        Live = live;
        this.keys = keys;
        this.overlaps = overlaps;
    }

    public PeoplesFacts Facts { get; }

    public Questions Questions { get; }

    /// <summary>Person → her living sign-up for this activity.</summary>
    public Dictionary<string, EnrolmentRow> Live { get; }

    public static async Task<Known> ReadAsync(Db db, ActivityRow activity, IReadOnlyList<Wish> wishes, long now, CancellationToken cancellation)
    {
        var people = wishes.Select(w => w.PersonId).Distinct().ToArray();
        var live = await db.Enrolments
            .Where(e => e.ActivityId == activity.Id && e.LivePersonId != null && people.Contains(e.LivePersonId)).ToListAsync(cancellation);
        var known = new Known(
            await PeoplesFacts.ReadAsync(db, activity, people, now, cancellation),
            await Questions.ReadAsync(db, activity.Id, cancellation),
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
        keys[(wish.Caller.PersonId, wish.Key.Route, wish.Key.Key)] = (bodyHash, enrolment);
        positions[enrolment.Id] = position;
    }

    private static async Task<Dictionary<(string, string, string), (string, EnrolmentRow)>> KeysAsync(
        Db db, IReadOnlyList<Wish> wishes, CancellationToken cancellation)
    {
        // Her own wish and a clerk's for somebody else may share a batch.
        var routes = wishes.Select(w => w.Key.Route).Distinct().ToArray();
        var callers = wishes.Select(w => w.Caller.PersonId).Distinct().ToArray();
        var names = wishes.Select(w => w.Key.Key).Distinct().ToArray();
        var enrolments = db.Enrolments;
        var rows = await (
            from key in db.GetTable<IdempotencyKeyRow>()
            join enrolment in enrolments on key.MadeId equals enrolment.Id
            where callers.Contains(key.PersonId) && routes.Contains(key.Route) && names.Contains(key.Key)
            select new { key.PersonId, key.Route, key.Key, key.BodyHash, enrolment }).ToListAsync(cancellation);
        return rows.ToDictionary(r => (r.PersonId, r.Route, r.Key), r => (r.BodyHash, r.enrolment));
    }

    private IEnumerable<EnrolmentRow> Waiting() =>
        Live.Values.Concat(keys.Values.Select(k => k.Enrolment)).Where(e => e.State == EnrolmentState.Waiting).DistinctBy(e => e.Id);
}
