using WeChatUnion.Api.Modules.Activities;

namespace WeChatUnion.Tests.Activities;

/// <summary>
/// What places, people and lines ought to be, in the plainest words: lists. Even numbers are men, odd ones women; each
/// may only take a place of her own group or of the open one, which is tried last.
/// </summary>
/// <param name="scoreOf">Of a draw: sign-up number → score.</param>
internal sealed partial class PlacesModel(Plan plan, long opensAt, Func<int, string> scoreOf)
{
    public const int OfferHours = 12;
    public const int OpenDays = 2;
    public const int BeginsAfterDays = 3;
    public const int MergesAfterHours = 20;
    public const long Hour = 3_600_000;

    private readonly Group[] groups = [new(plan.Men), new(plan.Women), new(1)];
    private readonly Dictionary<int, Entry> living = [];
    private readonly HashSet<int> removed = [];
    private bool isMerged;
    private bool isAllocated = plan.Mode == Allocation.FirstCome;
    private int numbers;
    private int offers;

    public long ClosesAt { get; } = opensAt + (OpenDays * 24 * Hour);

    public long StartsAt { get; } = opensAt + (BeginsAfterDays * 24 * Hour);

    public long EndsAt => StartsAt + Hour;

    public long MergesAt => opensAt + (MergesAfterHours * Hour);

    /// <summary>The list is complete and places are given from then on.</summary>
    private long DueAt => ClosesAt + 10_000;

    /// <summary>Person, group and state of whoever lives, then capacity and taken of each group.</summary>
    public IEnumerable<string> Picture() => living.OrderBy(l => l.Key)
        .Select(l => $"{l.Key} {Array.IndexOf(groups, l.Value.Group)} {l.Value.State} {l.Value.Position} {(l.Value.IsIn ? "in" : l.Value.IsAbsent ? "absent" : "-")}")
        .Concat(groups.Select(g => $"{g.Taken}/{g.Capacity}"));

    /// <summary>Turns some deeds to somebody for whom they are due, if there is one.</summary>
    public Deed Aimed(Deed deed)
    {
        return deed switch
        {
            Deed.Answer answer => answer with { Person = Among(answer.Person, EnrolmentState.Offered) },
            Deed.Choose choice => choice with { Person = Among(choice.Person, EnrolmentState.Applied) },
            Deed.CheckIn checkIn => new Deed.CheckIn(Among(checkIn.Person, EnrolmentState.Enrolled)),
            Deed.Remove remove => new Deed.Remove(Among(remove.Person, [.. Enum.GetValues<EnrolmentState>()])),
            _ => deed,
        };

        int Among(int person, params EnrolmentState[] states)
        {
            var due = living.Values.Where(e => states.Contains(e.State)).Select(e => e.Person).Order().ToList();
            return due.Count > 0 ? due[person % due.Count] : person;
        }
    }

    /// <summary>Whatever the rules forbid changes nothing.</summary>
    public void Do(Deed deed, long now)
    {
        var entry = deed switch
        {
            Deed.Cancel(var person) => Of(person),
            Deed.Answer(var person, _) => Of(person),
            Deed.Remove(var person) => Of(person),
            Deed.Choose(var person, _) => Of(person),
            Deed.CheckIn(var person) => Of(person),
            _ => null,
        };
        switch (deed)
        {
            case Deed.SignUp wish:
                SignUp(wish, now);
                break;
            case Deed.Cancel when entry is { IsIn: false } && now < StartsAt:
                Leave(entry, now);
                break;
            case Deed.Answer answer when entry is { State: EnrolmentState.Offered } && entry.Until > now:
                Answer(entry, answer.Accepts, now);
                break;
            case Deed.Capacity change:
                ChangeCapacity(groups[change.Group], change, now);
                break;
            case Deed.Remove when entry is { IsIn: false } && now < EndsAt && !(entry.State == EnrolmentState.Applied && IsListFrozen(now)):
                removed.Add(entry.Person);
                Leave(entry, now);
                break;
            case Deed.Choose choice when entry is { State: EnrolmentState.Applied } && plan.Mode == Allocation.Choice && IsDue(now):
                Choose(entry, choice.IsAdmitted);
                break;
            case Deed.Allocate when plan.Mode != Allocation.FirstCome && IsDue(now):
                Allocate(now);
                break;
            case Deed.CheckIn when entry is { State: EnrolmentState.Enrolled } && AreDoorsOpen(now):
                entry.IsIn = true;
                break;
            case Deed.WalkIn walkIn when AreDoorsOpen(now):
                WalkIn(walkIn, now);
                break;
        }

        Count();
    }

    /// <summary>What comes with time; merging goes first, so offers that ran out meanwhile still count as held in it.</summary>
    public void Pass(long now)
    {
        if (plan.Merges && !isMerged && now >= MergesAt && now < StartsAt)
        {
            isMerged = true;
            Promote(now);
        }

        if (now >= StartsAt)
        {
            Drop(e => e.State == EnrolmentState.Applied);
        }

        if (Drop(e => e.State == EnrolmentState.Offered && e.Until <= now) > 0)
        {
            Promote(now);
        }

        if (now >= EndsAt + (2 * Hour) && living.Values.Any(e => e.IsIn))
        {
            living.Values.Where(e => e.State == EnrolmentState.Enrolled && !e.IsIn).ToList().ForEach(e => e.IsAbsent = true);
        }

        Count();
    }

    private void SignUp(Deed.SignUp wish, long now)
    {
        var mine = Allowed(wish.Person, wish.Group);
        if (living.ContainsKey(wish.Person) || removed.Contains(wish.Person) || now >= ClosesAt || mine.Length == 0)
        {
            return;
        }

        var party = 1 + wish.Guests;
        if (plan.Mode != Allocation.FirstCome)
        {
            // Each group is drawn or chosen by itself, so she must say which one she means.
            if (mine.Length == 1)
            {
                Enter(wish.Person, mine[0], party, EnrolmentState.Applied);
            }
        }
        else if (mine.FirstOrDefault(g => g.Line.Count == 0 && HasRoom(g, party)) is { } free)
        {
            Enter(wish.Person, free, party, EnrolmentState.Enrolled);
        }
        else if (plan.HasLine)
        {
            var entry = Enter(wish.Person, mine.MinBy(g => g.Line.Count)!, party, EnrolmentState.Waiting);
            entry.Group.Line.Add(entry);
        }
    }

    private void Answer(Entry entry, bool accepts, long now)
    {
        if (!accepts)
        {
            Leave(entry, now);
            return;
        }

        entry.State = EnrolmentState.Enrolled;
        Promote(now);
    }

    private void Leave(Entry entry, long now)
    {
        Drop(e => e == entry);
        Promote(now);
    }

    private void WalkIn(Deed.WalkIn walkIn, long now)
    {
        var hasBegun = now >= StartsAt;
        var entry = Of(walkIn.Person);
        if (entry is null && (isAllocated || hasBegun))
        {
            var mine = Allowed(walkIn.Person, walkIn.Group);
            entry = mine.FirstOrDefault(g => (hasBegun || g.Line.Count == 0) && HasRoom(g, 1)) is { } free
                ? Enter(walkIn.Person, free, 1, EnrolmentState.Enrolled)
                : null;
        }
        else if (entry is { State: EnrolmentState.Waiting } && hasBegun && HasRoom(entry.Group, entry.Party))
        {
            entry.Group.Line.Remove(entry);
            entry.State = EnrolmentState.Enrolled;
        }

        if (entry is { State: EnrolmentState.Enrolled })
        {
            entry.IsIn = true;
        }
    }

    private Entry? Of(int person) => living.GetValueOrDefault(person);

    private Entry Enter(int person, Group group, int party, EnrolmentState state) =>
        living[person] = new Entry(++numbers, person, group, party, state);

    private int Drop(Predicate<Entry> who)
    {
        var gone = living.Values.Where(e => who(e)).ToList();
        foreach (var entry in gone)
        {
            living.Remove(entry.Person);
            entry.Group.Line.Remove(entry);
        }

        Count();
        return gone.Count;
    }

    /// <param name="group">0 any.</param>
    private Group[] Allowed(int person, int group) =>
        [.. new[] { groups[person % 2], groups[2] }.Where(g => group == 0 || groups[group - 1] == g)];

    private bool AreDoorsOpen(long now) => now >= StartsAt - Hour && now < EndsAt;
}
