using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>
/// 候补递补: whatever places a group has free are offered to the first in its line, in strict order. Only called
/// during a turn, so no two offer the same place.
/// </summary>
internal sealed class WaitingLine(Outbox outbox)
{
    private const int AtOnce = 50;
    private static readonly TimeSpan ShortestOffer = TimeSpan.FromMinutes(30);

    /// <summary>1 is next.</summary>
    public static async Task<int> PositionAsync(Db db, EnrolmentRow waiting, CancellationToken cancellation) =>
        1 + await db.Enrolments.CountAsync(
            e => e.GroupId == waiting.GroupId && e.State == EnrolmentState.Waiting && e.Line < waiting.Line, cancellation);

    /// <summary>
    /// Offers free places. The first whose party is larger than what is free waits on, and so does everybody behind:
    /// nobody is passed over for being more.
    /// </summary>
    public async Task PromoteAsync(Db db, Turn turn, long now, CancellationToken cancellation)
    {
        if (Phases.Of(turn.Activity, now) is not (Phase.Open or Phase.Closed))
        {
            return;
        }

        foreach (var group in turn.Groups)
        {
            while (group.Waiting > 0 && (group.Free > 0 || turn.Activity.MergedAt is not null))
            {
                if (!await PromoteSomeAsync(db, turn, group, now, cancellation))
                {
                    break;
                }
            }
        }
    }

    /// <summary>An offer holds as the activity says, shorter when it begins soon, never beyond the beginning.</summary>
    internal static long OfferUntil(ActivityRow activity, long now)
    {
        var whole = (long)TimeSpan.FromHours(activity.OfferHours).TotalMilliseconds;
        var quarter = Math.Max((activity.StartsAt - now) / 4, (long)ShortestOffer.TotalMilliseconds);
        return Math.Min(now + Math.Min(whole, quarter), activity.StartsAt);
    }

    /// <summary>True when the line should be looked at again.</summary>
    private async Task<bool> PromoteSomeAsync(Db db, Turn turn, GroupPlaces group, long now, CancellationToken cancellation)
    {
        var first = await db.Enrolments
            .Where(e => e.GroupId == group.Row.Id && e.State == EnrolmentState.Waiting)
            .OrderBy(e => e.Line).Take(AtOnce).ToListAsync(cancellation);
        var facts = await PeoplesFacts.ReadAsync(db, turn.Activity, [.. first.Select(e => e.PersonId)], now, cancellation);
        foreach (var waiting in first)
        {
            var (member, seen) = facts.Of(waiting.PersonId);
            if (Eligibility.Refusal(group.Rules, member, seen) is { } rule)
            {
                await PassOverAsync(db, turn.Activity, waiting, rule, now, cancellation);
                group.LeaveLine();
                continue;
            }

            if (!group.TryTake(waiting.Party) && !(turn.Activity.MergedAt is not null && turn.Borrow(group, waiting.Party) && group.TryTake(waiting.Party)))
            {
                return false;
            }

            await OfferAsync(db, turn.Activity, waiting, now, cancellation);
            group.LeaveLine();
        }

        return first.Count == AtOnce;
    }

    private async Task OfferAsync(Db db, ActivityRow activity, EnrolmentRow waiting, long now, CancellationToken cancellation)
    {
        var until = OfferUntil(activity, now);
        await EnrolmentChanges.MoveAsync(db, waiting, EnrolmentState.Offered, EnrolmentStepKind.Offer, null, now, cancellation, until);
        await outbox.AddAsync(db, Notices.Offered(activity, waiting, until), now);
    }

    private async Task PassOverAsync(Db db, ActivityRow activity, EnrolmentRow waiting, string rule, long now, CancellationToken cancellation)
    {
        await EnrolmentChanges.MoveAsync(db, waiting, EnrolmentState.NotAdmitted, EnrolmentStepKind.Ineligible, null, now, cancellation);
        await outbox.AddAsync(db, Notices.NoLongerEligible(activity, waiting, rule), now);
    }
}
