namespace WeChatUnion.Api.Infrastructure.Notices;

/// <summary>A decisive piece of news for one person, told in the transaction that makes it true.</summary>
/// <param name="PersonId">Whom to tell.</param>
/// <param name="Kind">A stable word, e.g. <c>membership_approved</c>; templates hang on it.</param>
/// <param name="Title">What happened, at most 20 characters.</param>
/// <param name="Text">What it means and what to do next.</param>
/// <param name="RecordId">The record it speaks of.</param>
internal sealed record Notice(string PersonId, string Kind, string Title, string Text, string RecordId)
{
    /// <summary>What a template's fields are filled from, by the names in <see cref="Fact"/>. A kind without facts is told by its title.</summary>
    public IReadOnlyDictionary<string, string>? Facts { get; init; }

    /// <summary>From this instant on nobody need be told outside the inbox, e.g. the end of an offer.</summary>
    public long? Deadline { get; init; }

    /// <summary>Null: as the kind is declared.</summary>
    public Importance? Importance { get; init; }

    /// <summary>The broadcast that it belongs to.</summary>
    public string? BroadcastId { get; init; }
}

/// <summary>How much depends on a notice; the scarce right to send through WeChat is kept for what matters.</summary>
internal enum Importance
{
    /// <summary>May come at any hour.</summary>
    Urgent,

    /// <summary>Something is lost by who hears of it late.</summary>
    Important,

    Normal,

    Low,
}

/// <summary>Names of facts. Instants are unix milliseconds as text.</summary>
internal static class Fact
{
    public const string Subject = "subject";
    public const string Place = "place";
    public const string StartsAt = "starts_at";
    public const string Until = "until";
    public const string Note = "note";
    public const string ActivityId = "activity_id";
}
