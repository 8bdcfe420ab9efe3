using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.WeChat;

namespace WeChatUnion.Api.Modules.Identity;

internal static class IdentityProblems
{
    public static readonly Problem WeChatCodeUnusable = new(401, "wechat_code_unusable", "微信登录凭证已失效,请重新打开小程序再试。");
    public static readonly Problem WeChatAccountBlocked = new(403, "wechat_account_blocked", "微信暂时限制了此账号登录,请按微信的提示处理后再来,或联系工会。");
    public static readonly Problem WeChatBusy = new(503, "wechat_busy", "微信服务繁忙,请稍等片刻再试。") { RetryAfterSeconds = 10 };
    public static readonly Problem WeChatUnavailable = new(503, "wechat_unavailable", "暂时连不上微信服务,请稍后再试。") { RetryAfterSeconds = 10 };
    public static readonly Problem PhoneCodeUnusable = new(409, "phone_code_unusable", "手机号授权已失效,请重新点击“获取手机号”。");
    public static readonly Problem PhoneNotMainland = new(409, "phone_not_mainland", "目前只支持中国内地手机号,请在微信中选择内地号码。");
    public static readonly Problem PhoneTaken = new(409, "phone_taken", "此手机号已登记在另一个账号下,请换一个号码,或带身份证到工会窗口办理更换。");
    public static readonly Problem WrongNameOrPassword = new(401, "wrong_name_or_password", "账号或密码不正确,请核对后重新输入。");
    public static readonly Problem TooManyAttempts = new(429, "too_many_attempts", "尝试次数过多,请稍后再试。忘记密码请联系安全管理员。");
    public static readonly Problem ConsentTextChanged = new(409, "consent_text_changed", "告知同意书已更新,请阅读新版本后再同意。");

    public static readonly IReadOnlyList<Problem> All =
    [
        WeChatCodeUnusable, WeChatAccountBlocked, WeChatBusy, WeChatUnavailable, PhoneCodeUnusable, PhoneNotMainland,
        PhoneTaken, WrongNameOrPassword, TooManyAttempts, ConsentTextChanged,
    ];

    /// <summary>What a failure of WeChat means to the person; <paramref name="codeUnusable"/> tells which code it was.</summary>
    public static Problem Of(WeChatFailure failure, Problem codeUnusable) => failure switch
    {
        WeChatFailure.CodeUnusable => codeUnusable,
        WeChatFailure.AccountBlocked => WeChatAccountBlocked,
        WeChatFailure.Busy => WeChatBusy,
        WeChatFailure.NotMainlandNumber => PhoneNotMainland,
        _ => WeChatUnavailable,
    };
}
