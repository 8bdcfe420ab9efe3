using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.RateLimits;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity.MyData;

/// <summary>
/// Everything about me in one document (PIPL art. 45), read as the column registry says; sealed values are opened for
/// their owner. Hashes and keys are left out: they say nothing to her and would help whoever stole the document.
/// </summary>
internal static class ExportMyData
{
    private const string Deed = "export_my_data";

    /// <param name="Name">The table, as in the column registry.</param>
    /// <param name="Purpose">What the union has it for.</param>
    /// <param name="Basis">Law and article.</param>
    /// <param name="KeptDays">How long; null: as long as the record it belongs to.</param>
    /// <param name="Rows">Column → text; instants ISO 8601, yes and no as 1 and 0.</param>
    public sealed record Table(
        string Name, string Purpose, string Basis, int? KeptDays, IReadOnlyList<IReadOnlyDictionary<string, string?>> Rows);

    /// <param name="Tables">Only those that hold something about me.</param>
    public sealed record Response(DateTimeOffset MadeAt, string PersonId, IReadOnlyList<Table> Tables);

    /// <summary>导出我的信息 (export my data).</summary>
    /// <response code="429">too_many_requests: so many an hour; wait as Retry-After says.</response>
    internal static async Task<Ok<Response>> Handle(
        Caller caller, GuardedLooks looks, MyDataSettings settings, PersonalData data, CancellationToken cancellation) =>
        TypedResults.Ok(await looks.LookAsync(
            caller,
            Deed,
            settings.ExportsPerHour,
            async (db, now) =>
            {
                await Audit.WriteAsync(db, caller, Deed, "person", caller.PersonId, now);
                var tables = await data.ReadAsync(db, caller.PersonId, cancellation);
                return new Response(
                    Instants.At(now), caller.PersonId, [.. tables.Select(t => new Table(t.Table, t.Purpose, t.Basis, t.KeptDays, t.Rows))]);
            },
            cancellation));
}
