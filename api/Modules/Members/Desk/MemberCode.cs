using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Members.Desk;

/// <summary>会员码: which membership stands at the desk, new every minute.</summary>
internal sealed class MemberCode(LookupIndex index)
{
    private readonly MinuteCode codes = new(index, "member-code");

    public string Make(string membershipId, long now) => codes.Make(membershipId, now);

    /// <summary>The membership of a code that is taken at the instant.</summary>
    /// <exception cref="Refusal">Forged, mutilated or too old.</exception>
    public string MembershipOf(string code, long now) => MembershipOf(code, minute => MinuteCode.IsTaken(minute, now));

    /// <summary>The membership of a code that a desk without a network saw.</summary>
    /// <param name="at">When it saw it, by its own clock.</param>
    /// <exception cref="Refusal">Forged, mutilated or of another time.</exception>
    public string MembershipSeenOffline(string code, long at) => MembershipOf(code, minute => MinuteCode.IsTakenOffline(minute, at));

    private string MembershipOf(string code, Func<long, bool> isTaken)
    {
        var (id, minute) = codes.Open(code) ?? throw new Refusal(MembersProblems.MemberCodeInvalid);
        return isTaken(minute) ? id : throw new Refusal(MembersProblems.MemberCodeExpired);
    }
}
