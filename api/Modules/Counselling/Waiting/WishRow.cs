using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Counselling.Waiting;

internal static class WishTables
{
    extension(Db db)
    {
        public ITable<WishRow> CounsellingWishes => db.GetTable<WishRow>();
    }
}

/// <summary>
/// Somebody waits (候补) until a talk becomes free. The row goes with the offer, which is a hold like any other; it tells
/// nobody's name, and its place in the line instead of an instant.
/// </summary>
[Table("counselling_wishes", IsColumnAttributeRequired = false)]
internal sealed record WishRow
{
    public const string ClientPlace = "counselling_wishes.client";

    [PrimaryKey]
    public required string Id { get; init; }

    /// <summary>HMAC of the person: UNIQUE, one wish each.</summary>
    public required string OpenClient { get; init; }

    /// <summary>UNIQUE; the lowest is next.</summary>
    public required long Line { get; init; }

    /// <summary>Null: any.</summary>
    public string? CounsellorId { get; init; }

    /// <summary>Of the counsellor; null: any.</summary>
    public string? Sex { get; init; }

    public required TalkMode Mode { get; init; }

    public required string FirstOn { get; init; }

    public required string LastOn { get; init; }

    /// <summary>The person.</summary>
    public required string ClientLocked { get; init; }
}
