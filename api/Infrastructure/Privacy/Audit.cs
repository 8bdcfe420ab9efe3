using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// Append-only: who, what, which record, from where, when. Written in the deed's own transaction; says which record,
/// never what it said.
/// </summary>
internal static class Audit
{
    public static Task WriteAsync(Db db, Caller caller, string deed, string recordKind, string recordId, long now) =>
        db.InsertAsync(new AuditRow
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
        });
}

[Table("audit_entries", IsColumnAttributeRequired = false)]
internal sealed record AuditRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required long At { get; init; }

    public required string PersonId { get; init; }

    public required string SessionId { get; init; }

    public required SessionKind SessionKind { get; init; }

    public required string Address { get; init; }

    public required string Deed { get; init; }

    public required string RecordKind { get; init; }

    public required string RecordId { get; init; }
}
