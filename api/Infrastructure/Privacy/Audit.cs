using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// Append-only: who, what, which record, whose data, from where, when. Written in the deed's own transaction; says
/// which record, never what it said. The sealer chains the rows afterwards.
/// </summary>
internal static class Audit
{
    /// <param name="subject">Whose data; a worker's deeds concern herself unless told otherwise.</param>
    /// <returns>The entry's id.</returns>
    public static async Task<string> WriteAsync(
        Db db, Caller caller, string deed, string recordKind, string recordId, long now, string? subject = null)
    {
        var row = RowOf(caller, deed, recordKind, recordId, now, subject);
        await db.InsertAsync(row);
        return row.Id;
    }

    /// <summary>A deed done by a command: there is no session, the operator is known by the machine's account.</summary>
    /// <returns>The entry's id.</returns>
    public static async Task<string> WriteAsync(
        Db db, Operator by, string deed, string recordKind, string recordId, long now, string? subject = null)
    {
        var row = new AuditRow
        {
            Id = Ids.New(),
            At = now,
            Address = "",
            Deed = deed,
            RecordKind = recordKind,
            RecordId = recordId,
            SubjectId = subject,
            Operator = by.Name,
        };
        await db.InsertAsync(row);
        return row.Id;
    }

    /// <summary>For a look that meets several records at once.</summary>
    public static AuditRow RowOf(Caller caller, string deed, string recordKind, string recordId, long now, string? subject) => new()
    {
        Id = Ids.New(),
        At = now,
        PersonId = caller.PersonId,
        SessionId = caller.SessionId,
        SessionKind = caller.Kind,
        Address = caller.Address,
        Deed = deed,
        RecordKind = recordKind,
        RecordId = recordId,
        SubjectId = subject ?? (caller.Kind == SessionKind.Worker ? caller.PersonId : null),
        Role = caller.Role,
        UnionId = caller.UnionId,
    };
}

/// <summary>Somebody who runs a command on the server.</summary>
/// <param name="Name"><c>account@machine</c>, ASCII, at most 60 characters.</param>
internal sealed record Operator(string Name)
{
    private const int Longest = 60;

    public static Operator Here()
    {
        var name = $"{Environment.UserName}@{Environment.MachineName}";
        var ascii = new string([.. name.Select(letter => char.IsBetween(letter, '!', '~') ? letter : '?')]);
        return new Operator(ascii.Length > Longest ? ascii[..Longest] : ascii);
    }
}

[Table("audit_entries", IsColumnAttributeRequired = false)]
internal sealed record AuditRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required long At { get; init; }

    /// <summary>Null when an operator did it.</summary>
    public string? PersonId { get; init; }

    public string? SessionId { get; init; }

    public SessionKind? SessionKind { get; init; }

    public required string Address { get; init; }

    public required string Deed { get; init; }

    public required string RecordKind { get; init; }

    public required string RecordId { get; init; }

    /// <summary>Whose data; null when it is nobody's in particular.</summary>
    public string? SubjectId { get; init; }

    /// <summary>The role that let it happen, null when several would have.</summary>
    public string? Role { get; init; }

    /// <summary>The union that role was granted on.</summary>
    public string? UnionId { get; init; }

    public string? Operator { get; init; }
}
