using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions.Records;

/// <summary>An officer of a union above keeps the record up to date.</summary>
internal static class ChangeUnion
{
    /// <param name="Version">The record's version that the officer read.</param>
    /// <param name="Details">All of them: a field that is missing is cleared.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed] UnionDetails? Details);

    /// <param name="Version">The record's version now.</param>
    public sealed record Response(int Version);

    /// <summary>变更工会信息 (change a union record).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var version = await database.TransactAsync(
            async db =>
            {
                var union = await UnionDeeds.FindAsync(db, id, reach, cancellation);
                var details = request.Details! with { IsHolding = request.Details.IsHolding ?? false };
                var fields = FieldsThatDiffer(UnionDetails.Of(union), details);
                if (fields.Length == 0)
                {
                    return union.Version;
                }

                union = await UnionDeeds.FindBelowAsync(db, id, request.Version!.Value, reach, rootMay: true, cancellation);
                await details.CheckAsync(db, clock.Today(), cancellation);
                await UnionDeeds.WriteAsync(db, union, details.Into(union), cancellation);
                var change = new UnionChangeRow
                {
                    Id = Ids.New(),
                    UnionId = id,
                    Kind = UnionChangeKind.Change,
                    Fields = fields,
                    PersonId = caller.PersonId,
                    At = clock.Milliseconds(),
                };
                await UnionDeeds.RecordAsync(db, change, "change_union", caller);
                return union.Version + 1;
            },
            cancellation);
        return TypedResults.Ok(new Response(version));
    }

    private static string FieldsThatDiffer(UnionDetails before, UnionDetails after)
    {
        var (old, now) = (Values(before), Values(after));
        return string.Join(',', now.Keys.Where(f => now[f].ToString() != old[f].ToString()));
    }

    private static Dictionary<string, JsonElement> Values(UnionDetails details) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(JsonSerializer.Serialize(details, ContractJson.Stored), ContractJson.Stored)!;
}
