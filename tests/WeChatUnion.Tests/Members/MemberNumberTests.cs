using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Tests.Members;

public sealed class MemberNumberTests
{
    /// <summary>The check digits were worked out apart from the program.</summary>
    [Theory]
    [InlineData(1, "410721202600000013")]
    [InlineData(2, "410721202600000021")]
    [InlineData(9_999_999, "410721202699999992")]
    public void A_number_is_division_year_sequence_and_check_digit(int sequence, string number)
    {
        Assert.Equal(number, MemberNumber.Of("410721", 2026, sequence));
        Assert.True(MemberNumber.IsValid(number));
    }

    [Fact]
    public void Every_single_wrong_digit_and_nearly_every_swap_is_noticed()
    {
        foreach (var sequence in new[] { 1, 37, 4_815, 162_342 })
        {
            var number = MemberNumber.Of("410721", 2026, sequence);
            for (var place = 0; place < number.Length; place++)
            {
                foreach (var digit in "0123456789".Where(d => d != number[place]))
                {
                    Assert.False(MemberNumber.IsValid(number[..place] + digit + number[(place + 1)..]));
                }
            }

            // Luhn cannot see 09 turned into 90.
            for (var place = 0; place < number.Length - 1; place++)
            {
                var (left, right) = (number[place], number[place + 1]);
                if (left != right && (left, right) is not (('0', '9') or ('9', '0')))
                {
                    Assert.False(MemberNumber.IsValid(number[..place] + right + left + number[(place + 2)..]));
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("41072120260000001")]
    [InlineData("4107212026000000133")]
    [InlineData("41072120260000001X")]
    [InlineData("４10721202600000013")]
    public void A_wrong_form_is_refused(string? number) => Assert.False(MemberNumber.IsValid(number));
}
