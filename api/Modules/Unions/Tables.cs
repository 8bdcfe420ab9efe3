using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Unions.Committees;
using WeChatUnion.Api.Modules.Unions.Records;

namespace WeChatUnion.Api.Modules.Unions;

internal static class Tables
{
    extension(Db db)
    {
        public ITable<UnionRow> Unions => db.GetTable<UnionRow>();

        public ITable<UnionAncestorRow> UnionAncestors => db.GetTable<UnionAncestorRow>();

        public ITable<UnionChangeRow> UnionChanges => db.GetTable<UnionChangeRow>();

        public ITable<CommitteeRow> Committees => db.GetTable<CommitteeRow>();

        public ITable<PostRow> Posts => db.GetTable<PostRow>();

        public ITable<DivisionRow> Divisions => db.GetTable<DivisionRow>();

        public ITable<CalendarDayRow> CalendarDays => db.GetTable<CalendarDayRow>();
    }
}

/// <summary>Where a union stands (状态, domain/members.md 1.5).</summary>
public enum UnionState
{
    /// <summary>筹建.</summary>
    [MapValue("preparing")]
    Preparing,

    /// <summary>已建.</summary>
    [MapValue("established")]
    Established,

    /// <summary>换届中.</summary>
    [MapValue("re_electing")]
    ReElecting,

    /// <summary>超期未换届.</summary>
    [MapValue("overdue")]
    Overdue,

    /// <summary>撤销.</summary>
    [MapValue("dissolved")]
    Dissolved,
}

[Table("unions", IsColumnAttributeRequired = false)]
internal sealed record UnionRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    /// <summary>The key in the seed file, so that loading twice changes nothing.</summary>
    public string? SeedKey { get; init; }

    public required string Name { get; init; }

    public required string Type { get; init; }

    public string? ParentId { get; init; }

    public required string DivisionCode { get; init; }

    public string? EmployerName { get; init; }

    public string? EmployerCreditCode { get; init; }

    public string? UnionCreditCode { get; init; }

    /// <summary>周转库: takes in those whose employer has no union.</summary>
    public required bool IsHolding { get; init; }

    public required UnionState State { get; init; }

    /// <summary>职工人数 and, of these, women, 农民工, 劳务派遣, 残疾职工.</summary>
    public int? Employees { get; init; }

    public int? WomenEmployees { get; init; }

    public int? MigrantEmployees { get; init; }

    public int? DispatchedEmployees { get; init; }

    public int? DisabledEmployees { get; init; }

    /// <summary>单位类别: code of the table <c>employer_kind</c>.</summary>
    public string? EmployerKind { get; init; }

    /// <summary>行业: GB/T 4754 letter.</summary>
    public string? Industry { get; init; }

    /// <summary>批复文号: founding is approved by the higher union (工会法 Art 12).</summary>
    public string? ApprovalNumber { get; init; }

    public string? ApprovedOn { get; init; }

    /// <summary>Who entered it; a second officer establishes it.</summary>
    public string? ProposedBy { get; init; }

    /// <summary>Of a closed union: its code is free for a new one.</summary>
    public string? FormerEmployerCreditCode { get; init; }

    public string? FormerUnionCreditCode { get; init; }

    /// <summary>Raised on the root by every change of the tree.</summary>
    public int TreeVersion { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }
}

/// <summary>Each union with each union above it, itself included at distance 0.</summary>
[Table("union_ancestors", IsColumnAttributeRequired = false)]
internal sealed record UnionAncestorRow
{
    [PrimaryKey(1)]
    public required string UnionId { get; init; }

    [PrimaryKey(2)]
    public required string AncestorId { get; init; }

    public required int Distance { get; init; }
}

[Table("divisions", IsColumnAttributeRequired = false)]
internal sealed record DivisionRow
{
    [PrimaryKey]
    public required string Code { get; init; }

    public required string Name { get; init; }

    public string? ParentCode { get; init; }

    public required string Kind { get; init; }
}

[Table("calendar_days", IsColumnAttributeRequired = false)]
internal sealed record CalendarDayRow
{
    [PrimaryKey]
    public required string Day { get; init; }

    /// <summary><c>holiday</c> or <c>workday</c>.</summary>
    public required string Kind { get; init; }

    public required string Name { get; init; }
}
