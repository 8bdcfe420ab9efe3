using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>One person's wish for a place, as it came in.</summary>
/// <param name="PersonId">Who is to have the place; the caller may be a clerk.</param>
/// <param name="GroupId">Null: any group that she is eligible for.</param>
/// <param name="Answers">Question id → answer.</param>
/// <param name="Body">The body as it is held against an earlier one of the same key.</param>
/// <param name="ArrivedAt">Opening and closing are judged by this instant, not by when the wish's turn comes.</param>
internal sealed record Wish(
    Caller Caller,
    string PersonId,
    string? GroupId,
    int Guests,
    IReadOnlyDictionary<string, string> Answers,
    EnrolmentSource Source,
    IdempotencyKey Key,
    byte[] Body,
    long ArrivedAt)
{
    /// <summary>
    /// 现场报名: decided for somebody who stands at the door, so neither the sign-up window nor a later opening holds
    /// her back, and there is no line to join. Capacity, eligibility and questions stay.
    /// </summary>
    public bool IsAtTheDoor => Source == EnrolmentSource.WalkIn;
}

/// <summary>What came of a wish: a sign-up, new or there already, or a refusal.</summary>
/// <param name="Position">Place in the waiting line, 1 is next; null when not waiting.</param>
internal sealed record WishOutcome(EnrolmentRow? Enrolment, int? Position, IReadOnlyList<Overlap> Overlaps, Refusal? Refusal)
{
    public static WishOutcome No(Problem problem, string? detail = null) => new(null, null, [], new Refusal(problem, detail));
}

/// <summary>Another activity of the person at the same time.</summary>
public sealed record Overlap(string ActivityId, string Title, DateTimeOffset StartsAt, DateTimeOffset EndsAt);
