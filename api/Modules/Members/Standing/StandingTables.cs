using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Members.Standing;

internal static class StandingTables
{
    extension(Db db)
    {
        public ITable<DepartureRow> Departures => db.GetTable<DepartureRow>();
    }
}

/// <summary>Two ways of leaving that one person asks for and another confirms.</summary>
public enum DepartureKind
{
    /// <summary>退会: the member asks; the union may only confirm.</summary>
    [MapValue("withdrawal")]
    Withdrawal,

    /// <summary>开除会籍: an officer proposes.</summary>
    [MapValue("expulsion")]
    Expulsion,
}

public enum DepartureState
{
    /// <summary>待办理.</summary>
    [MapValue("open")]
    Open,

    /// <summary>已确认.</summary>
    [MapValue("confirmed")]
    Confirmed,

    /// <summary>The member's request stood by itself: nobody confirmed it in time.</summary>
    [MapValue("took_effect")]
    TookEffect,

    /// <summary>不予开除: for expulsions only.</summary>
    [MapValue("refused")]
    Refused,

    /// <summary>Taken back by who asked.</summary>
    [MapValue("cancelled")]
    Cancelled,

    /// <summary>The membership ended in another way.</summary>
    [MapValue("lapsed")]
    Lapsed,
}

[Table("membership_departures", IsColumnAttributeRequired = false)]
internal sealed record DepartureRow
{
    public const string ReasonPlace = "membership_departures.reason";
    public const string NotePlace = "membership_departures.closing_note";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string MembershipId { get; init; }

    public required DepartureKind Kind { get; init; }

    public required string RequestedBy { get; init; }

    public required string ReasonSealed { get; init; }

    public string? FilingNumber { get; init; }

    public required DepartureState State { get; init; }

    /// <summary>The membership while open, null after: UNIQUE with the kind.</summary>
    public string? OpenMembershipId { get; init; }

    public required long RequestedAt { get; init; }

    /// <summary>A request to leave takes effect by itself at this instant.</summary>
    public long? EffectiveAt { get; init; }

    public string? TalkedOn { get; init; }

    public string? ClosedBy { get; init; }

    public long? ClosedAt { get; init; }

    public string? ClosingNoteSealed { get; init; }
}
