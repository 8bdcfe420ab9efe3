using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Oversight;

/// <summary>The auditor reads the audit log; that she did stands there too.</summary>
internal static class ListAuditEntries
{
    /// <param name="PersonId">Who; null for an operator's command.</param>
    /// <param name="Operator">account@machine; null for a person.</param>
    /// <param name="Role">In which role, as far as there was one.</param>
    /// <param name="Address">From where.</param>
    /// <param name="SubjectId">Whose data.</param>
    /// <param name="SealedOn">The day whose chain holds it; null in the first seconds.</param>
    /// <param name="Position">Its place in that chain.</param>
    public sealed record Item(
        string Id,
        DateTimeOffset At,
        string? PersonId,
        string? Operator,
        string? Role,
        string? UnionId,
        string Address,
        string Deed,
        string RecordKind,
        string RecordId,
        string? SubjectId,
        DateOnly? SealedOn,
        int? Position);

    /// <summary>审计日志 (audit entries), newest first.</summary>
    /// <param name="person">Who did it.</param>
    /// <param name="subject">Whose data it was.</param>
    /// <param name="record">On which record.</param>
    /// <param name="deed">What was done, e.g. approve_application.</param>
    /// <param name="from">From this day.</param>
    /// <param name="to">Up to this day, included.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? person, string? subject, string? record, string? deed, DateOnly? from, DateOnly? to, int? take, string? after, Caller caller, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        AuditReach.CheckId("person", person);
        AuditReach.CheckId("subject", subject);
        CheckShort("record", record, 64);
        CheckShort("deed", deed, 40);
        await database.TransactAsync(
            db => Audit.WriteAsync(db, caller, "read_audit_entries", "audit_entries", "", clock.Milliseconds()), cancellation);

        await using var db = database.Open();
        var entries = await AuditReach.EntriesAsync(db, reach, cancellation);
        entries = person is null ? entries : entries.Where(e => e.PersonId == person);
        entries = subject is null ? entries : entries.Where(e => e.SubjectId == subject);
        entries = record is null ? entries : entries.Where(e => e.RecordId == record);
        entries = deed is null ? entries : entries.Where(e => e.Deed == deed);
        entries = from is null ? entries : entries.Where(e => e.At >= Instants.StartOf(from.Value));
        entries = to is null || to == DateOnly.MaxValue ? entries : entries.Where(e => e.At < Instants.StartOf(to.Value.AddDays(1)));
        var seals = db.AuditSeals;
        var rows = await (from entry in entries
                          from seal in seals.LeftJoin(s => s.EntryId == entry.Id)
                          where mark == null || entry.Id.CompareTo(mark) < 0
                          orderby entry.Id descending
                          select new Row(entry, seal)).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, ItemOf, r => r.Entry.Id));
    }

    private static void CheckShort(string name, string? text, int most)
    {
        if (text is { } given && (given.Length > most || given.Any(letter => !char.IsBetween(letter, '!', '~'))))
        {
            throw Refusal.OfField(name, "格式不正确。");
        }
    }

    private static Item ItemOf(Row row) => new(
        row.Entry.Id,
        Instants.At(row.Entry.At),
        row.Entry.PersonId,
        row.Entry.Operator,
        row.Entry.Role,
        row.Entry.UnionId,
        row.Entry.Address,
        row.Entry.Deed,
        row.Entry.RecordKind,
        row.Entry.RecordId,
        row.Entry.SubjectId,
        Instants.DateOrNone(row.Seal?.Day),
        row.Seal?.Position);

    private sealed record Row(AuditRow Entry, SealRow? Seal);
}
