using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Activities;

internal static class Tables
{
    extension(Db db)
    {
        public ITable<ActivityRow> Activities => db.GetTable<ActivityRow>();

        public ITable<SessionRow> ActivitySessions => db.GetTable<SessionRow>();

        public ITable<GroupRow> ActivityGroups => db.GetTable<GroupRow>();

        public ITable<QuestionRow> ActivityQuestions => db.GetTable<QuestionRow>();

        public ITable<ActivityStepRow> ActivitySteps => db.GetTable<ActivityStepRow>();

        public ITable<EnrolmentRow> Enrolments => db.GetTable<EnrolmentRow>();

        public ITable<EnrolmentStepRow> EnrolmentSteps => db.GetTable<EnrolmentStepRow>();
    }
}

/// <summary>活动类型.</summary>
public enum ActivityKind
{
    /// <summary>文化体育.</summary>
    [MapValue("culture")]
    Culture,

    /// <summary>讲座.</summary>
    [MapValue("lecture")]
    Lecture,

    /// <summary>培训.</summary>
    [MapValue("training")]
    Training,

    /// <summary>竞赛.</summary>
    [MapValue("competition")]
    Competition,

    /// <summary>疗休养.</summary>
    [MapValue("recuperation")]
    Recuperation,

    /// <summary>单身联谊.</summary>
    [MapValue("singles")]
    Singles,

    /// <summary>其他.</summary>
    [MapValue("other")]
    Other,
}

/// <summary>How places are given, declared before sign-up opens (分配方式).</summary>
public enum Allocation
{
    /// <summary>先到先得.</summary>
    [MapValue("first_come")]
    FirstCome,

    /// <summary>抽签.</summary>
    [MapValue("draw")]
    Draw,

    /// <summary>组织者审定.</summary>
    [MapValue("choice")]
    Choice,
}

/// <summary>What people decided about an activity; how far it has come in time is its <see cref="Phase"/>.</summary>
public enum ActivityState
{
    /// <summary>草稿.</summary>
    [MapValue("draft")]
    Draft,

    /// <summary>待审批.</summary>
    [MapValue("awaiting_approval")]
    AwaitingApproval,

    /// <summary>已发布.</summary>
    [MapValue("published")]
    Published,

    /// <summary>已取消.</summary>
    [MapValue("cancelled")]
    Cancelled,
}

public enum ActivityStepKind
{
    [MapValue("submission")]
    Submission,
    [MapValue("approval")]
    Approval,
    [MapValue("return")]
    Return,
    [MapValue("cancellation")]
    Cancellation,
    [MapValue("allocation")]
    Allocation,
    [MapValue("capacity_change")]
    CapacityChange,
}

/// <summary>Where a sign-up stands (报名状态).</summary>
public enum EnrolmentState
{
    /// <summary>已报名: has a place.</summary>
    [MapValue("enrolled")]
    Enrolled,

    /// <summary>候补.</summary>
    [MapValue("waiting")]
    Waiting,

    /// <summary>候补递补待确认: a place is held until <c>offered_until</c>.</summary>
    [MapValue("offered")]
    Offered,

    /// <summary>本人取消.</summary>
    [MapValue("cancelled")]
    Cancelled,

    /// <summary>组织者移除.</summary>
    [MapValue("removed")]
    Removed,

    /// <summary>放弃递补.</summary>
    [MapValue("declined")]
    Declined,

    /// <summary>递补逾期未确认.</summary>
    [MapValue("expired")]
    Expired,

    /// <summary>未录取.</summary>
    [MapValue("not_admitted")]
    NotAdmitted,

    /// <summary>已登记待分配: takes no place until places are drawn or chosen.</summary>
    [MapValue("applied")]
    Applied,
}

/// <summary>Who brought the sign-up in.</summary>
public enum EnrolmentSource
{
    [MapValue("self")]
    Self,

    /// <summary>单位经办人代报名.</summary>
    [MapValue("clerk")]
    Clerk,

    /// <summary>主办方代报名.</summary>
    [MapValue("organiser")]
    Organiser,

    /// <summary>现场报名.</summary>
    [MapValue("walk_in")]
    WalkIn,
}

public enum EnrolmentStepKind
{
    [MapValue("offer")]
    Offer,
    [MapValue("acceptance")]
    Acceptance,
    [MapValue("decline")]
    Decline,
    [MapValue("expiry")]
    Expiry,
    [MapValue("cancellation")]
    Cancellation,
    [MapValue("late_cancellation")]
    LateCancellation,
    [MapValue("removal")]
    Removal,
    [MapValue("ineligible")]
    Ineligible,
    [MapValue("admission")]
    Admission,
    [MapValue("rejection")]
    Rejection,

    /// <summary>缺席: had a place and was checked in for no session.</summary>
    [MapValue("no_show")]
    NoShow,

    /// <summary>缺席撤销.</summary>
    [MapValue("no_show_lifted")]
    NoShowLifted,
    [MapValue("return_to_line")]
    ReturnToLine,
}

/// <summary>报名问题的类型.</summary>
public enum QuestionKind
{
    [MapValue("text")]
    Text,
    [MapValue("choice")]
    Choice,
    [MapValue("number")]
    Number,
    [MapValue("date")]
    Date,
    [MapValue("consent")]
    Consent,
}

[Table("activities", IsColumnAttributeRequired = false)]
internal sealed record ActivityRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string UnionId { get; init; }

    public required string MadeBy { get; init; }

    public required ActivityKind Kind { get; init; }

    public required string Title { get; init; }

    public required string Body { get; init; }

    public required string Place { get; init; }

    /// <summary>Millionths of a degree, GCJ-02 as WeChat's maps use.</summary>
    [Column("latitude_e6")]
    public int? LatitudeE6 { get; init; }

    [Column("longitude_e6")]
    public int? LongitudeE6 { get; init; }

    public required string DivisionCode { get; init; }

    public string? CostNote { get; init; }

    public required Allocation Allocation { get; init; }

    public required ActivityState State { get; init; }

    public required long OpensAt { get; init; }

    public required long ClosesAt { get; init; }

    /// <summary>Until then a place is given back without points.</summary>
    public required long CancelUntil { get; init; }

    /// <summary>Begin of the first session.</summary>
    public required long StartsAt { get; init; }

    /// <summary>End of the last session.</summary>
    public required long EndsAt { get; init; }

    /// <summary>How many guests one person may bring.</summary>
    public required int MostGuests { get; init; }

    public required bool HasWaitingList { get; init; }

    /// <summary>How long an offer from the waiting list holds.</summary>
    public required int OfferHours { get; init; }

    /// <summary>When unused places of the groups merge; null means never.</summary>
    public long? MergesAt { get; init; }

    public long? MergedAt { get; init; }

    /// <summary>When those who still awaited a place at the beginning were told that it is over; null before.</summary>
    public long? BegunAt { get; init; }

    /// <summary>Raised by whoever decides about places: its row lock puts all of them in one order.</summary>
    public required long Turn { get; init; }

    /// <summary>The highest sign-up number given out.</summary>
    public required int LastNumber { get; init; }

    /// <summary>封面.</summary>
    public string? CoverFileId { get; init; }

    public required int Version { get; init; }

    public long? PublishedAt { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }
}

[Table("activity_sessions", IsColumnAttributeRequired = false)]
internal sealed record SessionRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string ActivityId { get; init; }

    public required int Position { get; init; }

    public string? Name { get; init; }

    public required long StartsAt { get; init; }

    public required long EndsAt { get; init; }
}

[Table("activity_groups", IsColumnAttributeRequired = false)]
internal sealed record GroupRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string ActivityId { get; init; }

    public required int Position { get; init; }

    public required string Name { get; init; }

    public required int Capacity { get; init; }

    /// <summary>The capacity without what was lent or borrowed when the groups merged; null in rows of an older program.</summary>
    public int? DeclaredCapacity { get; init; }

    /// <summary>Places held by the enrolled and the offered, guests included.</summary>
    public required int Taken { get; init; }

    /// <summary>How many stand in its waiting line.</summary>
    public int Waiting { get; init; }

    /// <summary>The highest mark given out in this group's waiting line.</summary>
    public required int LastLine { get; init; }

    /// <summary><see cref="EligibilityRules"/> as JSON.</summary>
    public required string Rules { get; init; }
}

[Table("activity_questions", IsColumnAttributeRequired = false)]
internal sealed record QuestionRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string ActivityId { get; init; }

    public required int Position { get; init; }

    public required QuestionKind Kind { get; init; }

    public required string Wording { get; init; }

    public required bool IsRequired { get; init; }

    /// <summary>JSON array of the options of a choice.</summary>
    public string? Options { get; init; }
}

[Table("activity_steps", IsColumnAttributeRequired = false)]
internal sealed record ActivityStepRow
{
    public const string ReasonPlace = "activity_steps.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string ActivityId { get; init; }

    public required ActivityStepKind Kind { get; init; }

    public required string PersonId { get; init; }

    public string? ReasonSealed { get; init; }

    public required long At { get; init; }
}

[Table("enrolments", IsColumnAttributeRequired = false)]
internal sealed record EnrolmentRow
{
    public const string AnswersPlace = "enrolments.answers";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string ActivityId { get; init; }

    public required string GroupId { get; init; }

    public required string PersonId { get; init; }

    /// <summary>The person while the sign-up lives, null after: UNIQUE with the activity, one person once.</summary>
    public string? LivePersonId { get; init; }

    /// <summary>报名序号: given in order of arrival, never twice.</summary>
    public required int Number { get; init; }

    public required EnrolmentState State { get; init; }

    public required int Guests { get; init; }

    /// <summary>Mark in the group's waiting line: lower is earlier. Kept after leaving the line.</summary>
    public int? Line { get; init; }

    public long? OfferedUntil { get; init; }

    /// <summary>The facts as evaluated at sign-up (<see cref="FactsSeen"/>) as JSON.</summary>
    public required string Facts { get; init; }

    public string? AnswersSealed { get; init; }

    public required EnrolmentSource Source { get; init; }

    public required string MadeBy { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    /// <summary>How many places it takes.</summary>
    [NotColumn]
    public int Party => 1 + Guests;
}

[Table("enrolment_steps", IsColumnAttributeRequired = false)]
internal sealed record EnrolmentStepRow
{
    public const string ReasonPlace = "enrolment_steps.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string EnrolmentId { get; init; }

    public required EnrolmentStepKind Kind { get; init; }

    /// <summary>Null when the program did it by itself, e.g. when an offer expired.</summary>
    public string? PersonId { get; init; }

    public string? ReasonSealed { get; init; }

    public required long At { get; init; }
}
