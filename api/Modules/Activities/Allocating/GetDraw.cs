using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>Everything that is needed to recompute a draw. Needs no sign-in; numbers, no names.</summary>
internal static class GetDraw
{
    /// <param name="Number">报名序号.</param>
    /// <param name="Party">How many places it takes, guests included.</param>
    public sealed record Entry(int Number, int Party);

    /// <param name="Entries">In order of their numbers.</param>
    public sealed record Group(string GroupId, string Name, int Capacity, IReadOnlyList<Entry> Entries);

    /// <param name="Hash">
    /// SHA-256, lower-case hex, of this text in UTF-8, every line ended by a line feed: "draw-list 1", "activity ID", then
    /// for each group in this order "group ID CAPACITY" and for each of its numbers, ascending, "NUMBER PARTY".
    /// </param>
    public sealed record FrozenList(string Hash, DateTimeOffset FrozenAt, IReadOnlyList<Group> Groups);

    /// <param name="Places">So many places were drawn for: the capacity, fewer if some had been given otherwise.</param>
    /// <param name="Winners">Numbers, the lowest score first.</param>
    /// <param name="Line">The other numbers, the lowest score first.</param>
    public sealed record GroupResult(string GroupId, int Places, IReadOnlyList<int> Winners, IReadOnlyList<int> Line);

    /// <param name="Value">The public value as two people read it at its source.</param>
    /// <param name="Secret">32 bytes in lower-case hex; their SHA-256 is the commitment.</param>
    /// <param name="Withdrawn">Numbers of the list that were given back before the draw: they win nothing and change nobody's score.</param>
    public sealed record Result(string Value, string Secret, DateTimeOffset DrawnAt, IReadOnlyList<int> Withdrawn, IReadOnlyList<GroupResult> Groups);

    /// <param name="Commitment">SHA-256 of the secret in lower-case hex, public since the activity is.</param>
    /// <param name="Source">Whose published number decides.</param>
    /// <param name="Issue">期号.</param>
    /// <param name="KnownAt">When that number becomes known.</param>
    /// <param name="List">Null until sign-up has closed.</param>
    /// <param name="Result">Null until the draw.</param>
    public sealed record Response(
        string ActivityId, string Commitment, string Source, string Issue, DateTimeOffset KnownAt, FrozenList? List, Result? Result);

    /// <summary>抽签公示 (a draw). A number's score is SHA-256(secret ‖ value in UTF-8 ‖ activity id in ASCII ‖ number as 4 bytes, most significant first).</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Response>> Handle(string id, Database database, DrawSecrets secrets, CancellationToken cancellation)
    {
        await using var db = database.Open();
        if (await db.Draws.FirstOrDefaultAsync(d => d.ActivityId == id, cancellation) is not { Commitment: { } commitment } draw)
        {
            throw new Refusal(CommonProblems.NotFound);
        }

        var result = await ResultAsync(db, draw, secrets, cancellation);
        return TypedResults.Ok(new Response(
            id, commitment, draw.Source, draw.Issue, Instants.At(draw.KnownAt), await ListAsync(db, id, cancellation), result));
    }

    private static async Task<FrozenList?> ListAsync(Db db, string id, CancellationToken cancellation)
    {
        if (await db.DrawLists.FirstOrDefaultAsync(l => l.ActivityId == id, cancellation) is not { } row)
        {
            return null;
        }

        var names = await db.ActivityGroups.Where(g => g.ActivityId == id).ToDictionaryAsync(g => g.Id, g => g.Name, cancellation);
        return new FrozenList(
            row.Hash,
            Instants.At(row.FrozenAt),
            [.. DrawList.Parse(row.Content).Groups.Select(g => new Group(
                g.GroupId, names[g.GroupId], g.Capacity, [.. g.Entries.Select(e => new Entry(e.Number, e.Party))]))]);
    }

    private static async Task<Result?> ResultAsync(Db db, DrawRow draw, DrawSecrets secrets, CancellationToken cancellation)
    {
        var values = db.DrawValues;
        var done = await (
            from allocation in db.Allocations
            join value in values on allocation.DrawValueId equals value.Id
            where allocation.ActivityId == draw.ActivityId
            select new { allocation, value.Value }).FirstOrDefaultAsync(cancellation);
        if (done is null)
        {
            return null;
        }

        var outcome = JsonSerializer.Deserialize<DrawOutcome>(done.allocation.Outcome!, ContractJson.Stored)!;
        return new Result(
            done.Value,
            Convert.ToHexStringLower(secrets.Open(draw)),
            Instants.At(done.allocation.At),
            outcome.Withdrawn,
            [.. outcome.Groups.Select(g => new GroupResult(g.GroupId, g.Places, g.Winners, g.Line))]);
    }
}
