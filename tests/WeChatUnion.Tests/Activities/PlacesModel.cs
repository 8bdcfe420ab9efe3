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
            living[wish.Person] = new Entry(wish.Person, free, party, EnrolmentState.Enrolled);
        }
        else if (plan.HasLine && mine.Length > 0)
        {
            var entry = new Entry(wish.Person, mine.MinBy(g => g.Line.Count)!, party, EnrolmentState.Waiting);
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
        var missing = party - (group.Capacity - group.Taken);
        var lenders = groups.Where(g => g != group && g.Line.Count == 0 && g.Capacity > g.Taken).ToArray();
        if (missing > 0 && (!isMerged || lenders.Sum(g => g.Capacity - g.Taken) < missing))
        {
            return false;
        }

        foreach (var lender in lenders.TakeWhile(_ => missing > 0))
        {
            var lent = Math.Min(missing, lender.Capacity - lender.Taken);
            (lender.Capacity, group.Capacity, missing) = (lender.Capacity - lent, group.Capacity + lent, missing - lent);
        }

        return true;
    }

    private void Promote(long now)
    {
        Count();
        if (now < StartsAt)
        {
            foreach (var group in groups)
            {
                while (group.Line.Count > 0 && HasRoom(group, group.Line[0].Party))
                {
                    var first = group.Line[0];
                    group.Line.RemoveAt(0);
                    first.State = EnrolmentState.Offered;
                    first.Until = Math.Min(now + Math.Min(OfferHours * Hour, Math.Max((StartsAt - now) / 4, Hour / 2)), StartsAt);
                    Count();
                }
            }
        }
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

        public List<Entry> Line { get; } = [];
    }

    private sealed class Entry(int person, Group group, int party, EnrolmentState state)
    {
        public int Person { get; } = person;

        public Group Group { get; } = group;

        public int Party { get; } = party;

        public EnrolmentState State { get; set; } = state;

        public long Until { get; set; }

        public int Position => Group.Line.IndexOf(this) + 1;
    }
}
