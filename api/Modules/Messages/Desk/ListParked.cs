using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Messages.Delivering;

namespace WeChatUnion.Api.Modules.Messages.Desk;

/// <summary>The system administrator sees what was parked and why, without whom it is for, and sends it again when the cause is gone.</summary>
internal static class ListParked
{
    /// <param name="Cause">In words, by WeChat's errcode.</param>
    public sealed record Item(string Id, string Kind, string? Template, DeliveryChannel Channel, int? ErrorCode, string Cause, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

    /// <summary>搁置的投递 (parked deliveries), oldest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(int? take, string? after, Database database, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var rows = await db.Deliveries.Where(d => d.State == DeliveryState.Parked && (mark == null || d.Id.CompareTo(mark) > 0))
            .OrderBy(d => d.Id).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            d => new Item(d.Id, d.Kind, d.Template, d.Channel, d.ErrorCode, CauseOf(d.ErrorCode), d.Attempts, Instants.At(d.CreatedAt), Instants.At(d.ExpiresAt)),
            d => d.Id));
    }

    /// <summary>重发 (send again).</summary>
    internal static async Task<NoContent> HandleRetry(
        string id, IdempotencyKey key, Caller caller, Idempotency idempotency, DeliverySignal signal, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            id,
            async (db, _, now) =>
            {
                var row = await db.Deliveries.FirstOrDefaultAsync(d => d.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
                if (row.State == DeliveryState.Parked && row.ExpiresAt <= now)
                {
                    throw new Refusal(MessagesProblems.DeliveryTooLate);
                }

                if (await db.Deliveries.Where(d => d.Id == id && d.State == DeliveryState.Parked)
                    .Set(d => d.State, DeliveryState.Waiting).Set(d => d.DueAt, now).UpdateAsync(cancellation) == 0)
                {
                    throw new Refusal(MessagesProblems.NotParked) { Present = new { row.State } };
                }

                await Audit.WriteAsync(db, caller, "retry_delivery", "delivery", id, now);
                signal.Raise();
            },
            cancellation);
        return TypedResults.NoContent();
    }

    internal static string CauseOf(int? errorCode) => errorCode switch
    {
        47003 => "模板字段与小程序后台不一致,请核对模板的字段后再重发。",
        40037 => "模板 ID 不存在,请核对 Messages:Templates 的设置。",
        41030 => "小程序没有发布消息指向的页面,请发布后再重发。",
        45168 => "内容含有微信不允许的词语。",
        535 => "邮件服务器不接受账号或密码,请核对 Email 的设置。",
        >= 400 and < 500 => $"短信网关以 HTTP {errorCode} 拒绝,请核对 Messages:GatewayAddress 和 GatewayKey 后再重发。",
        null => "程序未能发出,请查看日志。",
        _ => $"微信返回错误码 {errorCode},请对照微信文档处理后再重发。",
    };
}
