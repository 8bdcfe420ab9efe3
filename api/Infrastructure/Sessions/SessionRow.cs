using LinqToDB.Mapping;

namespace WeChatUnion.Api.Infrastructure.Sessions;

/// <summary>A session is a row; the token itself is never stored, only its SHA-256.</summary>
[Table("sessions", IsColumnAttributeRequired = false)]
internal sealed record SessionRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string TokenHash { get; init; }

    public required SessionKind Kind { get; init; }

    public required string PersonId { get; init; }

    public required string Device { get; init; }

    public required long CreatedAt { get; init; }

    public required long LastSeenAt { get; init; }
}
