using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Refusals around staff accounts, their grants and their one-time links.</summary>
internal static class StaffProblems
{
    public static readonly Problem TotpNeeded = new(401, "totp_needed", "请输入动态口令(验证器中的 6 位数字),手机不在身边时可用恢复码。");
    public static readonly Problem WrongTotpCode = new(401, "wrong_totp_code", "动态口令或恢复码不正确,或已经用过,请等验证器显示新的数字后再试。");
    public static readonly Problem TotpNotSetUp = new(409, "totp_not_set_up", "此角色必须使用动态口令,而该账号还没有设置。请由安全管理员停用该账号后,以新角色重新邀请。");
    public static readonly Problem LinkUnusable = new(409, "link_unusable", "链接无效、已用过或已过期(24 小时内有效,只能用一次),请联系安全管理员重新发送。");
    public static readonly Problem AccountNameTaken = new(409, "account_name_taken", "此账号名已被使用,请换一个。");
    public static readonly Problem ProofRefused = new(409, "proof_refused", "原密码、动态口令或恢复码不正确,请核对后重试。");
    public static readonly Problem OwnAccount = new(409, "own_account", "不能更改本人的账号和授权,请由另一位安全管理员办理。");
    public static readonly Problem DutiesExclude = new(409, "duties_exclude", "安全管理员、系统管理员、审计员三者互斥,也不能兼任业务角色。请先收回原有授权,或另请一人担任。");
    public static readonly Problem AccountDisabled = new(409, "account_disabled", "该账号已停用,须重新邀请后才能使用。");
    public static readonly Problem AccountNotDisabled = new(409, "account_not_disabled", "该账号没有停用,无需重新启用。");
    public static readonly Problem GrantsBeyondReach = new(409, "grants_beyond_reach", "该账号在您的管理范围之外还有授权,请由上级工会的安全管理员办理。");

    public static readonly IReadOnlyList<Problem> All =
    [
        TotpNeeded, WrongTotpCode, TotpNotSetUp, LinkUnusable, AccountNameTaken, ProofRefused, OwnAccount, DutiesExclude,
        AccountDisabled, AccountNotDisabled, GrantsBeyondReach,
    ];
}
