using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>
/// Points for cancelling late and not coming. A row that names her and a day would lead to the one talk of that day that
/// ended so; they stand in her locked record, count like all others, and say neither which service nor which appointment.
/// </summary>
internal sealed class TalkPoints(ClientRecords clients, CaseKeys keys, ConductRules rules)
{
    private const string Kind = "service";

    /// <summary>As long as the ledger keeps what is forgotten (column registry: forgotten_points).</summary>
    private static readonly long KeptAfter = (long)TimeSpan.FromDays(365).TotalMilliseconds;

    /// <param name="client">Her row, taken.</param>
    public Task AddAsync(Db db, (ClientRow Row, ClientRecord Record) client, ConductKind kind, string appointmentId, long now, CancellationToken cancellation)
    {
        var (day, source) = (Instants.StartOf(Instants.DateOf(now)), keys.Masked(appointmentId, "points"));
        var point = new ClientPoint(Ids.Random(), kind, rules.WeightOf(kind), source, day, day + rules.Life);
        var kept = client.Record.Points.Where(p => p.ExpiresAt > now - KeptAfter && (p.SourceId, p.Kind) != (source, kind));
        return clients.SaveAsync(db, client.Row.Id, client.Record with { Points = [.. kept, point] }, cancellation);
    }

    /// <summary>Also where the module was closed meanwhile: points count until they are forgotten. Without a key it never was open.</summary>
    public static ConductSource Source(IServiceProvider services)
    {
        var settings = services.GetRequiredService<CounsellingSettings>();
        return new(Kind, DescribeAsync, (_, _, _, _, _) => Task.CompletedTask)
        {
            Kept = settings.LinkKey.Length == 0 ? null : new KeptPoints(
                (db, personIds, cancellation) => services.GetRequiredService<TalkPoints>().ReadAsync(db, personIds, cancellation),
                (db, point, cancellation) => services.GetRequiredService<TalkPoints>().GiveUpAsync(db, point, cancellation)),
        };
    }

    private async Task<IReadOnlyList<ConductPointRow>> ReadAsync(Db db, IReadOnlyCollection<string> personIds, CancellationToken cancellation) =>
        [.. (await clients.OfPeopleAsync(db, personIds, cancellation)).SelectMany(c => c.Points.Select(p => RowOf(c.PersonId, p)))];

    private async Task<bool> GiveUpAsync(Db db, ConductPointRow point, CancellationToken cancellation)
    {
        if (await clients.TakeAsync(db, point.PersonId, cancellation) is not var (row, record) || record.Points.All(p => p.Id != point.Id))
        {
            return false;
        }

        await clients.SaveAsync(db, row.Id, record with { Points = [.. record.Points.Where(p => p.Id != point.Id)] }, cancellation);
        return true;
    }

    private static ConductPointRow RowOf(string personId, ClientPoint point) => new()
    {
        Id = point.Id,
        PersonId = personId,
        Kind = point.Kind,
        Weight = point.Weight,
        SourceKind = Kind,
        SourceId = point.SourceId,
        At = point.At,
        ExpiresAt = point.ExpiresAt,
    };

    /// <summary>The record cannot be found from here, on purpose: the county decides about appeals.</summary>
    private static async Task<SourceSeen?> DescribeAsync(Db db, string sourceId, CancellationToken cancellation)
    {
        var county = await db.Unions.Where(u => u.ParentId == null).OrderBy(u => u.Id).Select(u => u.Id).FirstOrDefaultAsync(cancellation);
        return county is null ? null : new SourceSeen(county, "预约的服务", []);
    }
}
