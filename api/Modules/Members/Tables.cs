using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Members;

internal static class Tables
{
    extension(Db db)
    {
        public ITable<MemberRecordRow> MemberRecords => db.GetTable<MemberRecordRow>();

        public ITable<ApplicationRow> Applications => db.GetTable<ApplicationRow>();

        public ITable<StepRow> Steps => db.GetTable<StepRow>();

        public ITable<ContactRow> Contacts => db.GetTable<ContactRow>();

        public ITable<MembershipRow> Memberships => db.GetTable<MembershipRow>();

        public ITable<MembershipChangeRow> MembershipChanges => db.GetTable<MembershipChangeRow>();

        public ITable<RebindingCodeRow> RebindingCodes => db.GetTable<RebindingCodeRow>();

        public ITable<WeChatRebindingRow> WeChatRebindings => db.GetTable<WeChatRebindingRow>();

        public ITable<NumberSequenceRow> NumberSequences => db.GetTable<NumberSequenceRow>();
    }
}

/// <summary>Where an application stands (domain/members.md 1.3).</summary>
public enum ApplicationState
{
    /// <summary>草稿.</summary>
    [MapValue("draft")]
    Draft,

    /// <summary>待审核.</summary>
    [MapValue("submitted")]
    Submitted,

    /// <summary>退回补正.</summary>
    [MapValue("returned")]
    Returned,

    /// <summary>不予批准.</summary>
    [MapValue("rejected")]
    Rejected,

    /// <summary>已批准.</summary>
    [MapValue("approved")]
    Approved,

    /// <summary>申请人撤回.</summary>
    [MapValue("withdrawn")]
    Withdrawn,
}

/// <summary>One step of an application: who, when, why.</summary>
public enum StepKind
{
    [MapValue("submission")]
    Submission,
    [MapValue("resubmission")]
    Resubmission,
    [MapValue("return")]
    Return,
    [MapValue("approval")]
    Approval,
    [MapValue("rejection")]
    Rejection,
    [MapValue("withdrawal")]
    Withdrawal,
}

/// <summary>How the union reached the applicant (五个一: one call, one SMS, one meeting …).</summary>
public enum ContactWay
{
    [MapValue("phone")]
    Phone,
    [MapValue("text_message")]
    TextMessage,
    [MapValue("visit")]
    Visit,
    [MapValue("wechat")]
    Wechat,
    [MapValue("other")]
    Other,
}

/// <summary>Where a membership stands (会籍, domain/members.md 1.3).</summary>
public enum MembershipState
{
    /// <summary>在册会员.</summary>
    [MapValue("active")]
    Active,

    /// <summary>会籍接转中.</summary>
    [MapValue("transferring")]
    Transferring,

    /// <summary>保留会籍.</summary>
    [MapValue("retained")]
    Retained,

    /// <summary>已退会.</summary>
    [MapValue("withdrawn")]
    Withdrawn,

    /// <summary>视为自动退会.</summary>
    [MapValue("auto_left")]
    AutoLeft,

    /// <summary>开除会籍.</summary>
    [MapValue("expelled")]
    Expelled,

    /// <summary>去世.</summary>
    [MapValue("deceased")]
    Deceased,
}

/// <summary>会员登记表: the columns follow domain/members.md 1.2.</summary>
[Table("member_records", IsColumnAttributeRequired = false)]
internal sealed record MemberRecordRow
{
    public const string IdNumberPlace = "member_records.id_number";
    public const string IdNumberIndexKind = "id_number";

    [PrimaryKey]
    public required string PersonId { get; init; }

    public string? Name { get; init; }

    public string? IdType { get; init; }

    public string? IdNumberSealed { get; init; }

    public string? IdNumberIndex { get; init; }

    public string? IdNumberFormerIndex { get; init; }

    /// <summary>A date or <c>long_term</c> (长期).</summary>
    public string? IdValidTo { get; init; }

    public string? Sex { get; init; }

    public string? BirthOn { get; init; }

    public string? Ethnicity { get; init; }

    public string? Education { get; init; }

    public string? PoliticalStatus { get; init; }

    public string? HouseholdType { get; init; }

    public string? HouseholdDivision { get; init; }

    public string? HomeDivision { get; init; }

    public bool? IsMigrant { get; init; }

    public string? NewForm { get; init; }

    public string? EmploymentStatus { get; init; }

    public string? EmploymentForm { get; init; }

    public string? EmployerName { get; init; }

    public string? Department { get; init; }

    public string? Post { get; init; }

    public string? SkillLevel { get; init; }

    public string? TechnicalTitle { get; init; }

    public string? ModelWorker { get; init; }

    public required long UpdatedAt { get; init; }
}

[Table("membership_applications", IsColumnAttributeRequired = false)]
internal sealed record ApplicationRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    /// <summary>Who filled it in; she may not decide on it.</summary>
    public required string MadeBy { get; init; }

    public string? UnionId { get; init; }

    public required string Source { get; init; }

    public required ApplicationState State { get; init; }

    public required int Version { get; init; }

    public long? SubmittedAt { get; init; }

    /// <summary>Day 10: the officer is reminded.</summary>
    public string? RemindOn { get; init; }

    /// <summary>Day 15: by then the union has spoken with the applicant.</summary>
    public string? ContactDueOn { get; init; }

    /// <summary>The person while the application is open, null after: UNIQUE.</summary>
    public string? OpenPersonId { get; init; }

    /// <summary>The ID number's index while submitted or returned, null otherwise: UNIQUE.</summary>
    public string? OpenIdNumberIndex { get; init; }

    public string? OpenIdNumberFormerIndex { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }
}

[Table("membership_steps", IsColumnAttributeRequired = false)]
internal sealed record StepRow
{
    public const string ReasonPlace = "membership_steps.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string ApplicationId { get; init; }

    public required StepKind Kind { get; init; }

    public required string PersonId { get; init; }

    public string? ReasonSealed { get; init; }

    public required long At { get; init; }
}

[Table("membership_contacts", IsColumnAttributeRequired = false)]
internal sealed record ContactRow
{
    public const string NotePlace = "membership_contacts.note";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string ApplicationId { get; init; }

    public required ContactWay Way { get; init; }

    public required string NoteSealed { get; init; }

    public required string PersonId { get; init; }

    public required long ContactedAt { get; init; }

    public required long At { get; init; }
}

[Table("memberships", IsColumnAttributeRequired = false)]
internal sealed record MembershipRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required string ApplicationId { get; init; }

    public required string UnionId { get; init; }

    public required string MemberNumber { get; init; }

    public required MembershipState State { get; init; }

    public required string JoinedOn { get; init; }

    /// <summary>The person while the membership lives, null after: UNIQUE, one person is one membership.</summary>
    public string? LivePersonId { get; init; }

    /// <summary>The ID number's index while the membership lives: UNIQUE over all unions.</summary>
    public string? LiveIdNumberIndex { get; init; }

    public string? LiveIdNumberFormerIndex { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }
}

/// <summary>会籍变动: codes of the table <c>membership_change</c>.</summary>
[Table("membership_changes", IsColumnAttributeRequired = false)]
internal sealed record MembershipChangeRow
{
    public const string ReasonPlace = "membership_changes.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string MembershipId { get; init; }

    public required string Kind { get; init; }

    public required string HappenedOn { get; init; }

    public string? FromUnionId { get; init; }

    public string? ToUnionId { get; init; }

    /// <summary>Where the rule lists the reasons: a word, e.g. of <c>RetentionReason</c>.</summary>
    public string? ReasonWord { get; init; }

    public string? ReasonSealed { get; init; }

    /// <summary>开除会籍: under which number the higher union filed it.</summary>
    public string? FilingNumber { get; init; }

    public required string PersonId { get; init; }

    public required long At { get; init; }
}

[Table("number_sequences", IsColumnAttributeRequired = false)]
internal sealed record NumberSequenceRow
{
    [PrimaryKey]
    public required string Name { get; init; }

    public required int LastNumber { get; init; }
}

/// <summary>The short code that somebody shows who signed in with a new WeChat account; one at a time.</summary>
[Table("rebinding_codes", IsColumnAttributeRequired = false)]
internal sealed record RebindingCodeRow
{
    public const string IndexKind = "rebinding-code";

    [PrimaryKey]
    public required string PersonId { get; init; }

    public required string CodeHash { get; init; }

    public required long MadeAt { get; init; }

    public required long ExpiresAt { get; init; }
}

/// <summary>A re-binding (微信换绑): the WeChat account that ended stays here, out of reach of any sign-in.</summary>
[Table("wechat_rebindings", IsColumnAttributeRequired = false)]
internal sealed record WeChatRebindingRow
{
    public const string ReasonPlace = "wechat_rebindings.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string MembershipId { get; init; }

    /// <summary>The member.</summary>
    public required string PersonId { get; init; }

    /// <summary>The empty person whom the new WeChat account left.</summary>
    public required string LeftPersonId { get; init; }

    public required string AppId { get; init; }

    public string? EndedOpenId { get; init; }

    public string? EndedUnionAccountId { get; init; }

    public long? EndedCreatedAt { get; init; }

    public required string ReasonSealed { get; init; }

    public required string ReboundBy { get; init; }

    public required long At { get; init; }
}
