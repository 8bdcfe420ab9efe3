using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Transfers;

/// <summary>Transfers of my membership, whoever started them.</summary>
internal static class ListMyTransfers
{
    /// <summary>我的会籍接转 (transfers of my membership), newest first.</summary>
    internal static async Task<Ok<Listing<TransferSummary>>> Handle(
        int? take, string? after, Caller caller, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var rows = await (
            from transfer in db.Transfers
            join membership in db.Memberships on transfer.MembershipId equals membership.Id
            join oldUnion in db.Unions on transfer.FromUnionId equals oldUnion.Id
            join newUnion in db.Unions on transfer.ToUnionId equals newUnion.Id
            where membership.PersonId == caller.PersonId && (mark == null || transfer.Id.CompareTo(mark) < 0)
            orderby transfer.Id descending
            select new { transfer, oldUnion, newUnion }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<TransferSummary>.Of(
            rows, count, r => TransferSummary.Of(r.transfer, r.oldUnion, r.newUnion, cipher), r => r.transfer.Id));
    }
}
