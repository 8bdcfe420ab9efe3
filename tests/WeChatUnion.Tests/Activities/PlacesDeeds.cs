using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Activities.Allocating;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Members.Desk;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

/// <summary>Does the deeds of a plan through the slices; a refusal changes nothing, and the model knows that by itself.</summary>
internal sealed class PlacesDeeds(TestHouse house, IReadOnlyList<Comer> people, IReadOnlyList<string> memberships, IReadOnlyList<Comer> officers, Reach reach)
{
    public const string DrawnValue = "05 12 18 22 27 31+09";
    private const string Why = "名额有调整";

    /// <param name="Groups">Their ids.</param>
    public sealed record Played(string Activity, Allocation Mode, string[] Groups);

    public Caller Officer { get; } = StaffOf(officers[0]);

    private Database Database => house.Database;

    private WaitingLine Line => Of<WaitingLine>();

    public static async Task<PlacesDeeds> PrepareAsync(TestHouse house, IReadOnlyList<Comer> people)
    {
        var officers = await Crowd.JoinAsync(house.Database, 2, house.Clock.GetUtcNow());
        await using var db = house.Database.Open();
        var memberships = await db.Memberships.ToDictionaryAsync(m => m.PersonId, m => m.Id);
        return new PlacesDeeds(house, people, [.. people.Select(p => memberships[p.PersonId])], officers, new Reach([await house.UnionId("jinsui")]));
    }

    public async Task DoAsync(Deed deed, Played played)
    {
        try
        {
            await (deed switch
            {
                Deed.SignUp wish => SignUpAsync(wish, played),
                Deed.Cancel(var person) => CancelEnrolment.Handle(
                    played.Activity, null, null, CallerOf(person), Database, Line, Of<ConductRules>(), house.Clock, CancellationToken.None),
                Deed.Answer answer => AnswerOffer.Handle(
                    played.Activity, new AnswerOffer.Request(answer.Accepts, null), CallerOf(answer.Person), Database, Line, house.Clock, CancellationToken.None),
                Deed.Capacity change => ChangeCapacityAsync(change, played),
                Deed.Remove(var person) => RemoveAsync(person, played),
                Deed.Choose choice => ChooseAsync(choice, played),
                Deed.Allocate => AllocateAsync(played),
                Deed.CheckIn(var person) => CheckInAsync(person, played),
                Deed.WalkIn walkIn => WalkIn.Handle(
                    played.Activity,
                    new WalkIn.Request(null, memberships[walkIn.Person], null, GroupOf(walkIn.Group, played), null),
                    NewKey(), Officer, reach, Database, Of<SignUp>(), Of<ConductLedger>(), Of<CheckIns>(), Of<MemberCode>(), house.Clock, CancellationToken.None),
                _ => throw new ArgumentOutOfRangeException(nameof(deed)),
            });
        }
        catch (Refusal)
        {
            // The model knows by itself what changes nothing.
        }
    }

    /// <summary>The program's periodic work.</summary>
    public async Task WorkAsync()
    {
        foreach (var task in new IPeriodicTask[] { Of<MergeGroups>(), Of<FreezeDrawLists>(), Of<BeginActivities>(), Of<ExpireOffers>(), Of<MarkNoShows>() })
        {
            await task.RunAsync(CancellationToken.None);
        }
    }

    private Task SignUpAsync(Deed.SignUp wish, Played played) => Enrol.Handle(
        played.Activity,
        new Enrol.Request(GroupOf(wish.Group, played), wish.Guests, null),
        new IdempotencyKey(Guid.NewGuid().ToString("N"), $"PUT {Stage.Mine}/{played.Activity}/enrolment"),
        CallerOf(wish.Person),
        Of<EnrolmentDesk>(),
        house.Clock);

    private async Task ChangeCapacityAsync(Deed.Capacity change, Played played) => await ChangeCapacity.Handle(
        played.Activity,
        played.Groups[change.Group],
        new ChangeCapacity.Request(await VersionAsync(played), change.Places, change.MovesNewest, Why),
        Officer, reach, Database, Line, Of<Displacement>(), Of<FieldCipher>(), house.Clock, CancellationToken.None);

    private async Task RemoveAsync(int person, Played played)
    {
        if (await EnrolmentAsync(person, played) is { } enrolment)
        {
            await RemoveEnrolment.Handle(
                played.Activity, enrolment, new RemoveEnrolment.Request(Why), NewKey(), Officer, reach, Of<Idempotency>(), Line, Of<IMessenger>(), Of<FieldCipher>(), CancellationToken.None);
        }
    }

    private async Task ChooseAsync(Deed.Choose choice, Played played)
    {
        if (await EnrolmentAsync(choice.Person, played) is not { } enrolment)
        {
            return;
        }

        await (choice.IsAdmitted
            ? AdmitEnrolment.Handle(played.Activity, enrolment, new AdmitEnrolment.Request(Why), NewKey(), Officer, reach, Of<Idempotency>(), Of<Choosing>(), CancellationToken.None)
            : RejectEnrolment.Handle(played.Activity, enrolment, new RejectEnrolment.Request(Why), NewKey(), Officer, reach, Of<Idempotency>(), Of<Choosing>(), CancellationToken.None));
    }

    /// <summary>A draw if it is one, else the end of a choice; on first come the latter is refused.</summary>
    private async Task AllocateAsync(Played played)
    {
        if (played.Mode != Allocation.Draw)
        {
            await CloseChoice.Handle(
                played.Activity, new CloseChoice.Request(await VersionAsync(played)), NewKey(), Officer, reach, Of<Idempotency>(), Of<AllocatingPlaces>(), CancellationToken.None);
            return;
        }

        var entered = await EnterDrawValue.Handle(
            played.Activity, new EnterDrawValue.Request(DrawnValue), NewKey(), Officer, reach, Of<Idempotency>(), CancellationToken.None);
        await ConfirmDrawValue.Handle(
            played.Activity, entered.Value!.Id, new ConfirmDrawValue.Request(DrawnValue), NewKey(), StaffOf(officers[1]), reach, Of<Idempotency>(), Of<AllocatingPlaces>(), Of<DrawSecrets>(), CancellationToken.None);
    }

    private async Task CheckInAsync(int person, Played played)
    {
        if (await EnrolmentAsync(person, played) is { } enrolment)
        {
            await CheckInAtDoor.Handle(
                played.Activity, new CheckInAtDoor.Request(null, enrolment, null, null), Officer, reach, Database, Of<MemberCode>(), Of<CheckIns>(), house.Clock, CancellationToken.None);
        }
    }

    private async Task<int> VersionAsync(Played played) => (int)await house.Number($"SELECT version FROM activities WHERE id = '{played.Activity}'");

    /// <summary>Her last sign-up, also one that is over.</summary>
    private async Task<string?> EnrolmentAsync(int person, Played played)
    {
        await using var db = Database.Open();
        return await db.Enrolments.Where(e => e.ActivityId == played.Activity && e.PersonId == people[person].PersonId)
            .OrderByDescending(e => e.Number).Select(e => e.Id).FirstOrDefaultAsync();
    }

    private T Of<T>()
        where T : notnull => house.Services.GetRequiredService<T>();

    private Caller CallerOf(int person) => new(people[person].PersonId, people[person].PersonId, SessionKind.Worker, "127.0.0.1");

    private static Caller StaffOf(Comer officer) => new(officer.PersonId, officer.PersonId, SessionKind.Staff, "127.0.0.1");

    private static string? GroupOf(int wished, Played played) => wished == 0 ? null : played.Groups[wished - 1];

    private static IdempotencyKey NewKey() => new(Guid.NewGuid().ToString("N"), "POST /deed");
}
