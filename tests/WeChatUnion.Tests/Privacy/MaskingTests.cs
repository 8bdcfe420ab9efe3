using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Tests.Privacy;

public sealed class MaskingTests
{
    [Theory]
    [InlineData("张伟", "张*")]
    [InlineData("张晓明", "张*明")]
    [InlineData("欧阳明", "欧阳*")]
    [InlineData("欧阳晓明", "欧阳*明")]
    [InlineData("欧阳", "欧*")]
    [InlineData("张王晓明", "张**明")]
    [InlineData("𠮷山", "𠮷*")]
    [InlineData("王𠮷山", "王*山")]
    [InlineData("欧阳𠮷", "欧阳*")]
    [InlineData("阿依夏·买买提", "阿*****提")]
    [InlineData("张", "*")]
    public void A_name_keeps_its_surname_and_its_end(string name, string masked) => Assert.Equal(masked, Masking.Name(name));

    [Theory]
    [InlineData("410721199003070010", "410721********0010")]
    [InlineData("E12345678", "E1*****78")]
    [InlineData("1234", "****")]
    public void A_document_number_keeps_its_place_and_its_tail(string number, string masked) => Assert.Equal(masked, Masking.IdNumber(number));

    [Theory]
    [InlineData("13903731000", "139****1000")]
    [InlineData("1390", "****")]
    public void A_phone_number_keeps_its_network_and_its_tail(string number, string masked) => Assert.Equal(masked, Masking.Phone(number));
}
