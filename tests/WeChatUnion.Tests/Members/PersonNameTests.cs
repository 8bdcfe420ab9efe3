using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Tests.Members;

public sealed class PersonNameTests
{
    [Theory]
    [InlineData("张伟", "张伟")]
    [InlineData("  张伟 ", "张伟")]
    [InlineData("𠮷山", "𠮷山")]
    [InlineData("阿依夏·买买提", "阿依夏·买买提")]
    [InlineData("阿依夏•买买提", "阿依夏·买买提")]
    [InlineData("阿依夏‧买买提", "阿依夏·买买提")]
    [InlineData("阿依夏・买买提", "阿依夏·买买提")]
    [InlineData("阿依夏．买买提", "阿依夏·买买提")]
    [InlineData("阿依夏･买买提", "阿依夏·买买提")]
    public void A_name_is_stored_with_the_one_dot(string typed, string stored) =>
        Assert.Equal(stored, PersonName.Parse(typed, mayHaveBlanks: false));

    [Theory]
    [InlineData("张")]
    [InlineData("𠮷")]
    [InlineData("张 伟")]
    [InlineData("张伟1")]
    [InlineData("张伟１")]
    [InlineData("张伟①")]
    [InlineData("·买买提")]
    [InlineData("阿依夏·")]
    [InlineData("阿依夏··买买提")]
    [InlineData("张伟!")]
    [InlineData("张伟😀")]
    [InlineData("")]
    [InlineData(null)]
    public void What_cannot_stand_on_an_identity_card_is_refused(string? typed) =>
        Assert.Null(PersonName.Parse(typed, mayHaveBlanks: false));

    [Fact]
    public void Thirty_letters_are_the_most()
    {
        Assert.NotNull(PersonName.Parse(new string('阿', 30), mayHaveBlanks: false));
        Assert.Null(PersonName.Parse(new string('阿', 31), mayHaveBlanks: false));
    }

    [Theory]
    [InlineData("MARIA O'NEILL-SMITH")]
    [InlineData("José Núñez")]
    public void A_passport_may_have_blanks(string name)
    {
        Assert.Equal(name, PersonName.Parse(name, mayHaveBlanks: true));
        Assert.Null(PersonName.Parse(name, mayHaveBlanks: false));
    }
}
