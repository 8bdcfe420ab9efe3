using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Oversight;

internal static class Tables
{
    extension(Db db)
    {
        public ITable<AuditRow> AuditEntries => db.GetTable<AuditRow>();

        public ITable<SealRow> AuditSeals => db.GetTable<SealRow>();

        public ITable<UnmaskingRow> Unmaskings => db.GetTable<UnmaskingRow>();

        public ITable<SearchReasonRow> SearchReasons => db.GetTable<SearchReasonRow>();
    }
}

/// <summary>One value shown in clear: who, whose, which, why.</summary>
[Table("unmaskings", IsColumnAttributeRequired = false)]
internal sealed record UnmaskingRow
{
    public const string ReasonPlace = "unmaskings.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string AuditEntryId { get; init; }

    public required string PersonId { get; init; }

    public required string SubjectId { get; init; }

    public required string RecordKind { get; init; }

    public required string RecordId { get; init; }

    public required string Field { get; init; }

    public required string ReasonSealed { get; init; }

    public required long At { get; init; }
}

/// <summary>Why somebody searched by a full number; the hits name the search's audit entry as their record.</summary>
[Table("search_reasons", IsColumnAttributeRequired = false)]
internal sealed record SearchReasonRow
{
    public const string ReasonPlace = "search_reasons.reason";

    [PrimaryKey]
    public required string AuditEntryId { get; init; }

    public required string PersonId { get; init; }

    public required string ReasonSealed { get; init; }

    public required long At { get; init; }
}
