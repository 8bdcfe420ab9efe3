using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions.Committees;

namespace WeChatUnion.Api.Modules.Unions.Records;

/// <summary>One union record with its present committee and what happened to it.</summary>
internal static class GetUnion
{
    private const int MostChanges = 50;

    /// <param name="Fields">Names of the changed fields.</param>
    /// <param name="By">Display name; null: the calendar did it.</param>
    public sealed record Change(
        UnionChangeKind Kind, string? FromParentId, string? ToParentId, string? SuccessorId, IReadOnlyList<string> Fields, string? Reason, string? By, DateTimeOffset At);

    /// <param name="Version">Give this back with a deed.</param>
    /// <param name="Committee">Null before the first election was recorded.</param>
    /// <param name="Changes">The newest fifty, newest first.</param>
    public sealed record Response(
        string Id, int Version, UnionState State, string? ParentId, string? ParentName, UnionDetails Details, CommitteeSummary? Committee, IReadOnlyList<Change> Changes);

    /// <summary>查看工会 (one union record).</summary>
    internal static async Task<Ok<Response>> Handle(string id, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var union = await UnionDeeds.FindAsync(db, id, reach, cancellation);
        var parentName = await db.Unions.Where(u => u.Id == union.ParentId).Select(u => u.Name).FirstOrDefaultAsync(cancellation);
        return TypedResults.Ok(new Response(
            union.Id,
            union.Version,
            union.State,
            union.ParentId,
            parentName,
            UnionDetails.Of(union),
            await CommitteeSummary.ReadAsync(db, id, clock.Today(), cancellation),
            await ChangesAsync(db, id, cancellation)));
    }

    private static async Task<IReadOnlyList<Change>> ChangesAsync(Db db, string id, CancellationToken cancellation)
    {
        var officers = db.StaffAccounts;
        var rows = await (
            from change in db.UnionChanges
            from officer in officers.LeftJoin(o => o.PersonId == change.PersonId)
            where change.UnionId == id
            orderby change.Id descending
            select new { change, officer }).Take(MostChanges).ToListAsync(cancellation);
        return [.. rows.Select(r => new Change(
            r.change.Kind,
            r.change.FromParentId,
            r.change.ToParentId,
            r.change.SuccessorId,
            r.change.Fields?.Split(',') ?? [],
            r.change.Reason,
            r.officer?.DisplayName,
            Instants.At(r.change.At)))];
    }
}
