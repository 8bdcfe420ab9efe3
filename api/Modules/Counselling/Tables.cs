using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Counselling;

internal static class Tables
{
    extension(Db db)
    {
        public ITable<CounsellorRow> Counsellors => db.GetTable<CounsellorRow>();

        public ITable<RoomRow> CounsellingRooms => db.GetTable<RoomRow>();

        public ITable<WindowRow> CounsellorWindows => db.GetTable<WindowRow>();

        public ITable<ExceptionRow> CounsellorExceptions => db.GetTable<ExceptionRow>();

        public ITable<ClientRow> CounsellingClients => db.GetTable<ClientRow>();

        public ITable<AppointmentRow> Appointments => db.GetTable<AppointmentRow>();

        public ITable<ScaleResultRow> ScaleResults => db.GetTable<ScaleResultRow>();

        public ITable<CrisisTicketRow> CrisisTickets => db.GetTable<CrisisTicketRow>();

        public ITable<CrisisStepRow> CrisisSteps => db.GetTable<CrisisStepRow>();

        public ITable<CrisisAlarmRow> CrisisAlarms => db.GetTable<CrisisAlarmRow>();

        public ITable<CaseNoteRow> CaseNotes => db.GetTable<CaseNoteRow>();

        public ITable<AppointmentStepRow> AppointmentSteps => db.GetTable<AppointmentStepRow>();
    }
}

/// <summary>资质类型 (domain/counselling.md 3.7).</summary>
public enum Qualification
{
    /// <summary>心理咨询师二级 (旧证).</summary>
    [MapValue("counsellor_level2")]
    CounsellorLevel2,

    /// <summary>心理咨询师三级 (旧证).</summary>
    [MapValue("counsellor_level3")]
    CounsellorLevel3,

    /// <summary>心理治疗师.</summary>
    [MapValue("therapist")]
    Therapist,

    /// <summary>精神科医师.</summary>
    [MapValue("psychiatrist")]
    Psychiatrist,

    /// <summary>中国心理学会注册心理师.</summary>
    [MapValue("registered_psychologist")]
    RegisteredPsychologist,

    /// <summary>中国心理学会注册助理心理师.</summary>
    [MapValue("registered_assistant")]
    RegisteredAssistant,

    /// <summary>社会工作师(心理方向).</summary>
    [MapValue("social_worker")]
    SocialWorker,
}

/// <summary>主诉与擅长 (domain/counselling.md 3.4).</summary>
public enum Topic
{
    /// <summary>工作压力.</summary>
    WorkStress,

    /// <summary>人际关系.</summary>
    Relationships,

    /// <summary>婚姻家庭.</summary>
    MarriageAndFamily,

    /// <summary>亲子教育.</summary>
    Parenting,

    /// <summary>情绪低落.</summary>
    LowMood,

    /// <summary>焦虑紧张.</summary>
    Anxiety,

    /// <summary>睡眠.</summary>
    Sleep,

    /// <summary>经济困难.</summary>
    Money,

    /// <summary>突发事件、灾害.</summary>
    SuddenEvent,

    /// <summary>职业倦怠.</summary>
    Burnout,

    /// <summary>其他.</summary>
    Other,
}

/// <summary>咨询师状态; that a certificate or contract ran out is told by its date.</summary>
public enum CounsellorState
{
    /// <summary>待审.</summary>
    [MapValue("awaiting_review")]
    AwaitingReview,

    /// <summary>在岗.</summary>
    [MapValue("active")]
    Active,

    /// <summary>停约.</summary>
    [MapValue("suspended")]
    Suspended,
}

/// <summary>咨询方式.</summary>
public enum TalkMode
{
    /// <summary>面谈.</summary>
    [MapValue("in_person")]
    InPerson,

    /// <summary>电话.</summary>
    [MapValue("phone")]
    Phone,

    /// <summary>视频.</summary>
    [MapValue("video")]
    Video,
}

/// <summary>Where an appointment stands (预约状态, domain/counselling.md 3.3).</summary>
public enum AppointmentState
{
    /// <summary>待确认: the time is kept while the form is filled in.</summary>
    [MapValue("held")]
    Held,

    /// <summary>未确认: the time was given back.</summary>
    [MapValue("lapsed")]
    Lapsed,

    /// <summary>已预约.</summary>
    [MapValue("booked")]
    Booked,

    /// <summary>已签到.</summary>
    [MapValue("arrived")]
    Arrived,

    /// <summary>已完成.</summary>
    [MapValue("done")]
    Done,

    /// <summary>未到.</summary>
    [MapValue("no_show")]
    NoShow,

    /// <summary>已取消.</summary>
    [MapValue("cancelled")]
    Cancelled,
}

internal enum AppointmentStepKind
{
    [MapValue("booking")]
    Booking,
    [MapValue("cancellation")]
    Cancellation,
    [MapValue("late_cancellation")]
    LateCancellation,
    [MapValue("rescheduling")]
    Rescheduling,
    [MapValue("reassignment")]
    Reassignment,
    [MapValue("arrival")]
    Arrival,
    [MapValue("completion")]
    Completion,
    [MapValue("no_show")]
    NoShow,
    [MapValue("hand_over")]
    HandOver,
}

[Table("counsellors", IsColumnAttributeRequired = false)]
internal sealed record CounsellorRow
{
    public const string CertificateNumberPlace = "counsellors.certificate_number";
    public const string TalkPhonePlace = "counsellors.talk_phone";
    public const string VideoLinkPlace = "counsellors.video_link";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required string UnionId { get; init; }

    public required string Name { get; init; }

    /// <summary>Code of the table <c>sex</c>.</summary>
    public required string Sex { get; init; }

    public required string Introduction { get; init; }

    public required Qualification Qualification { get; init; }

    public required string CertificateNumberSealed { get; init; }

    public required string Issuer { get; init; }

    /// <summary>Null when it never runs out.</summary>
    public string? ValidUntil { get; init; }

    /// <summary>JSON array of <see cref="Topic"/> words.</summary>
    public required string Specialities { get; init; }

    public required int TrainingHours { get; init; }

    public required string ContractFrom { get; init; }

    public required string ContractUntil { get; init; }

    public required int SessionMinutes { get; init; }

    /// <summary>Kept free before each talk.</summary>
    public required int LeadMinutes { get; init; }

    /// <summary>Kept free after each talk, for notes.</summary>
    public required int BreakMinutes { get; init; }

    public required int MostPerDay { get; init; }

    public string? TalkPhoneSealed { get; init; }

    public string? VideoLinkSealed { get; init; }

    public required CounsellorState State { get; init; }

    /// <summary>督导人: who approved her last.</summary>
    public string? SupervisorId { get; init; }

    /// <summary>When a supervisor last vouched that it is she who reads; keeping the file leaves it.</summary>
    [Column(SkipOnUpdate = true)]
    public long? ReadingConfirmedAt { get; init; }

    /// <summary>Raised by whoever decides about her time: the row lock puts all of them in one order. Keeping the file leaves it.</summary>
    [Column(SkipOnUpdate = true)]
    public required long Turn { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }
}

[Table("counselling_rooms", IsColumnAttributeRequired = false)]
internal sealed record RoomRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string UnionId { get; init; }

    public required string Name { get; init; }

    public required string Address { get; init; }

    public required bool IsOpen { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }
}

/// <summary>A weekly time in which she can be booked.</summary>
[Table("counsellor_windows", IsColumnAttributeRequired = false)]
internal sealed record WindowRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string CounsellorId { get; init; }

    /// <summary>1 Monday to 7 Sunday; 8 on a moved working day.</summary>
    public required int Weekday { get; init; }

    public required int FromMinute { get; init; }

    public required int UntilMinute { get; init; }

    /// <summary>Words of <see cref="TalkMode"/> with commas between.</summary>
    public required string Modes { get; init; }

    public string? RoomId { get; init; }

    public required string EffectiveFrom { get; init; }

    public string? EffectiveUntil { get; init; }
}

/// <summary>Days on which the week is otherwise: she is away, or can be booked although the week says no.</summary>
[Table("counsellor_exceptions", IsColumnAttributeRequired = false)]
internal sealed record ExceptionRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string CounsellorId { get; init; }

    public required string FirstOn { get; init; }

    public required string LastOn { get; init; }

    public required bool IsOpen { get; init; }

    public required int FromMinute { get; init; }

    public required int UntilMinute { get; init; }

    /// <summary>Empty for time off.</summary>
    public required string Modes { get; init; }

    public string? RoomId { get; init; }
}

/// <summary>The identity store: the one place where a person stands beside what is hers in this module, locked.</summary>
[Table("counselling_clients", IsColumnAttributeRequired = false)]
internal sealed record ClientRow
{
    public const string RecordPlace = "counselling_clients.record";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string RecordLocked { get; init; }

    public required int Version { get; init; }
}

[Table("appointments", IsColumnAttributeRequired = false)]
internal sealed record AppointmentRow
{
    public const string ClientPlace = "appointments.client";
    public const string WordsPlace = "appointments.words";

    [PrimaryKey]
    public required string Id { get; init; }

    /// <summary>HMAC of the client while it is open, null after: UNIQUE, one open appointment for one person.</summary>
    public string? OpenClient { get; init; }

    public required string CounsellorId { get; init; }

    public string? RoomId { get; init; }

    public required TalkMode Mode { get; init; }

    public required AppointmentState State { get; init; }

    /// <summary>The first ten minutes it takes, counted from 1970; lead included.</summary>
    public required long FirstCell { get; init; }

    public required int CellCount { get; init; }

    public required long StartsAt { get; init; }

    public required long EndsAt { get; init; }

    /// <summary>Only while held.</summary>
    public long? HeldUntil { get; init; }

    /// <summary>Counts against the free talks of the year.</summary>
    public required bool Counts { get; init; }

    /// <summary>Id of the client's row.</summary>
    public string? ClientLocked { get; init; }

    /// <summary><see cref="Booking.ClientWords"/> as JSON.</summary>
    public string? WordsLocked { get; init; }

    public required int Version { get; init; }
}

[Table("appointment_steps", IsColumnAttributeRequired = false)]
internal sealed record AppointmentStepRow
{
    public const string DetailPlace = "appointment_steps.detail";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string AppointmentId { get; init; }

    public required AppointmentStepKind Kind { get; init; }

    /// <summary><see cref="Booking.StepDetail"/> as JSON.</summary>
    public required string DetailLocked { get; init; }
}

/// <summary>What a counsellor wrote of one talk. Who, with whom and when stands nowhere beside it.</summary>
[Table("case_notes", IsColumnAttributeRequired = false)]
internal sealed record CaseNoteRow
{
    public const string TextPlace = "case_notes.text";

    [PrimaryKey]
    public required string Id { get; init; }

    /// <summary><see cref="Desk.NoteText"/> as JSON.</summary>
    public required string TextLocked { get; init; }

    /// <summary>The end of a year, which tells no day.</summary>
    public required string KeptUntil { get; init; }

    public required int Version { get; init; }
}

/// <summary>Answers to one scale; whose stands in her locked record.</summary>
[Table("scale_results", IsColumnAttributeRequired = false)]
internal sealed record ScaleResultRow
{
    public const string AnswersPlace = "scale_results.answers";

    [PrimaryKey]
    public required string Id { get; init; }

    /// <summary><see cref="Scales.ScaleAnswers"/> as JSON.</summary>
    public required string AnswersLocked { get; init; }

    public required string KeptUntil { get; init; }
}

/// <summary>风险等级 (domain/counselling.md 3.6); who is at no risk has no ticket.</summary>
public enum CrisisLevel
{
    /// <summary>黄: within 24 hours.</summary>
    [MapValue("yellow")]
    Yellow,

    /// <summary>橙: within two hours.</summary>
    [MapValue("orange")]
    Orange,

    /// <summary>红: at once.</summary>
    [MapValue("red")]
    Red,
}

/// <summary>工单状态.</summary>
public enum CrisisState
{
    /// <summary>触发.</summary>
    [MapValue("triggered")]
    Triggered,

    /// <summary>已响应.</summary>
    [MapValue("responded")]
    Responded,

    /// <summary>已评估.</summary>
    [MapValue("assessed")]
    Assessed,

    /// <summary>已处置.</summary>
    [MapValue("handled")]
    Handled,

    /// <summary>已移交医院.</summary>
    [MapValue("handed_over")]
    HandedOver,

    /// <summary>已回访.</summary>
    [MapValue("followed_up")]
    FollowedUp,

    /// <summary>已关闭(督导复核).</summary>
    [MapValue("closed")]
    Closed,
}

/// <summary>处置步骤.</summary>
public enum CrisisStepKind
{
    /// <summary>触发.</summary>
    [MapValue("trigger")]
    Trigger,

    /// <summary>响应.</summary>
    [MapValue("response")]
    Response,

    /// <summary>评估.</summary>
    [MapValue("assessment")]
    Assessment,

    /// <summary>处置: 通知家属、报警、送医、安全计划.</summary>
    [MapValue("handling")]
    Handling,

    /// <summary>移交医院.</summary>
    [MapValue("hand_over")]
    HandOver,

    /// <summary>回访.</summary>
    [MapValue("follow_up")]
    FollowUp,

    /// <summary>查看身份.</summary>
    [MapValue("identity_reading")]
    IdentityReading,

    /// <summary>超时上报.</summary>
    [MapValue("escalation")]
    Escalation,

    /// <summary>督导复核关闭.</summary>
    [MapValue("closure")]
    Closure,
}

internal enum CrisisAlarmKind
{
    [MapValue("triggered")]
    Triggered,
    [MapValue("raised")]
    Raised,
    [MapValue("overdue")]
    Overdue,
}

[Table("crisis_tickets", IsColumnAttributeRequired = false)]
internal sealed record CrisisTicketRow
{
    public const string ClientPlace = "crisis_tickets.client";

    [PrimaryKey]
    public required string Id { get; init; }

    /// <summary>HMAC of the person until it is closed: UNIQUE, a second call raises the same ticket.</summary>
    public string? OpenClient { get; init; }

    public required CrisisLevel Level { get; init; }

    public required CrisisState State { get; init; }

    /// <summary>The person.</summary>
    public required string ClientLocked { get; init; }

    public required long TriggeredAt { get; init; }

    /// <summary>Until then somebody must have answered, or done what comes next; null when nothing is due.</summary>
    public long? DueAt { get; init; }

    public long? RespondedAt { get; init; }

    public string? RespondedBy { get; init; }

    /// <summary>When it was reported upwards that it is overdue.</summary>
    public long? EscalatedAt { get; init; }

    public long? ClosedAt { get; init; }

    public required int Version { get; init; }
}

[Table("crisis_steps", IsColumnAttributeRequired = false)]
internal sealed record CrisisStepRow
{
    public const string WordsPlace = "crisis_steps.words";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string TicketId { get; init; }

    public required CrisisStepKind Kind { get; init; }

    /// <summary>Null when the client or the program did it.</summary>
    public string? PersonId { get; init; }

    public string? WordsLocked { get; init; }

    public required long At { get; init; }
}

[Table("crisis_alarms", IsColumnAttributeRequired = false)]
internal sealed record CrisisAlarmRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string TicketId { get; init; }

    public required CrisisAlarmKind Kind { get; init; }

    public required long DueAt { get; init; }

    public required int Attempts { get; init; }

    public long? DeliveredAt { get; init; }

    public required long MadeAt { get; init; }
}
