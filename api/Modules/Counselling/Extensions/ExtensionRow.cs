using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Counselling.Extensions;

internal enum ExtensionState
{
    [MapValue("asked")]
    Asked,

    /// <summary>How stands locked: an approval is rare, and would say of one client that she has talked six times.</summary>
    [MapValue("decided")]
    Decided,
}

/// <summary>A counsellor asks for more free talks for a client (增加次数); who, when and why stand locked.</summary>
[Table("counselling_extensions", IsColumnAttributeRequired = false)]
internal sealed record ExtensionRow
{
    public const string WordsPlace = "counselling_extensions.words";

    [PrimaryKey]
    public required string Id { get; init; }

    /// <summary>UNIQUE: asked once a talk.</summary>
    public required string AppointmentId { get; init; }

    public required ExtensionState State { get; init; }

    /// <summary><see cref="ExtensionWords"/> as JSON.</summary>
    public required string WordsLocked { get; init; }
}

/// <param name="AskedBy">The counsellor's account.</param>
internal sealed record ExtensionWords(string AskedBy, long AskedAt, string Reason)
{
    /// <summary>The supervisor's account; null while it is open.</summary>
    public string? DecidedBy { get; init; }

    public long? DecidedAt { get; init; }

    public string? Answer { get; init; }

    public bool? IsApproved { get; init; }
}

internal static class ExtensionTables
{
    extension(Db db)
    {
        public ITable<ExtensionRow> CounsellingExtensions => db.GetTable<ExtensionRow>();
    }
}
