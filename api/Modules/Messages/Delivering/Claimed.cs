namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>A delivery as its claim found it, with what sending takes.</summary>
internal sealed record Claimed
{
    public required string Id { get; init; }

    public required string MessageId { get; init; }

    public required string PersonId { get; init; }

    public required string Channel { get; init; }

    public required string Kind { get; init; }

    public string? Template { get; init; }

    public required string RecordId { get; init; }

    public string? BroadcastId { get; init; }

    public required string PayloadSealed { get; init; }

    public required int Hurry { get; init; }

    public required bool AtAnyHour { get; init; }

    public required long DueAt { get; init; }

    public required long ExpiresAt { get; init; }

    public required int Attempts { get; init; }

    public required int Unknowns { get; init; }

    public required long CreatedAt { get; init; }

    public string? OpenId { get; init; }

    public int? Credits { get; init; }

    /// <summary>Of staff.</summary>
    public string? AddressSealed { get; init; }

    public string? PhoneSealed { get; init; }

    public string? BroadcastState { get; init; }
}
