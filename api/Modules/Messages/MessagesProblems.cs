using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Messages;

internal static class MessagesProblems
{
    public static readonly Problem PushNotGenuine = new(400, "push_not_genuine", "签名不正确或内容不能解密,请核对小程序后台“消息推送”的 Token、EncodingAESKey 和加密方式。");
    public static readonly Problem NobodyToTell = new(409, "nobody_to_tell", "没有可以通知的人员,请核对活动或工会。");
    public static readonly Problem OwnBroadcast = new(409, "own_broadcast", "不能批准自己发起的群发通知,请由另一位工作人员办理。");
    public static readonly Problem BroadcastDecided = new(409, "broadcast_decided_already", "此群发通知已批准、已停止或已发完,请刷新查看。");
    public static readonly Problem NotParked = new(409, "delivery_not_parked", "此条投递已经重发或已经结束,请刷新查看。");
    public static readonly Problem DeliveryTooLate = new(409, "delivery_too_late", "此条通知的时限已过,不再重发;本人仍可在站内消息中看到。");
    public static readonly Problem EmailOff = new(409, "email_not_set_up", "系统还没有设置邮件服务器,暂时不能用邮件接收通知,请联系系统管理员。");

    public static readonly IReadOnlyList<Problem> All = [PushNotGenuine, NobodyToTell, OwnBroadcast, BroadcastDecided, NotParked, DeliveryTooLate, EmailOff];
}
