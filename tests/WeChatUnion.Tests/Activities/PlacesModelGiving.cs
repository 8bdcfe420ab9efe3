using WeChatUnion.Api.Modules.Activities;

namespace WeChatUnion.Tests.Activities;

/// <summary>How places are given and taken back: drawn, chosen, made more or fewer, lent from group to group, offered to the line.</summary>
internal sealed partial class PlacesModel
{
    /// <summary>Places are drawn or chosen between closing and the beginning, once.</summary>
    private bool IsDue(long now) => !isAllocated && now >= DueAt && now < StartsAt;

    /// <summary>A draw's list is fixed soon after closing.</summary>
    private bool IsListFrozen(long now) => plan.Mode == Allocation.Draw && now >= DueAt;

    private void Choose(Entry entry, bool isAdmitted)
    {
        if (!isAdmitted)
        {
            living.Remove(entry.Person);
        }
        else if (entry.Group.Free >= entry.Party)
        {
            entry.State = EnrolmentState.Enrolled;
        }
    }

    /// <summary>
    /// Drawn: in each group the lowest scores win, until one comes that does not fit. Drawn or chosen: the others stand in
    /// line, by score or by number, or have no place.
    /// </summary>
    private void Allocate(long now)
    {
        isAllocated = true;
        foreach (var group in groups)
        {
            var applied = living.Values.Where(e => e.Group == group && e.State == EnrolmentState.Applied).OrderBy(e => e.Number).ToList();
            if (plan.Mode == Allocation.Draw)
            {
                applied = [.. applied.OrderBy(e => scoreOf(e.Number), StringComparer.Ordinal)];
                while (applied.Count > 0 && applied[0].Party <= group.Free)
                {
                    applied[0].State = EnrolmentState.Enrolled;
                    applied.RemoveAt(0);
                    Count();
                }
            }

            if (plan.HasLine)
            {
                applied.ForEach(e => e.State = EnrolmentState.Waiting);
                group.Line.AddRange(applied);
            }
        }

        Drop(e => e.State == EnrolmentState.Applied);
        Promote(now);
    }

    /// <summary>More places go to the line; fewer than are taken only when the organiser chooses so, and not once it has begun.</summary>
    private void ChangeCapacity(Group group, Deed.Capacity change, long now)
    {
        var isBeingDrawn = plan.Mode == Allocation.Draw && now >= ClosesAt && !isAllocated;
        var lacking = group.Taken - change.Places;
        if (now >= EndsAt || isBeingDrawn || (lacking > 0 && (!change.MovesNewest || now >= StartsAt)))
        {
            return;
        }

        var moving = WhoReturns(group, lacking);
        if (moving.Sum(e => e.Party) < lacking)
        {
            return;
        }

        group.Capacity = change.Places;
        foreach (var entry in moving)
        {
            entry.State = EnrolmentState.Waiting;
            group.Line.Insert(0, entry);
        }

        Promote(now);
    }

    /// <summary>First the offers, the last one first, then the newest of those with a place; who came in keeps hers.</summary>
    private List<Entry> WhoReturns(Group group, int lacking)
    {
        var holders = living.Values.Where(e => e.Group == group && !e.IsIn).ToList();
        var order = holders.Where(e => e.State == EnrolmentState.Offered).OrderByDescending(e => e.Offer)
            .Concat(holders.Where(e => e.State == EnrolmentState.Enrolled).OrderByDescending(e => e.Number));
        return [.. order.TakeWhile(e => (lacking -= e.Party) > -e.Party)];
    }

    private bool HasRoom(Group group, int party)
    {
        Count();
        var room = group.Free >= party || (isMerged && MayBorrow(group, party));
        if (room)
        {
            Borrow(group, party);
        }

        return room;
    }

    private IEnumerable<Group> Lenders(Group group) => groups.Where(g => g != group && g.Line.Count == 0 && g.Free > 0);

    private bool MayBorrow(Group group, int party) => Lenders(group).Sum(g => g.Free) >= party - group.Free;

    private void Borrow(Group group, int party)
    {
        foreach (var lender in Lenders(group).ToArray())
        {
            var lent = Math.Clamp(party - group.Free, 0, lender.Free);
            (lender.Capacity, group.Capacity) = (lender.Capacity - lent, group.Capacity + lent);
        }
    }

    /// <summary>Everybody's own places first; then, merged, the earliest among the heads that may borrow enough.</summary>
    private void Promote(long now)
    {
        Count();
        if (now >= StartsAt)
        {
            return;
        }

        foreach (var group in groups)
        {
            while (group.Line.Count > 0 && group.Free >= group.Line[0].Party)
            {
                Offer(group.Line[0], now);
            }
        }

        while (isMerged && groups.Where(g => g.Line.Count > 0).Select(g => g.Line[0]).Where(e => MayBorrow(e.Group, e.Party)).MinBy(e => e.Number) is { } head)
        {
            Borrow(head.Group, head.Party);
            Offer(head, now);
        }
    }

    private void Offer(Entry first, long now)
    {
        first.Group.Line.Remove(first);
        first.State = EnrolmentState.Offered;
        first.Offer = ++offers;
        first.Until = Math.Min(now + Math.Min(OfferHours * Hour, Math.Max((StartsAt - now) / 4, Hour / 2)), StartsAt);
        Count();
    }

    private void Count()
    {
        foreach (var group in groups)
        {
            group.Taken = living.Values.Where(e => e.Group == group && e.State is (EnrolmentState.Enrolled or EnrolmentState.Offered)).Sum(e => e.Party);
        }
    }

    private sealed class Group(int capacity)
    {
        public int Capacity { get; set; } = capacity;

        public int Taken { get; set; }

        public int Free => Capacity - Taken;

        public List<Entry> Line { get; } = [];
    }

    private sealed class Entry(int number, int person, Group group, int party, EnrolmentState state)
    {
        public int Number { get; } = number;

        public int Person { get; } = person;

        public Group Group { get; } = group;

        public int Party { get; } = party;

        public EnrolmentState State { get; set; } = state;

        public long Until { get; set; }

        /// <summary>Grows with every offer.</summary>
        public int Offer { get; set; }

        public bool IsIn { get; set; }

        public bool IsAbsent { get; set; }

        public int Position => Group.Line.IndexOf(this) + 1;
    }
}
