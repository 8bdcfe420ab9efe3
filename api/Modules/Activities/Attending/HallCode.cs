using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Activities.Attending;

/// <summary>
/// 现场签到码: shown in the hall, new every minute, bound to a session and so to its activity. A photo of it is good for
/// two minutes at the most, and only for those who have a place.
/// </summary>
internal sealed class HallCode(LookupIndex index)
{
    private readonly MinuteCode codes = new(index, "hall-code");

    public string Make(string sessionId, long now) => codes.Make(sessionId, now);

    /// <summary>The session of a code that is taken now.</summary>
    /// <exception cref="Refusal">Forged, mutilated or too old.</exception>
    public string SessionOf(string code, long now)
    {
        var (id, minute) = codes.Open(code) ?? throw new Refusal(AttendingProblems.HallCodeInvalid);
        return MinuteCode.IsTaken(minute, now) ? id : throw new Refusal(AttendingProblems.HallCodeExpired);
    }
}
