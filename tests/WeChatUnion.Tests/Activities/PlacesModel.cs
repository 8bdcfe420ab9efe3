using WeChatUnion.Api.Modules.Activities;

namespace WeChatUnion.Tests.Activities;

/// <param name="Men">Places of the group for men; the other one is for women, a third has one place for anybody.</param>
internal sealed record Plan(int Men, int Women, bool HasLine, bool Merges, Deed[] Deeds)
{
    public override string ToString() => $"{Men} men, {Women} women, line {HasLine}, merges {Merges}: {string.Join("; ", Deeds.Select(d => d.ToString()))}";
}

internal abstract record Deed
{
    /// <param name="Group">0 any, 1 the men's, 2 the women's.</param>
    public sealed record SignUp(int Person, int Group, int Guests) : Deed;

    public sealed record Cancel(int Person) : Deed;

    public sealed record Answer(int Person, bool Accepts) : Deed;

    /// <summary>Time goes by, then offers that ran out go on.</summary>
    public sealed record Wait(int Hours) : Deed;

    /// <summary>The clock goes to where the groups merge, if they do and it is still to come.</summary>
    public sealed record Merge : Deed;
}

/// <summary>
/// What places, people and lines ought to be, in the plainest words: lists. Even numbers are men, odd ones women; each
/// may only take a place of her own group or of the open one, which is tried last.
/// </summary>
internal sealed class PlacesModel(Plan plan, long opensAt)
{
    public const int OfferHours = 12;
    public const int OpenDays = 2;
    public const int BeginsAfterDays = 3;
    public const int MergesAfterHours = 20;
    private const long Hour = 3_600_000;

    private readonly Group[] groups = [new(plan.Men), new(plan.Women), new(1)];
    private readonly Dictionary<int, Entry> living = [];
    private bool isMerged;
    private int numbers;

    public bool IsMerged => isMerged;

    private long ClosesAt => opensAt + (OpenDays * 24 * Hour);

    private long StartsAt => opensAt + (BeginsAfterDays * 24 * Hour);

    /// <summary>Person, group and state of whoever lives, then capacity and taken of each group.</summary>
    public IEnumerable<string> Picture() => living.OrderBy(l => l.Key).Select(l => $"{l.Key} {Array.IndexOf(groups, l.Value.Group)} {l.Value.State} {l.Value.Position}")
        .Concat(groups.Select(g => $"{g.Taken}/{g.Capacity}"));

    public void SignUp(Deed.SignUp wish, long now)
    {
        if (living.ContainsKey(wish.Person) || now >= ClosesAt)
        {
            return;
        }

        var mine = Allowed(wish.Person).Where(g => wish.Group == 0 || groups[wish.Group - 1] == g).ToArray();
        var party = 1 + wish.Guests;
        if (mine.FirstOrDefault(g => g.Line.Count == 0 && HasRoom(g, party)) is { } free)
        {
            living[wish.Person] = new Entry(++numbers, wish.Person, free, party, EnrolmentState.Enrolled);
        }
        else if (plan.HasLine && mine.Length > 0)
        {
            var entry = new Entry(++numbers, wish.Person, mine.MinBy(g => g.Line.Count)!, party, EnrolmentState.Waiting);
            entry.Group.Line.Add(entry);
            living[wish.Person] = entry;
        }

        Count();
    }

    public void Cancel(int person, long now)
    {
        if (now < StartsAt && living.Remove(person, out var entry))
        {
            entry.Group.Line.Remove(entry);
            Promote(now);
        }
    }

    public void Answer(int person, bool accepts, long now)
    {
        if (living.GetValueOrDefault(person) is { State: EnrolmentState.Offered } entry && entry.Until > now)
        {
            entry.State = EnrolmentState.Enrolled;
            if (!accepts)
            {
                living.Remove(person);
            }

            Promote(now);
        }
    }

    public void Expire(long now)
    {
        var over = living.Values.Where(e => e.State == EnrolmentState.Offered && e.Until <= now).ToList();
        over.ForEach(e => living.Remove(e.Person));
        if (over.Count > 0)
        {
            Promote(now);
        }
    }

    public void Merge(long now)
    {
        isMerged = true;
        Promote(now);
    }

    private Group[] Allowed(int person) => [groups[person % 2], groups[2]];

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
        first.Until = Math.Min(now + Math.Min(OfferHours * Hour, Math.Max((StartsAt - now) / 4, Hour / 2)), StartsAt);
        Count();
    }

    private void Count()
    {
        foreach (var group in groups)
        {
            group.Taken = living.Values.Where(e => e.Group == group && e.State != EnrolmentState.Waiting).Sum(e => e.Party);
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

        public int Position => Group.Line.IndexOf(this) + 1;
    }
}
