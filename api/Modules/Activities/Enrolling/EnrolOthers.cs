using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>
/// A unit's clerk or the organiser signs a member up (代报名). Her reach decides whom; the activity may be any published
/// one, also of a union above hers. Every rule of signing up holds, and the member is told and may cancel; therefore it
/// ends when she could no longer cancel without points.
/// </summary>
internal static class EnrolOthers
{
    private static readonly Dictionary<string, string> NoAnswers = [];

    /// <param name="MembershipId">The member; this or personId.</param>
    /// <param name="GroupId">The group; null takes the first with a place that she is eligible for. Where places are drawn or chosen, and several are open to her, it is needed.</param>
    /// <param name="Guests">How many come with her; each takes a place.</param>
    /// <param name="Answers">Question id → answer: text, an option, a number, yyyy-MM-dd, or agreed / refused.</param>
    public sealed record Request(
        [property: Id] string? MembershipId,
        [property: Id] string? PersonId,
        [property: Id] string? GroupId,
        [property: Between(0, 9)] int? Guests,
        [property: AtMostItems(30)] Dictionary<string, string>? Answers);

    /// <param name="Number">报名序号.</param>
    /// <param name="Position">Place in the waiting line, 1 is next; null when not waiting.</param>
    /// <param name="Source">Who signed her up; self when she had done so before.</param>
    public sealed record Response(string Id, EnrolmentState State, string GroupId, int Number, int Guests, int? Position, EnrolmentSource Source);

    /// <summary>代报名 (sign somebody up). The same key answers the same sign-up; so does a repeat while it lives.</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Database database, EnrolmentDesk desk, TimeProvider clock, CancellationToken cancellation)
    {
        var arrivedAt = clock.Milliseconds();
        var (personId, source) = await FindAsync(id, request, caller, reach, database, cancellation);
        var wish = new Wish(
            caller, personId, request.GroupId, request.Guests ?? 0, request.Answers ?? NoAnswers, source, key, Idempotency.BytesOf(request), arrivedAt);
        var outcome = await desk.SignUpAsync(id, wish);
        if (outcome.Refusal is { } refusal)
        {
            throw ForTheClerk(refusal);
        }

        var enrolment = outcome.Enrolment!;
        return TypedResults.Ok(new Response(
            enrolment.Id, enrolment.State, enrolment.GroupId, enrolment.Number, enrolment.Guests, outcome.Position, enrolment.Source));
    }

    /// <summary>Most sentences of sign-up speak to the member.</summary>
    internal static Refusal ForTheClerk(Refusal refusal) => new(
        refusal.Problem,
        refusal.Problem == CommonProblems.NotFound || refusal.Problem == ActivitiesProblems.TooLateForOthers
            ? refusal.Detail
            : $"没有报上。对本人的答复是:{refusal.Detail}")
    {
        Errors = refusal.Errors,
        Present = refusal.Present,
        RetryAfterSeconds = refusal.RetryAfterSeconds,
    };

    /// <summary>The living membership in reach; anybody else is not there.</summary>
    internal static async Task<string> MemberAsync(Db db, string? membershipId, string? personId, Reach reach, CancellationToken cancellation)
    {
        var membership = await db.Memberships.FirstOrDefaultAsync(
            m => m.LivePersonId != null && (membershipId == null || m.Id == membershipId) && (personId == null || m.LivePersonId == personId), cancellation);
        return membership is not null && await db.IsInReachAsync(reach, membership.UnionId, cancellation)
            ? membership.PersonId
            : throw new Refusal(CommonProblems.NotFound);
    }

    private static async Task<(string PersonId, EnrolmentSource Source)> FindAsync(
        string id, Request request, Caller caller, Reach reach, Database database, CancellationToken cancellation)
    {
        if ((request.MembershipId is null) == (request.PersonId is null))
        {
            throw Refusal.OfField("membershipId", "请选择一位会员(membershipId 或 personId 填一项)。");
        }

        await using var db = database.Open();
        var personId = await MemberAsync(db, request.MembershipId, request.PersonId, reach, cancellation);
        var unionId = await db.Activities.Where(a => a.Id == id).Select(a => a.UnionId).FirstOrDefaultAsync(cancellation)
            ?? throw new Refusal(CommonProblems.NotFound);

        // A membership officer keeps members, also where her union happens to be the organiser.
        var organises = caller.Role != Role.MembershipOfficer.Word() && await db.IsInReachAsync(reach, unionId, cancellation);
        return (personId, organises ? EnrolmentSource.Organiser : EnrolmentSource.Clerk);
    }
}
