using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Tests.Identity;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("elevenchars")]
    [InlineData("password1234")]
    [InlineData("P@ssw0rd2026!")]
    [InlineData("qwertyuiop[]")]
    [InlineData("1qaz2wsx3edc")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("abcdefghijklmno")]
    [InlineData("319502847165")]
    [InlineData("gonghui123456")]
    [InlineData("新乡县总工会新乡县总工会2026")]
    [InlineData("Xinxiang@2026!!")]
    [InlineData("kfwkfwkfwkfw")]
    [InlineData("wang-li-hua-2020")]
    [InlineData("iloveyou520520")]
    [InlineData("Admin888admin")]
    public void A_password_that_is_short_or_guessed_first_is_refused(string password) =>
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", PasswordRules.Fault(password, "wang-li-hua", "王丽华")!);

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("a long pass phrase")]
    [InlineData("vK9#tqL2mZx!")]
    [InlineData("今年的麦子比去年高出一头")]
    public void A_password_with_enough_surprise_will_do(string password) =>
        Assert.Null(PasswordRules.Fault(password, "wang-li-hua", "王丽华"));

    [Fact]
    public void Characters_are_counted_as_people_count_them_up_to_128()
    {
        Assert.NotNull(PasswordRules.Fault("𠮷野家の丼が好きです"));
        Assert.Null(PasswordRules.Fault(string.Concat(Enumerable.Range(0, 128).Select(i => "麦浪翻滚秋收冬藏雨雪风霜"[((i * 7) + (i / 12)) % 12]))));
        Assert.NotNull(PasswordRules.Fault(string.Concat(Enumerable.Range(0, 129).Select(i => "麦浪翻滚秋收冬藏雨雪风霜"[((i * 7) + (i / 12)) % 12]))));
    }
}
