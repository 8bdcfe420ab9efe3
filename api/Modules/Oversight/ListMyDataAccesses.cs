using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Oversight;

/// <summary>
/// The worker reads who looked at her data. She learns the office and the union, not the name of the officer, who is a
/// person too; whoever wants the name asks the auditor.
/// </summary>
internal static class ListMyDataAccesses
{
    /// <param name="Look">The deed, e.g. read_application, unmask, search_hit.</param>
    /// <param name="LookWords">The same in Chinese.</param>
    /// <param name="Field">Which value was shown in clear.</param>
    /// <param name="Reason">For what it was shown in clear, or taken out.</param>
    /// <param name="RoleTitle">E.g. 会员管理员.</param>
    /// <param name="UnionName">Of which union; null when the officer holds that role on several.</param>
    public sealed record Item(
        string Id, DateTimeOffset At, string Look, string LookWords, string? Field, string? Reason, string RoleTitle, string? UnionName);

    /// <summary>谁看过我的信息 (who saw my data), newest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Caller caller, DataAccesses accesses, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var rows = await accesses.ReadAsync(db, db.AuditEntries.Where(e => e.SubjectId == caller.PersonId), mark, count, cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, r => ItemOf(r, accesses, cipher), r => r.Entry.Id));
    }

    private static Item ItemOf(DataAccesses.Access access, DataAccesses accesses, FieldCipher cipher) => new(
        access.Entry.Id,
        Instants.At(access.Entry.At),
        access.Entry.Deed,
        accesses.WordsOf(access.Entry.Deed),
        access.Unmasking?.Field,
        access.UnmaskingReason(cipher) ?? (access.Entry.Deed == Searches.HitDeed ? null : access.SearchReason(cipher)),
        RoleWords.TitleOf(access.Entry.Role),
        access.UnionName);
}
