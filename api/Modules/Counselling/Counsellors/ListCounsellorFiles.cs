using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>The counsellors a supervisor answers for.</summary>
internal static class ListCounsellorFiles
{
    public sealed record Item(string Id, string Name, Qualification Qualification, DateOnly? ValidUntil, DateOnly ContractUntil, CounsellorState State, int Version);

    /// <summary>咨询师名册 (counsellors' files).</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(int? take, string? after, Reach reach, Database database, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var rows = await InReach(db, reach).Where(c => mark == null || c.Id.CompareTo(mark) > 0).OrderBy(c => c.Id).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows, count, c => new Item(c.Id, c.Name, c.Qualification, Instants.DateOrNone(c.ValidUntil), Instants.Date(c.ContractUntil), c.State, c.Version), c => c.Id));
    }

    /// <summary>一位咨询师的资料 (one file).</summary>
    internal static async Task<Ok<CounsellorFile>> HandleOne(
        string id, Reach reach, FieldCipher cipher, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return TypedResults.Ok(CounsellorFile.Of(await FindAsync(db, id, reach, cancellation), cipher, clock.Today()));
    }

    public static async Task<CounsellorRow> FindAsync(Db db, string id, Reach reach, CancellationToken cancellation) =>
        await InReach(db, reach).FirstOrDefaultAsync(c => c.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);

    public static IQueryable<CounsellorRow> InReach(Db db, Reach reach)
    {
        var ancestors = db.UnionAncestors;
        return db.Counsellors.Where(c => ancestors.Any(a => a.UnionId == c.UnionId && reach.UnionIds.Contains(a.AncestorId)));
    }
}
