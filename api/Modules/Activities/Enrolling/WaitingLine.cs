using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Conduct;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>
/// 候补递补: whatever places a group has free are offered to the first in its line, in strict order. Only called
/// during a turn, so no two offer the same place.
/// </summary>
internal sealed class WaitingLine(ConductLedger ledger, IMessenger messenger, IEnumerable<OpenGate> gates)
{
    private const int AtOnce = 50;
    private static readonly TimeSpan ShortestOffer = TimeSpan.FromMinutes(30);

    /// <summary>1 is next.</summary>
    public static async Task<int> PositionAsync(Db db, EnrolmentRow waiting, CancellationToken cancellation) =>
        1 + await db.Enrolments.CountAsync(
            e => e.GroupId == waiting.GroupId && e.State == EnrolmentState.Waiting && e.Line < waiting.Line, cancellation);

    /// <summary>
    /// Offers free places: each group's own to its line first; once the groups have merged, what is left to the earliest
    /// sign-up among the heads of those lines that may borrow enough. A head whose party is larger than what there is for
    /// her waits on, and so does everybody behind: nobody is passed over for being more.
    /// </summary>
    public async Task PromoteAsync(Db db, Turn turn, long now, CancellationToken cancellation)
    {
        if (Phases.Of(turn.Activity, now) is not (Phase.Open or Phase.Closed))
        {
            return;
        }

        var lines = turn.Groups.Select(g => new Line(g)).ToList();
        foreach (var line in lines)
        {
            while (line.Group.Free > 0 && await HeadAsync(db, turn, line, now, cancellation) is { } head && line.Group.Free >= head.Party)
            {
                await ServeAsync(db, turn, line, head, now, cancellation);
            }
        }

        while (turn.Activity.MergedAt is not null && await EarliestAsync(db, turn, lines, now, cancellation) is ({ } line, { } head))
        {
            await ServeAsync(db, turn, line, head, now, cancellation);
        }
    }

    /// <summary>An offer holds as the activity says, shorter when it begins soon, never beyond the beginning.</summary>
    internal static long OfferUntil(ActivityRow activity, long now)
    {
        var whole = (long)TimeSpan.FromHours(activity.OfferHours).TotalMilliseconds;
        var quarter = Math.Max((activity.StartsAt - now) / 4, (long)ShortestOffer.TotalMilliseconds);
        return Math.Min(now + Math.Min(whole, quarter), activity.StartsAt);
    }

    /// <summary>The earliest sign-up among the heads that may borrow what they need.</summary>
    private async Task<(Line? Line, EnrolmentRow? Head)> EarliestAsync(Db db, Turn turn, List<Line> lines, long now, CancellationToken cancellation)
    {
        var heads = new List<(Line Line, EnrolmentRow Head)>();
        foreach (var line in lines.Where(_ => turn.Groups.Any(g => g.Free > 0)))
        {
            if (await HeadAsync(db, turn, line, now, cancellation) is { } head && turn.MayBorrow(line.Group, head.Party))
            {
                heads.Add((line, head));
            }
        }

        return heads.OrderBy(h => h.Head.Number).FirstOrDefault();
    }

    /// <summary>Who is next in this line, or null.</summary>
    private async Task<EnrolmentRow?> HeadAsync(Db db, Turn turn, Line line, long now, CancellationToken cancellation)
    {
        if (line.Group.Waiting > 0 && line.First.Count == 0)
        {
            line.First = new Queue<EnrolmentRow>(await db.Enrolments
                .Where(e => e.GroupId == line.Group.Row.Id && e.State == EnrolmentState.Waiting)
                .OrderBy(e => e.Line).Take(AtOnce).ToListAsync(cancellation));
            var people = line.First.Select(e => e.PersonId).ToArray();
            line.Facts = await PeoplesFacts.ReadAsync(db, ledger, turn, people, now, cancellation);
            line.Gate = await gates.OpenAsync(db, turn.Activity, line.Facts, people, now, cancellation);
        }

        return line.First.TryPeek(out var head) ? head : null;
    }

    /// <summary>There are places for her and it is her turn: only now is she looked at, and passed over for good if the rules say so.</summary>
    private async Task ServeAsync(Db db, Turn turn, Line line, EnrolmentRow head, long now, CancellationToken cancellation)
    {
        var (member, seen) = line.Facts!.Of(head.PersonId);
        line.First.Dequeue();
        line.Group.LeaveLine();
        if ((Eligibility.Refusal(line.Group.Rules, member, seen) ?? line.Gate?.StandingObjection(head.PersonId)) is { } rule)
        {
            await PassOverAsync(db, turn.Activity, head, rule, now, cancellation);
            return;
        }

        if (line.Group.Free < head.Party)
        {
            turn.Borrow(line.Group, head.Party);
        }

        line.Group.TryTake(head.Party);
        await OfferAsync(db, turn.Activity, head, now, cancellation);
    }

    private async Task OfferAsync(Db db, ActivityRow activity, EnrolmentRow waiting, long now, CancellationToken cancellation)
    {
        var until = OfferUntil(activity, now);
        await EnrolmentChanges.MoveAsync(db, waiting, EnrolmentState.Offered, EnrolmentStepKind.Offer, null, now, cancellation, until);
        await messenger.AddAsync(db, Notices.Offered(activity, waiting, until), now);
    }

    private async Task PassOverAsync(Db db, ActivityRow activity, EnrolmentRow waiting, string rule, long now, CancellationToken cancellation)
    {
        await EnrolmentChanges.MoveAsync(db, waiting, EnrolmentState.NotAdmitted, EnrolmentStepKind.Ineligible, null, now, cancellation);
        await messenger.AddAsync(db, Notices.NoLongerEligible(activity, waiting, rule), now);
    }

    /// <summary>A group's line during one turn: its first, as they were read.</summary>
    private sealed class Line(GroupPlaces group)
    {
        public GroupPlaces Group { get; } = group;

        public Queue<EnrolmentRow> First { get; set; } = [];

        public PeoplesFacts? Facts { get; set; }

        public SignUpGate? Gate { get; set; }
    }
}
