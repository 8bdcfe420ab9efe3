using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Members.Standing;

namespace WeChatUnion.Tests.Members.Standing;

/// <summary>The table of domain/members.md 1.3.</summary>
public sealed class MembershipRulesTests
{
    [Theory]
    [InlineData(MembershipState.Active, true, true, true, true)]
    [InlineData(MembershipState.Transferring, true, true, true, true)]
    [InlineData(MembershipState.Retained, false, false, false, true)]
    [InlineData(MembershipState.Withdrawn, false, false, false, false)]
    [InlineData(MembershipState.AutoLeft, false, false, false, false)]
    [InlineData(MembershipState.Expelled, false, false, false, false)]
    [InlineData(MembershipState.Deceased, false, false, false, false)]
    public void A_state_says_who_counts_pays_and_votes(MembershipState state, bool isCounted, bool paysDues, bool votes, bool isLive)
    {
        Assert.Equal(isCounted, state.IsCounted());
        Assert.Equal(paysDues, state.PaysDues());
        Assert.Equal(votes, state.Votes());
        Assert.Equal(isLive, state.IsLive());
    }

    [Fact]
    public void Every_state_has_its_line() => Assert.Equal(7, Enum.GetValues<MembershipState>().Length);
}
