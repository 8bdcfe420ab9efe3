using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Members.Desk;

namespace WeChatUnion.Api.Modules.Activities.Attending;

/// <summary>
/// Somebody without a place stands at the door while check-in is open: if a place is free she is signed up and checked
/// in at once, in one transaction. Until the beginning the waiting line goes first, and what is still to be drawn or
/// chosen is nobody's; from then on both are over, and who waited or had signed up, and came, may have what is free.
/// </summary>
internal static class WalkIn
{
    private static readonly Dictionary<string, string> NoAnswers = [];

    /// <param name="MemberCode">As her phone shows it; this or membershipId.</param>
    /// <param name="MembershipId">A member in reach who has no phone with her.</param>
    /// <param name="SessionId">Null: the session whose check-in is open.</param>
    /// <param name="GroupId">Null takes the first group with a place that she is eligible for.</param>
    /// <param name="Answers">Question id → answer, as she says it at the door.</param>
    public sealed record Request(
        [property: LengthBetween(1, 100)] string? MemberCode,
        [property: Id] string? MembershipId,
        [property: Id] string? SessionId,
        [property: Id] string? GroupId,
        [property: AtMostItems(30)] Dictionary<string, string>? Answers);

    /// <param name="Number">报名序号.</param>
    /// <param name="IsRepeated">She was checked in before.</param>
    public sealed record Response(
        string EnrolmentId, int Number, string GroupId, EnrolmentSource Source, string CheckInId, string SessionId, DateTimeOffset At, bool IsRepeated);

    /// <summary>现场报名 (sign up and check in at the door). Repeating it answers the first.</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Database database, SignUp signUp, ConductLedger ledger, CheckIns checkIns, MemberCode codes, TimeProvider clock, CancellationToken cancellation)
    {
        if ((request.MemberCode is null) == (request.MembershipId is null))
        {
            throw Refusal.OfField("memberCode", "请扫描会员码,或选择一位会员,二者填一项。");
        }

        try
        {
            return TypedResults.Ok(await database.TransactAsync(Work, cancellation));
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Somebody else scanned her at the same moment: that check-in is there by now.
            return TypedResults.Ok(await database.TransactAsync(Work, cancellation));
        }

        async Task<Response> Work(Db db)
        {
            var turn = await Turn.TakeAsync(db, id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
            var now = clock.Milliseconds();
            await ActivityDrafts.FindAsync(db, id, reach, cancellation);
            var session = await Door.PickAsync(db, turn.Activity, request.SessionId, now, cancellation);
            var personId = await PersonAsync(db, request, reach, codes, now, cancellation);
            var wish = new Wish(
                caller, personId, request.GroupId, 0, request.Answers ?? NoAnswers, EnrolmentSource.WalkIn, key, Idempotency.BytesOf(request), now);
            var enrolment = await PlaceAsync(db, turn, signUp, ledger, wish, cancellation);
            var arrival = new CheckIns.Arrival(
                turn.Activity, session, enrolment, request.MemberCode is null ? CheckInWay.Search : CheckInWay.MemberCode, caller, null);
            var outcome = await CheckIns.FirstOf(db, arrival).FirstOrDefaultAsync(cancellation) is { } first
                ? new CheckIns.Outcome(first, IsRepeated: true)
                : await checkIns.InsertAsync(db, arrival, now, cancellation);
            return new Response(
                enrolment.Id, enrolment.Number, enrolment.GroupId, enrolment.Source, outcome.CheckIn.Id, session.Id, Instants.At(outcome.CheckIn.At), outcome.IsRepeated);
        }
    }

    private static async Task<string> PersonAsync(
        Db db, Request request, Reach reach, MemberCode codes, long now, CancellationToken cancellation)
    {
        if (request.MembershipId is { } membershipId)
        {
            return await EnrolOthers.MemberAsync(db, membershipId, null, reach, cancellation);
        }

        var shown = codes.MembershipOf(request.MemberCode!, now);
        return await db.Memberships.Where(m => m.Id == shown).Select(m => m.LivePersonId).FirstOrDefaultAsync(cancellation)
            ?? throw new Refusal(MembersProblems.MemberLeft);
    }

    private static async Task<EnrolmentRow> PlaceAsync(Db db, Turn turn, SignUp signUp, ConductLedger ledger, Wish wish, CancellationToken cancellation)
    {
        var live = await db.Enrolments.FirstOrDefaultAsync(
            e => e.ActivityId == turn.Activity.Id && e.LivePersonId == wish.PersonId, cancellation);
        switch (live?.State)
        {
            case null:
                var outcome = (await signUp.DecideAsync(db, turn, [wish], cancellation))[0];
                return outcome.Refusal is { } refusal ? throw EnrolOthers.ForTheClerk(refusal) : outcome.Enrolment!;
            case EnrolmentState.Waiting or EnrolmentState.Applied:
                return await LetInAsync(db, turn, ledger, live, wish, cancellation);
            default:
                // An offer is answered by herself; a place is a place.
                CheckIns.RefuseWithoutPlace(live, wish.Caller);
                return live;
        }
    }

    private static async Task<EnrolmentRow> LetInAsync(Db db, Turn turn, ConductLedger ledger, EnrolmentRow waiting, Wish wish, CancellationToken cancellation)
    {
        if (!turn.IsLineOver(wish.ArrivedAt))
        {
            throw new Refusal(
                AttendingProblems.NoPlaceGiven,
                waiting.State == EnrolmentState.Waiting
                    ? "此人在候补名单中,活动开始前名额按候补顺序递补。活动开始后仍有空位时可以再办理。"
                    : "此人的报名尚未分配名额。活动开始后仍有空位时可以再办理。");
        }

        var group = turn.Group(waiting.GroupId);
        var facts = await PeoplesFacts.ReadAsync(db, ledger, turn, [waiting.PersonId], wish.ArrivedAt, cancellation);
        var (member, seen) = facts.Of(waiting.PersonId);
        if (Eligibility.Refusal(group.Rules, member, seen) is { } rule)
        {
            throw new Refusal(ActivitiesProblems.NotEligible, rule);
        }

        if (!turn.TryTake(group, waiting.Party, isLineOver: true))
        {
            throw new Refusal(ActivitiesProblems.Full);
        }

        turn.Release(waiting);
        await EnrolmentChanges.MoveAsync(
            db, waiting, EnrolmentState.Enrolled, EnrolmentStepKind.Acceptance, wish.Caller.PersonId, wish.ArrivedAt, cancellation);
        await turn.SaveAsync(db);
        return waiting with { State = EnrolmentState.Enrolled };
    }
}
