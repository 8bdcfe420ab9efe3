using System.Text.Json;
using LinqToDB;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Conduct;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>
/// Decides wishes for one activity in their order, in one transaction: refuse, give a place, or put in line. The
/// reading is one statement a table however many wishes there are, and so is the writing.
/// </summary>
internal sealed class SignUp(
    Idempotency idempotency, SignUpRecords records, FieldCipher cipher, ConductLedger ledger, ConductRules conduct, IEnumerable<OpenGate> gates, TimeProvider clock)
{
    /// <summary>The reason may be nobody else's business.</summary>
    private const string KeptFromOthers = "此人目前不符合报名条件,请本人在小程序中报名查看原因。";

    private const string KeptForLine = "活动开始前,名额按候补顺序递补;活动开始后仍有空位时可以再办理现场报名。";

    public async Task<IReadOnlyList<WishOutcome>> DecideAsync(
        Db db, string activityId, IReadOnlyList<Wish> wishes, CancellationToken cancellation)
    {
        var turn = await Turn.TakeAsync(db, activityId, cancellation);
        if (turn is null || Phases.Of(turn.Activity, clock.Milliseconds()) == Phase.Unpublished)
        {
            return [.. wishes.Select(_ => WishOutcome.No(CommonProblems.NotFound))];
        }

        return await DecideAsync(db, turn, wishes, cancellation);
    }

    /// <summary>Within a turn that was taken already.</summary>
    public async Task<IReadOnlyList<WishOutcome>> DecideAsync(
        Db db, Turn turn, IReadOnlyList<Wish> wishes, CancellationToken cancellation)
    {
        var known = await Known.ReadAsync(db, ledger, turn, wishes, clock.Milliseconds(), cancellation);
        var people = wishes.Select(w => w.PersonId).Distinct().ToArray();
        var gate = await gates.OpenAsync(db, turn.Activity, known.Facts, people, clock.Milliseconds(), cancellation);
        var made = new SignUpsMade([], []);
        var outcomes = new List<WishOutcome>(wishes.Count);
        foreach (var wish in wishes)
        {
            outcomes.Add(Decide(turn, known, gate, wish, made));
        }

        await turn.SaveAsync(db);
        await records.WriteAsync(db, turn, made);
        return outcomes;
    }

    private WishOutcome Decide(Turn turn, Known known, SignUpGate? gate, Wish wish, SignUpsMade made)
    {
        if (known.Repeated(wish) is { } first)
        {
            return idempotency.MayBeOf(wish.Body, first.BodyHash)
                ? known.OutcomeOf(first.Enrolment)
                : WishOutcome.No(CommonProblems.KeyReused);
        }

        if (known.Live.TryGetValue(wish.PersonId, out var live))
        {
            var isSame = live.Guests == wish.Guests && (wish.GroupId is null || wish.GroupId == live.GroupId);
            return isSame ? Again(known, wish, live, made) : WishOutcome.No(ActivitiesProblems.EnrolledAlready);
        }

        if (SignUpRefusals.Of(turn, known, wish, conduct) is { } refusal)
        {
            return new WishOutcome(null, null, [], refusal);
        }

        if (gate?.Objection(wish.PersonId) is { } objection)
        {
            return WishOutcome.No(ActivitiesProblems.NotEligible, wish.Source == EnrolmentSource.Self ? objection : KeptFromOthers);
        }

        var outcome = Place(turn, known, gate, wish, made);
        if (outcome.Refusal is null)
        {
            gate?.Took(wish.PersonId);
        }

        return outcome;
    }

    /// <summary>She pressed again. This key is kept too: what is still on its way with it must not sign her up anew after she cancelled.</summary>
    private WishOutcome Again(Known known, Wish wish, EnrolmentRow live, SignUpsMade made)
    {
        made.Keys.Add((wish, live));
        known.RememberKey(wish, idempotency.HashOf(wish.Body), live);
        return known.OutcomeOf(live);
    }

    private WishOutcome Place(Turn turn, Known known, SignUpGate? gate, Wish wish, SignUpsMade made)
    {
        var wished = turn.Groups.Where(g => wish.GroupId is null || g.Row.Id == wish.GroupId).ToList();
        if (wished.Count == 0)
        {
            return WishOutcome.No(CommonProblems.NotFound);
        }

        var (member, seen) = known.Facts.Of(wish.PersonId);
        var refusals = wished.Select(g => Eligibility.Refusal(g.Rules, member, seen)).ToList();
        var eligible = wished.Where((_, i) => refusals[i] is null).ToList();
        if (eligible.Count == 0)
        {
            return WishOutcome.No(ActivitiesProblems.NotEligible, refusals[0]);
        }

        if (eligible.Count > 1 && IsForLater(turn, wish))
        {
            return new WishOutcome(null, null, [], Refusal.OfField("groupId", "请选择名额组。"));
        }

        var (group, state) = Choose(turn, gate, eligible, wish);
        if (group is null)
        {
            return WishOutcome.No(ActivitiesProblems.Full, IsKeptForLine(turn, eligible, wish) ? KeptForLine : null);
        }

        var enrolment = NewEnrolment(turn, wish, group, state, seen);
        made.Fresh.Add((wish, enrolment));
        made.Keys.Add((wish, enrolment));
        known.Remember(wish, idempotency.HashOf(wish.Body), enrolment, group.Waiting);
        return known.OutcomeOf(enrolment);
    }

    /// <summary>
    /// The first group with a place; else the shortest line; else none. Where places are drawn or chosen later, there
    /// is no place and no line yet; at the door they have been given, and who comes takes what is left.
    /// </summary>
    private static (GroupPlaces? Group, EnrolmentState State) Choose(Turn turn, SignUpGate? gate, List<GroupPlaces> eligible, Wish wish)
    {
        if (IsForLater(turn, wish))
        {
            return (eligible[0], EnrolmentState.Applied);
        }

        var isLineOver = wish.IsAtTheDoor && turn.IsLineOver(wish.ArrivedAt);
        if (eligible.Find(g => turn.TryTake(g, 1 + wish.Guests, isLineOver)) is { } free)
        {
            return (free, EnrolmentState.Enrolled);
        }

        var lines = !wish.IsAtTheDoor && turn.Activity.HasWaitingList ? eligible.Where(g => gate?.MayWait(g) != false) : [];
        return lines.MinBy(g => g.Waiting) is { } line ? (line, EnrolmentState.Waiting) : (null, default);
    }

    /// <summary>Each group is drawn or chosen by itself, so it must be known which one she means.</summary>
    private static bool IsForLater(Turn turn, Wish wish) => turn.Activity.Allocation != Allocation.FirstCome && !wish.IsAtTheDoor;

    /// <summary>Until the beginning what is or becomes free goes to the line; afterwards whoever stands at the door may have it.</summary>
    private static bool IsKeptForLine(Turn turn, List<GroupPlaces> eligible, Wish wish) =>
        wish.IsAtTheDoor && !turn.IsLineOver(wish.ArrivedAt) && eligible.Exists(g => g.Waiting > 0);

    private EnrolmentRow NewEnrolment(Turn turn, Wish wish, GroupPlaces group, EnrolmentState state, FactsSeen seen)
    {
        var id = Ids.New();
        var now = clock.Milliseconds();
        return new EnrolmentRow
        {
            Id = id,
            ActivityId = turn.Activity.Id,
            GroupId = group.Row.Id,
            PersonId = wish.PersonId,
            LivePersonId = wish.PersonId,
            Number = turn.NextNumber(),
            State = state,
            Guests = wish.Guests,
            Line = state == EnrolmentState.Waiting ? group.Join() : null,
            Facts = JsonSerializer.Serialize(seen, ContractJson.Stored),
            AnswersSealed = wish.Answers.Count == 0
                ? null
                : cipher.Seal(EnrolmentRow.AnswersPlace, id, JsonSerializer.Serialize(wish.Answers, ContractJson.Stored)),
            Source = wish.Source,
            MadeBy = wish.Caller.PersonId,
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}
