using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Activities.Attending;

internal static class AttendingTables
{
    extension(Db db)
    {
        public ITable<CheckInRow> CheckIns => db.GetTable<CheckInRow>();

        public ITable<AttendanceClosingRow> AttendanceClosings => db.GetTable<AttendanceClosingRow>();
    }
}

/// <summary>How somebody was checked in (签到方式).</summary>
public enum CheckInWay
{
    /// <summary>Staff scanned her member code.</summary>
    [MapValue("member_code")]
    MemberCode,

    /// <summary>She scanned the code shown in the hall.</summary>
    [MapValue("hall_code")]
    HallCode,

    /// <summary>Staff found her by name or phone tail.</summary>
    [MapValue("search")]
    Search,
}

/// <summary>签到: UNIQUE for one session and sign-up, so whoever scans again finds the first.</summary>
[Table("check_ins", IsColumnAttributeRequired = false)]
internal sealed record CheckInRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string SessionId { get; init; }

    public required string EnrolmentId { get; init; }

    public required CheckInWay Way { get; init; }

    public required string MadeBy { get; init; }

    /// <summary>When the server heard of it.</summary>
    public required long At { get; init; }

    /// <summary>When a device without a network saw her, as that device says; null when it was at once.</summary>
    public long? ScannedAt { get; init; }
}

/// <summary>Written once an activity's absences were looked at, whatever came of it.</summary>
[Table("attendance_closings", IsColumnAttributeRequired = false)]
internal sealed record AttendanceClosingRow
{
    [PrimaryKey]
    public required string ActivityId { get; init; }

    public required int NoShows { get; init; }

    public required long At { get; init; }
}
