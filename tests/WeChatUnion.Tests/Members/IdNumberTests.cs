using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Tests.Members;

/// <summary>Vectors of domain/codes.md; made-up numbers with valid check digits.</summary>
public sealed class IdNumberTests
{
    private static readonly DateOnly Today = new(2026, 11, 24);

    [Theory]
    [InlineData("410721199003070010", "1990-03-07", "1")]
    [InlineData("410721198811212027", "1988-11-21", "2")]
    [InlineData("410721200002290041", "2000-02-29", "2")]
    [InlineData("11010519491231002X", "1949-12-31", "2")]
    [InlineData("４１０７２１１９９００３０７００１０", "1990-03-07", "1")]
    [InlineData("11010519491231002x", "1949-12-31", "2")]
    public void A_valid_number_gives_birth_and_sex(string number, string birth, string sex)
    {
        var id = IdNumber.Parse(number, Today);

        Assert.Equal(birth, id?.Birth.ToString("yyyy-MM-dd", null));
        Assert.Equal(sex, id?.Sex);
    }

    [Theory]
    [InlineData("410721199003070011")]
    [InlineData("410721199902290017")]
    [InlineData("41072119900307001")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("41072119900307001A")]
    public void A_wrong_number_is_refused(string? number) => Assert.Null(IdNumber.Parse(number, Today));

    [Fact]
    public void A_birth_in_the_future_is_refused() =>
        Assert.Null(IdNumber.Parse("410721199003070010", new DateOnly(1990, 3, 6)));
}
