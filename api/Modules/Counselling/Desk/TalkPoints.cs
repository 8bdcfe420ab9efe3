using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>
/// Points for cancelling late and not coming, in the one ledger of all modules. It names her, so it says neither which
/// service nor which appointment, and of the time only the day.
/// </summary>
internal static class TalkPoints
{
    private const string Kind = "service";

    public static readonly ConductSource Source = new(Kind, DescribeAsync, (_, _, _, _, _) => Task.CompletedTask);

    public static Task AddAsync(
        Db db, ConductRules rules, CaseKeys keys, string personId, ConductKind kind, string appointmentId, long now, CancellationToken cancellation) =>
        ConductPoints.AddAsync(db, rules, personId, kind, Kind, keys.Masked(appointmentId, "points"), Instants.StartOf(Instants.DateOf(now)), cancellation);

    /// <summary>The record cannot be found from here, on purpose: the county decides about appeals.</summary>
    private static async Task<SourceSeen?> DescribeAsync(Db db, string sourceId, CancellationToken cancellation)
    {
        var county = await db.Unions.Where(u => u.ParentId == null).OrderBy(u => u.Id).Select(u => u.Id).FirstOrDefaultAsync(cancellation);
        return county is null ? null : new SourceSeen(county, "预约的服务", []);
    }
}
