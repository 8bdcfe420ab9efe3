using WeChatUnion.Api.Modules.Unions.Committees;
using WeChatUnion.Api.Modules.Unions.Records;

namespace WeChatUnion.Tests.Unions.Committees;

public sealed class TermsTests
{
    [Theory]
    [InlineData("2023-05-10", 3, "2026-05-10")]
    [InlineData("2024-02-29", 3, "2027-02-28")]
    [InlineData("2021-12-01", 5, "2026-12-01")]
    public void A_term_ends_on_the_same_day_years_later(string electedOn, int years, string endsOn) =>
        Assert.Equal(DateOnly.Parse(endsOn, null), Terms.EndOf(DateOnly.Parse(electedOn, null), years));

    [Theory]
    [InlineData("2026-09-30", TermState.Current)]
    [InlineData("2026-10-01", TermState.Due)]
    [InlineData("2026-11-30", TermState.Due)]
    [InlineData("2026-12-01", TermState.Overdue)]
    public void Sixty_days_before_its_end_a_term_is_due_and_after_it_overdue(string today, TermState state) =>
        Assert.Equal(state, Terms.StateOf(new DateOnly(2026, 11, 30), DateOnly.Parse(today, null)));

    [Theory]
    [InlineData("金穗面粉有限公司工会委员会", "05", true)]
    [InlineData("翟坡镇总工会", "02", true)]
    [InlineData("商贸联合工会委员会", "06", true)]
    [InlineData("快递行业工会联合会", "08", true)]
    [InlineData("金穗面粉有限公司工会", "05", false)]
    [InlineData("一车间工会小组", "11", true)]
    [InlineData("一车间工会小组", "05", false)]
    public void A_union_name_has_its_ending(string name, string type, bool isRight) => Assert.Equal(isRight, UnionDetails.HasEnding(name, type));
}
