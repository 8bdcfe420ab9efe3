using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Members.Desk;

/// <summary>会员码: which membership stands at the desk, new every minute.</summary>
internal sealed class MemberCode(LookupIndex index)
{
    private readonly MinuteCode codes = new(index, "member-code");

    public string Make(string membershipId, long now) => codes.Make(membershipId, now);

    /// <summary>The membership of a code that is taken at the instant.</summary>
    /// <param name="at">When the desk saw it, which for a desk without a network is before now.</param>
    /// <exception cref="Refusal">Forged, mutilated or too old.</exception>
    public string MembershipOf(string code, long at)
    {
        var (id, minute) = codes.Open(code) ?? throw new Refusal(MembersProblems.MemberCodeInvalid);
        return MinuteCode.IsTaken(minute, at) ? id : throw new Refusal(MembersProblems.MemberCodeExpired);
    }
}
