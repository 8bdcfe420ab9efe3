using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Crisis;

/// <summary>What is overdue is reported upwards, once for each time limit: to the gateway, to the supervisors and to the chair (3.6: 分管副主席).</summary>
internal sealed class EscalateCrises(Database database, Tickets tickets, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    public async Task RunAsync(CancellationToken cancellation) => await Due.ForEachAsync(
        await DueAsync(cancellation),
        id => database.TransactAsync(db => EscalateAsync(db, id, cancellation), cancellation));

    private async Task<List<string>> DueAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        await using var db = database.Open();
        return await db.CrisisTickets.Where(t => t.State != CrisisState.Closed && t.DueAt <= now && t.EscalatedAt == null)
            .OrderBy(t => t.DueAt).Select(t => t.Id).ToListAsync(cancellation);
    }

    private async Task EscalateAsync(Db db, string id, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var taken = await db.CrisisTickets.Where(t => t.Id == id && t.State != CrisisState.Closed && t.DueAt <= now && t.EscalatedAt == null)
            .Set(t => t.EscalatedAt, now).Set(t => t.Version, t => t.Version + 1).UpdateAsync(cancellation);
        if (taken == 0)
        {
            return;
        }

        await tickets.AddStepAsync(db, id, CrisisStepKind.Escalation, null, null, now, cancellation);
        await tickets.AlarmAsync(db, id, CrisisAlarmKind.Overdue, now, cancellation);
        var people = await Shifts.OfCounty(db, Role.CounsellingSupervisor, Role.UnionChair).Distinct().ToListAsync(cancellation);
        if (people.Count > 0)
        {
            await messenger.AddAsync(
                db, [.. people.Select(p => new Notice(p, "crisis_overdue", "紧急事项超时未办", "有一件紧急事项超过时限没有办理,请立即登录工作端查看或督促值班人员。", id))], now);
        }
    }
}
