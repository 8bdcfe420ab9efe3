using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities.Allocating;
using WeChatUnion.Api.Modules.Conduct;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>
/// Decides wishes for one activity in their order, in one transaction: refuse, give a place, or put in line. The
/// reading is one statement a table however many wishes there are, and so is the writing.
/// </summary>
internal sealed class SignUp(Idempotency idempotency, Outbox outbox, FieldCipher cipher, ConductRules conduct, TimeProvider clock)
{
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
        var known = await Known.ReadAsync(db, turn.Activity, wishes, clock.Milliseconds(), cancellation);
        var fresh = new List<(Wish Wish, EnrolmentRow Enrolment)>();
        var outcomes = new List<WishOutcome>(wishes.Count);
        foreach (var wish in wishes)
        {
            outcomes.Add(Decide(turn, known, wish, fresh));
        }

        await turn.SaveAsync(db);
        await WriteAsync(db, turn, fresh);
        return outcomes;
    }

    private WishOutcome Decide(Turn turn, Known known, Wish wish, List<(Wish, EnrolmentRow)> fresh)
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
            return isSame ? known.OutcomeOf(live) : WishOutcome.No(ActivitiesProblems.EnrolledAlready);
        }

        if (SignUpRefusals.Of(turn, known, wish, conduct) is { } refusal)
        {
            return new WishOutcome(null, null, [], refusal);
        }

        return Place(turn, known, wish, fresh);
    }

    private WishOutcome Place(Turn turn, Known known, Wish wish, List<(Wish, EnrolmentRow)> fresh)
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

        var (group, state) = Choose(turn, eligible, wish);
        if (group is null)
        {
            return WishOutcome.No(ActivitiesProblems.Full);
        }

        var enrolment = NewEnrolment(turn, wish, group, state, seen);
        fresh.Add((wish, enrolment));
        known.Remember(wish, idempotency.HashOf(wish.Body), enrolment, group.Waiting);
        return known.OutcomeOf(enrolment);
    }

    /// <summary>
    /// The first group with a place; else the shortest line; else none. Where places are drawn or chosen later, there
    /// is no place and no line yet; at the door they have been given, and who comes takes what is left.
    /// </summary>
    private static (GroupPlaces? Group, EnrolmentState State) Choose(Turn turn, List<GroupPlaces> eligible, Wish wish)
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

        return !wish.IsAtTheDoor && turn.Activity.HasWaitingList ? (eligible.MinBy(g => g.Waiting), EnrolmentState.Waiting) : (null, default);
    }

    /// <summary>Each group is drawn or chosen by itself, so it must be known which one she means.</summary>
    private static bool IsForLater(Turn turn, Wish wish) => turn.Activity.Allocation != Allocation.FirstCome && !wish.IsAtTheDoor;

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

    private async Task WriteAsync(Db db, Turn turn, List<(Wish Wish, EnrolmentRow Enrolment)> fresh)
    {
        if (fresh.Count == 0)
        {
            return;
        }

        await db.InsertManyAsync(fresh.Select(f => f.Enrolment));
        await db.InsertManyAsync(fresh.Select(f => new IdempotencyKeyRow
        {
            PersonId = f.Wish.Caller.PersonId,
            Route = f.Wish.Key.Route,
            Key = f.Wish.Key.Key,
            BodyHash = idempotency.HashOf(f.Wish.Body),
            MadeId = f.Enrolment.Id,
            CreatedAt = f.Enrolment.CreatedAt,
        }));
        await db.InsertManyAsync(fresh.Select(f => Audit.RowOf(f.Wish.Caller, "enrol", "enrolment", f.Enrolment.Id, f.Enrolment.CreatedAt, f.Wish.PersonId)));
        var commitment = turn.Activity.Allocation == Allocation.Draw ? await CommitmentAsync(db, turn.Activity.Id) : null;
        await outbox.AddAsync(db, [.. fresh.Select(f => Notices.SignedUp(turn.Activity, f.Enrolment, commitment))], clock.Milliseconds());
    }

    private static Task<string?> CommitmentAsync(Db db, string activityId) =>
        db.Draws.Where(d => d.ActivityId == activityId).Select(d => d.Commitment).FirstOrDefaultAsync();
}
