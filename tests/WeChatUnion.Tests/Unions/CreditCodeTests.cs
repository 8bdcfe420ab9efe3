using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Tests.Unions;

/// <summary>Vectors of domain/codes.md: GB 32100 with its reference code, the others made up.</summary>
public sealed class CreditCodeTests
{
    private const string Letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    [Theory]
    [InlineData("91350100M000100Y43")]
    [InlineData("91410721MA0001237J")]
    [InlineData("91410721MA3X0007XM")]
    [InlineData("12410721MB00004570")]
    [InlineData("114107210055678900")]
    [InlineData("81410721MC0000012K")]
    [InlineData("81410721MC0000127R")]
    public void A_valid_code_is_accepted(string code) => Assert.True(CreditCode.IsValid(code));

    [Theory]
    [InlineData("91410721MA0001237K")]
    [InlineData("91410721MA000I237J")]
    [InlineData("91410721MA0001237j")]
    [InlineData("91410721MA0001237")]
    [InlineData("91410721MA0001237JJ")]
    [InlineData("９1410721MA0001237J")]
    [InlineData("")]
    [InlineData(null)]
    public void A_wrong_code_is_refused(string? code) => Assert.False(CreditCode.IsValid(code));

    [Theory]
    [InlineData("91350100M000100Y43")]
    [InlineData("81410721MC0000012K")]
    public void Every_single_wrong_letter_is_noticed(string code)
    {
        for (var place = 0; place < code.Length; place++)
        {
            foreach (var letter in Letters.Where(l => l != code[place]))
            {
                Assert.False(CreditCode.IsValid(code[..place] + letter + code[(place + 1)..]));
            }
        }
    }

    [Theory]
    [InlineData("81410721MC0000012K", true)]
    [InlineData("91410721MA0001237J", false)]
    [InlineData("81410721MC0000012L", false)]
    public void Only_codes_that_begin_with_81_or_89_are_of_unions(string code, bool isOfUnion) =>
        Assert.Equal(isOfUnion, CreditCode.IsOfUnion(code));
}
