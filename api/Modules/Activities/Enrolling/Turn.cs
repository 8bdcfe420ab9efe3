using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Activities.Allocating;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>
/// An activity while it is this transaction's turn. Taking the turn is the transaction's first statement and writes
/// the activity's row, so until the commit nobody else, on any node, decides about its places: what is read after it
/// stays true. (A cluster with many writers has no such lock; there the row makes the later commit fail and repeat.)
/// The guarded update and the CHECK behind it hold even if this order were broken.
/// </summary>
internal sealed class Turn
{
    private Turn(ActivityRow activity, IReadOnlyList<GroupPlaces> groups, bool isListFrozen, bool isAllocated)
    {
        Activity = activity;
        IsListClosed = activity.Allocation != Allocation.FirstCome && (isListFrozen || isAllocated);
        IsAllocated = isAllocated;
        Groups = groups;
        LastNumber = activity.LastNumber;
    }

    public ActivityRow Activity { get; }

    /// <summary>In their order.</summary>
    public IReadOnlyList<GroupPlaces> Groups { get; }

    public int LastNumber { get; private set; }

    /// <summary>Places are being drawn or were allocated: nobody joins the list any more, however early her wish came in.</summary>
    public bool IsListClosed { get; }

    /// <summary>Places were drawn or chosen; where the first to come has them there is nothing to wait for.</summary>
    public bool IsAllocated { get; }

    /// <summary>Null when there is no such activity.</summary>
    public static async Task<Turn?> TakeAsync(Db db, string activityId, CancellationToken cancellation)
    {
        if (await db.ExecuteAsync("UPDATE activities SET turn = turn + 1 WHERE id = @activityId", new { activityId }, cancellation) == 0)
        {
            return null;
        }

        var activity = await db.Activities.FirstAsync(a => a.Id == activityId, cancellation);
        var rows = await db.ActivityGroups.Where(g => g.ActivityId == activityId).OrderBy(g => g.Position).ToListAsync(cancellation);
        var isAtOnce = activity.Allocation == Allocation.FirstCome;
        var isListFrozen = !isAtOnce && await db.DrawLists.AnyAsync(l => l.ActivityId == activityId, cancellation);
        var isAllocated = isAtOnce || await db.Allocations.AnyAsync(a => a.ActivityId == activityId, cancellation);
        return new Turn(activity, [.. rows.Select(r => new GroupPlaces(r))], isListFrozen, isAllocated);
    }

    public GroupPlaces Group(string groupId) => Groups.First(g => g.Row.Id == groupId);

    public int NextNumber() => ++LastNumber;

    /// <summary>
    /// A place for a party in this group, or none. Nobody jumps the line: while somebody waits, a newcomer waits too.
    /// After the groups have merged a full group may use places that no other group needs.
    /// </summary>
    /// <param name="isLineOver">Nobody in the line is passed over any more, see <see cref="IsLineOver"/>.</param>
    public bool TryTake(GroupPlaces group, int party, bool isLineOver = false)
    {
        if (group.Waiting > 0 && !isLineOver)
        {
            return false;
        }

        return group.TryTake(party) || (Activity.MergedAt is not null && Borrow(group, party) && group.TryTake(party));
    }

    /// <summary>Once an activity has begun no place is offered any more; whoever stands at the door may have one.</summary>
    public bool IsLineOver(long now) => now >= Activity.StartsAt;

    /// <summary>What a sign-up held is free again: its places, or its standing in the line.</summary>
    public void Release(EnrolmentRow enrolment)
    {
        var group = Group(enrolment.GroupId);
        if (EnrolmentChanges.HoldsPlaces(enrolment.State))
        {
            group.GiveBack(enrolment.Party);
        }
        else if (enrolment.State == EnrolmentState.Waiting)
        {
            group.LeaveLine();
        }
    }

    /// <summary>Moves capacity from groups that have places to spare and nobody waiting; all of it or nothing.</summary>
    public bool Borrow(GroupPlaces group, int party)
    {
        var needed = party - group.Free;
        if (!MayBorrow(group, party))
        {
            return false;
        }

        foreach (var lender in Lenders(group))
        {
            var lent = Math.Min(lender.Free, needed);
            lender.Capacity -= lent;
            group.Capacity += lent;
            needed -= lent;
        }

        return true;
    }

    /// <summary>Whether the others can spare what the group is short of for this party.</summary>
    public bool MayBorrow(GroupPlaces group, int party) => Lenders(group).Sum(g => g.Free) >= party - group.Free;

    private IEnumerable<GroupPlaces> Lenders(GroupPlaces group) => Groups.Where(g => g != group && g.Waiting == 0 && g.Free > 0);

    /// <summary>Writes what changed; every change of places is guarded once more by the statement itself.</summary>
    public async Task SaveAsync(Db db)
    {
        if (LastNumber != Activity.LastNumber)
        {
            await db.ExecuteAsync("UPDATE activities SET last_number = @LastNumber WHERE id = @Id", new { LastNumber, Activity.Id });
        }

        // Lenders first: what they give must be there before it is used.
        foreach (var group in Groups.Where(g => g.HasChanged).OrderBy(g => g.Capacity - g.Row.Capacity))
        {
            var taken = group.Taken - group.Row.Taken;
            var capacity = group.Capacity - group.Row.Capacity;
            var waiting = group.Waiting - group.Row.Waiting;
            var saved = await db.ExecuteAsync(
                """
                UPDATE activity_groups SET taken = taken + @taken, capacity = capacity + @capacity, waiting = waiting + @waiting, last_line = @LastLine
                WHERE id = @Id AND taken + @taken <= capacity + @capacity AND taken + @taken >= 0 AND waiting + @waiting >= 0
                """,
                new { taken, capacity, waiting, group.LastLine, group.Row.Id });
            if (saved != 1)
            {
                throw new InvalidOperationException("The places of a group changed during somebody's turn.");
            }
        }
    }
}
