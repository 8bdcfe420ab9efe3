using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LinqToDB.Mapping;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// How the audit log is sealed, format <c>audit-1</c>. Each day (Asia/Shanghai, the day of sealing) is a chain:
/// <c>hash = SHA-256(previous hash ‖ fields)</c> in lower-case hex. The previous hash goes in as its 64 hex
/// characters; for a day's first entry it is the head of the day before, for the very first entry 64 zeros. The fields
/// are <c>audit-1</c>, day, position (from 1), sealed_at, id, at, person_id, session_id, session_kind, address, deed,
/// record_kind, record_id, subject_id, role, union_id, operator, each written as
/// <c>length-in-UTF-8-bytes:text,</c> and an absent one as <c>-,</c>; numbers are decimal. So no two different
/// entries have the same bytes.
/// </summary>
internal static class AuditChain
{
    public const string Format = "audit-1";

    /// <summary>What stands before the very first entry.</summary>
    public static readonly string Beginning = new('0', 64);

    public static string Next(string previous, string day, int position, long sealedAt, StoredEntry entry)
    {
        var text = new StringBuilder(previous);
        Add(text, Format);
        Add(text, day);
        Add(text, Number(position));
        Add(text, Number(sealedAt));
        Add(text, entry.Id);
        Add(text, Number(entry.At));
        Add(text, entry.PersonId);
        Add(text, entry.SessionId);
        Add(text, entry.SessionKind);
        Add(text, entry.Address);
        Add(text, entry.Deed);
        Add(text, entry.RecordKind);
        Add(text, entry.RecordId);
        Add(text, entry.SubjectId);
        Add(text, entry.Role);
        Add(text, entry.UnionId);
        Add(text, entry.Operator);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Add(StringBuilder text, string? field)
    {
        if (field is null)
        {
            text.Append("-,");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(field)}:{field},");
        }
    }
}

/// <summary>An audit entry word for word as the database holds it.</summary>
internal sealed record StoredEntry
{
    public const string Columns =
        "e.id, e.at, e.person_id, e.session_id, e.session_kind, e.address, e.deed, e.record_kind, e.record_id, e.subject_id, e.role, e.union_id, e.operator";

    public required string Id { get; init; }

    public required long At { get; init; }

    public string? PersonId { get; init; }

    public string? SessionId { get; init; }

    public string? SessionKind { get; init; }

    public required string Address { get; init; }

    public required string Deed { get; init; }

    public required string RecordKind { get; init; }

    public required string RecordId { get; init; }

    public string? SubjectId { get; init; }

    public string? Role { get; init; }

    public string? UnionId { get; init; }

    public string? Operator { get; init; }
}

/// <summary>The place of one entry in its day's chain.</summary>
[Table("audit_seals", IsColumnAttributeRequired = false)]
internal sealed record SealRow
{
    [PrimaryKey(1)]
    public required string Day { get; init; }

    /// <summary>From 1, without gaps.</summary>
    [PrimaryKey(2)]
    public required int Position { get; init; }

    public required string EntryId { get; init; }

    public required string Hash { get; init; }

    public required long SealedAt { get; init; }
}

/// <summary>One day's chain: where it starts, how long it is and its head. A purged day keeps this row.</summary>
[Table("audit_days", IsColumnAttributeRequired = false)]
internal sealed record AuditDayRow
{
    public const string Columns = "day, previous_head, entry_count, head, closed_at, head_written_at, purged_at";

    [PrimaryKey]
    public required string Day { get; init; }

    /// <summary>The head of the day before, so that a whole day cannot vanish.</summary>
    public required string PreviousHead { get; init; }

    public required int EntryCount { get; init; }

    public required string Head { get; init; }

    /// <summary>Null while entries may still join.</summary>
    public long? ClosedAt { get; init; }

    /// <summary>When the head reached the second place.</summary>
    public long? HeadWrittenAt { get; init; }

    public long? PurgedAt { get; init; }
}
