using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Oversight;

/// <summary>The auditor asks whom somebody looked at, or who looked at somebody.</summary>
internal static class ListDataAccesses
{
    public const string Deed = "read_data_accesses";

    /// <param name="Look">The deed, e.g. read_application, unmask, search_hit.</param>
    /// <param name="LookWords">The same in Chinese.</param>
    /// <param name="Field">Which value was shown in clear.</param>
    /// <param name="Reason">For unmaskings and for searches by a full number.</param>
    /// <param name="ViewerName">Display name of the staff account.</param>
    public sealed record Item(
        string Id,
        DateTimeOffset At,
        string Look,
        string LookWords,
        string? Field,
        string? Reason,
        string ViewerId,
        string? ViewerName,
        string? Role,
        string? UnionName,
        string RecordKind,
        string RecordId,
        string SubjectId);

    /// <summary>谁看过谁的信息 (who saw whom), newest first.</summary>
    /// <param name="viewer">Looks by this person; this or <paramref name="subject"/> is needed.</param>
    /// <param name="subject">Looks at this person's data.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? viewer, string? subject, int? take, string? after, Caller caller, Reach reach, DataAccesses accesses, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        AuditReach.CheckId("viewer", viewer);
        AuditReach.CheckId("subject", subject);
        if ((viewer ?? subject) is not { } person)
        {
            throw Refusal.OfField("subject", "请指定查看人或被查看人。");
        }

        await database.TransactAsync(
            writing => Audit.WriteAsync(writing, caller, Deed, "person", person, clock.Milliseconds(), subject), cancellation);
        await using var db = database.Open();
        var entries = await AuditReach.EntriesAsync(db, reach, cancellation);
        entries = viewer is null ? entries : entries.Where(e => e.PersonId == viewer);
        entries = subject is null ? entries : entries.Where(e => e.SubjectId == subject);
        var rows = await accesses.ReadAsync(db, entries, mark, count, cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, r => ItemOf(r, accesses, cipher), r => r.Entry.Id));
    }

    private static Item ItemOf(DataAccesses.Access access, DataAccesses accesses, FieldCipher cipher) => new(
        access.Entry.Id,
        Instants.At(access.Entry.At),
        access.Entry.Deed,
        accesses.WordsOf(access.Entry.Deed),
        access.Unmasking?.Field,
        access.UnmaskingReason(cipher) ?? access.SearchReason(cipher),
        access.Entry.PersonId!,
        access.OfficerName,
        access.Entry.Role,
        access.UnionName,
        access.Entry.RecordKind,
        access.Entry.RecordId,
        access.Entry.SubjectId!);
}
