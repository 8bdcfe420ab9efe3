using LinqToDB;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Telemetry;
using WeChatUnion.Api.Modules.Messages.Emails;

namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>
/// A parked delivery is our own fault (a template changed in the console, a page not published): it stands in the log and in
/// the metrics, and once an hour a mail goes to the system administrators who gave an address.
/// </summary>
internal sealed class ParkedAlarm(Database database, IMessenger messenger, ICounters counters, TimeProvider clock, ILogger<ParkedAlarm> logger)
{
    private static readonly TimeSpan BetweenMails = TimeSpan.FromHours(1);

    public async Task RaiseAsync(IReadOnlyList<Outcome> parked, CancellationToken cancellation)
    {
        foreach (var some in parked.GroupBy(p => (p.Delivery.Kind, p.Delivery.Template, p.Answer.ErrorCode)))
        {
            Signals.MessagesParked(some.Key.Kind, some.Count());
            logger.LogError(
                "{Count} deliveries of {Kind} by template {Template} are parked, errcode {ErrorCode}: see /api/v1/office/parked-deliveries",
                some.Count(), some.Key.Kind, some.Key.Template, some.Key.ErrorCode);
        }

        // A mail that cannot be sent calls for no other mail.
        if (parked.Any(p => p.Delivery.Channel != EmailChannel.Word) && await counters.CountAsync("messages-parked", BetweenMails) == 1)
        {
            await TellAsync(cancellation);
        }
    }

    private Task TellAsync(CancellationToken cancellation) => database.TransactAsync(
        async db =>
        {
            var now = clock.Milliseconds();
            var people = await db.QueryToListAsync<string>(
                "SELECT DISTINCT e.person_id FROM staff_emails e JOIN grants g ON g.person_id = e.person_id WHERE g.role = 'system_administrator'", cancellation);
            await messenger.AddAsync(
                db,
                [
                    .. people.Select(p => new Notice(
                        p, NoticeKinds.DeliveryParked, "消息发送受阻", "有消息被微信或短信网关拒绝并已搁置,请登录工作端“消息投递”查看原因,处理后重发。一小时内不再重复提醒。", Ids.New())),
                ],
                now);
        },
        cancellation);
}
