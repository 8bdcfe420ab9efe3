namespace WeChatUnion.Api.Infrastructure.Errors;

/// <summary>Refusals that any route may give.</summary>
internal static class CommonProblems
{
    public static readonly Problem Malformed = new(400, "malformed", "提交的内容格式不正确,请检查标出的项目后重新提交。");
    public static readonly Problem KeyMissing = new(400, "idempotency_key_missing", "请求缺少 Idempotency-Key(16 到 64 位字母、数字、- 或 _),请更新小程序后重试。");
    public static readonly Problem SignInNeeded = new(401, "sign_in_needed", "登录已失效,请重新登录。");
    public static readonly Problem NotAllowed = new(403, "not_allowed", "您的身份不能使用此功能,如有需要请联系工会管理员。");
    public static readonly Problem NotFound = new(404, "not_found", "没有找到这条记录,它可能不存在或不在您的管理范围内。");
    public static readonly Problem MethodNotAllowed = new(405, "method_not_allowed", "此地址不支持这种操作,请更新小程序后重试。");
    public static readonly Problem ChangedMeanwhile = new(409, "changed_meanwhile", "内容刚刚被修改过,请刷新查看最新内容后再操作。");
    public static readonly Problem TooLarge = new(413, "too_large", "提交的内容过大,请精简后重新提交。");
    public static readonly Problem UnsupportedMediaType = new(415, "unsupported_media_type", "请以 application/json 提交内容。");
    public static readonly Problem KeyReused = new(422, "idempotency_key_reused", "同一个 Idempotency-Key 已用于另一份内容,请刷新页面后重新提交。");
    public static readonly Problem TooMany = new(429, "too_many_requests", "操作过于频繁,请稍等片刻再试。");
    public static readonly Problem Faulty = new(500, "server_fault", "系统出现故障,我们已记录。请稍后再试,或凭追踪号联系工会。");
    public static readonly Problem Unavailable = new(503, "temporarily_unavailable", "系统暂时繁忙,您的操作可以稍后原样重试,不会重复。") { RetryAfterSeconds = 3 };

    public static readonly IReadOnlyList<Problem> All =
    [
        Malformed, KeyMissing, SignInNeeded, NotAllowed, NotFound, MethodNotAllowed, ChangedMeanwhile, TooLarge,
        UnsupportedMediaType, KeyReused, TooMany, Faulty, Unavailable,
    ];

    /// <summary>The problem for a bare status code that the framework set.</summary>
    public static Problem OfStatus(int status) =>
        All.FirstOrDefault(p => p.Status == status) ?? (status >= 500 ? Faulty : Malformed);
}
