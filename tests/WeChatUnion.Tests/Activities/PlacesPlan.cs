using CsCheck;
using WeChatUnion.Api.Modules.Activities;

namespace WeChatUnion.Tests.Activities;

/// <param name="Men">Places of the group for men; the other one is for women, a third has one place for anybody.</param>
internal sealed record Plan(Allocation Mode, int Men, int Women, bool HasLine, bool Merges, Deed[] Deeds)
{
    private static readonly Gen<int> Person = Gen.Int[0, PlacesStage.People - 1];
    private static readonly Gen<int> Group = Gen.Int[0, 2];
    private static readonly Gen<Deed> Time = Gen.Frequency((3, Gen.Int[1, 30].Select(hours => (Deed)new Deed.Wait(hours))), (1, Gen.Const((Deed)new Deed.Merge())));

    /// <summary>Any group, her own, the open one, seldom a wrong one.</summary>
    private static readonly Gen<Func<int, int>> Wish = Gen.Int[0, 8].Select<int, Func<int, int>>(kind => person => kind switch
    {
        <= 1 => 0,
        <= 5 => 1 + (person % 2),
        <= 7 => 3,
        _ => 2 - (person % 2),
    });

    private static readonly Gen<Deed> SignUp = Gen.Select(Person, Wish, Gen.Int[0, 1], (p, wish, guests) => (Deed)new Deed.SignUp(p, wish(p), guests));

    /// <summary>
    /// While sign-up is open, after its closing, and at the doors other deeds make sense; each may come at any time, only
    /// less often. Where the clock does not go on to the next stage, it is one more stretch of the one before.
    /// </summary>
    public static Gen<Plan> Any { get; } = Gen.Select(
        Gen.Select(Gen.Frequency((2, Gen.Const(Allocation.FirstCome)), (1, Gen.Const(Allocation.Draw)), (1, Gen.Const(Allocation.Choice))), Gen.Int[0, 3], Gen.Int[0, 3], Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false))), Gen.Bool),
        SignUp.Array[1, 8],
        Stage(signUp: 5, change: 2, remove: 1, choose: 0, attend: 0, Time).Array[0, 7],
        Goes(new Deed.Close()),
        Stage(signUp: 1, change: 3, remove: 1, choose: 5, attend: 0, Time).Array[0, 6],
        Goes(new Deed.Doors()),
        Stage(signUp: 1, change: 1, remove: 4, choose: 1, attend: 6, Gen.Const((Deed)new Deed.Begin())).Array[0, 7],
        (of, rush, open, close, closed, doors, begun) => new Plan(of.Item1, of.Item2, of.Item3, of.Item4, of.Item5, [.. rush, .. open, .. close, .. closed, .. doors, .. begun]));

    public override string ToString() =>
        $"{Mode}, {Men} men, {Women} women, line {HasLine}, merges {Merges}: {string.Join("; ", Deeds.Select(d => d.ToString()))}";

    private static Gen<Deed[]> Goes(Deed deed) => Gen.Const(deed).Array[0, 1];

    /// <summary>So often, out of all: each number stands for one sort of deed.</summary>
    private static Gen<Deed> Stage(int signUp, int change, int remove, int choose, int attend, Gen<Deed> time) => Gen.Frequency(
        (signUp, SignUp),
        (change, Person.Select(p => (Deed)new Deed.Cancel(p))),
        (2 * change, Gen.Select(Person, Gen.Bool, (p, accepts) => (Deed)new Deed.Answer(p, accepts))),
        (change, Gen.Select(Group, Gen.OneOf(Gen.Const(1), Gen.Int[1, 4]), Gen.Bool, (group, places, moves) => (Deed)new Deed.Capacity(group, places, moves))),
        (remove, Person.Select(p => (Deed)new Deed.Remove(p))),
        (choose, Gen.Select(Person, Gen.Bool, (p, isAdmitted) => (Deed)new Deed.Choose(p, isAdmitted))),
        (choose, Gen.Const((Deed)new Deed.Allocate())),
        (attend, Person.Select(p => (Deed)new Deed.CheckIn(p))),
        (attend, Gen.Select(Person, Wish, (p, wish) => (Deed)new Deed.WalkIn(p, wish(p)))),
        (1, time));
}

/// <summary>
/// What happens to an activity. A person is one of them, or so far down the list of those for whom the deed is due. Of the
/// groups the men's is 0, the women's 1, the open one 2, unless it says otherwise.
/// </summary>
internal abstract record Deed
{
    /// <param name="Group">0 any, 1 the men's, 2 the women's, 3 the open one.</param>
    public sealed record SignUp(int Person, int Group, int Guests) : Deed;

    public sealed record Cancel(int Person) : Deed;

    public sealed record Answer(int Person, bool Accepts) : Deed;

    /// <summary>The organiser gives a group so many places from now on.</summary>
    public sealed record Capacity(int Group, int Places, bool MovesNewest) : Deed;

    /// <summary>The organiser takes somebody off the list.</summary>
    public sealed record Remove(int Person) : Deed;

    /// <summary>The organiser admits or rejects somebody, where places are chosen.</summary>
    public sealed record Choose(int Person, bool IsAdmitted) : Deed;

    /// <summary>The places are drawn, or the choice is closed.</summary>
    public sealed record Allocate : Deed;

    public sealed record CheckIn(int Person) : Deed;

    /// <param name="Group">0 any, 1 the men's, 2 the women's, 3 the open one.</param>
    public sealed record WalkIn(int Person, int Group) : Deed;

    /// <summary>Time goes by, then the periodic work is done.</summary>
    public sealed record Wait(int Hours) : Deed;

    /// <summary>The clock goes to where the groups merge, if they do and it is still to come; so do the next three.</summary>
    public sealed record Merge : Deed;

    /// <summary>A minute after closing.</summary>
    public sealed record Close : Deed;

    /// <summary>Half an hour before the beginning: check-in is open.</summary>
    public sealed record Doors : Deed;

    /// <summary>Half an hour after the beginning.</summary>
    public sealed record Begin : Deed;
}
