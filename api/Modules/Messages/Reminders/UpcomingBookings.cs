using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Messages.Reminders;

/// <summary>Something that a person has booked and shall be reminded of.</summary>
internal sealed record Booking
{
    public required string PersonId { get; init; }

    /// <summary>The booking's own id.</summary>
    public required string RecordId { get; init; }

    public required long StartsAt { get; init; }

    /// <summary>Since when it stands as it does.</summary>
    public required long MadeAt { get; init; }

    public required string Subject { get; init; }

    public string? Place { get; init; }

    public string? ActivityId { get; init; }
}

/// <summary>The bookings of one module, which registers it.</summary>
/// <param name="Kind">The kind of its reminders in <see cref="NoticeKinds"/>; one source a kind.</param>
/// <param name="Title">Of the message in the inbox.</param>
/// <param name="Find">
/// Living bookings that begin after the first and at or before the second instant and have no row in <c>reminders</c> with
/// the given lead (hours) for that beginning.
/// </param>
/// <param name="StillStand">Of bookings with their beginnings, those that still stand so. Of discreet ones with the ends of their days.</param>
internal sealed record UpcomingBookings(
    string Kind,
    string Title,
    Func<Db, long, long, int, CancellationToken, Task<List<Booking>>> Find,
    Func<Db, IReadOnlyList<(string RecordId, long StartsAt)>, CancellationToken, Task<HashSet<(string RecordId, long StartsAt)>>> StillStand)
{
    /// <summary>
    /// Rows of reminders name a person, and nothing in them may lead to what she booked: they go out in rounds, in no
    /// order, and keep of the beginning the end of its day.
    /// </summary>
    public bool IsDiscreet { get; init; }

    /// <summary>The last one says how to come, so it is given as well to who booked or moved later than it was due.</summary>
    public bool LastIsForAll { get; init; }

    /// <summary>The last sentence.</summary>
    public string Advice { get; init; } = "如不能参加,请尽早取消,把名额让给他人。";
}
