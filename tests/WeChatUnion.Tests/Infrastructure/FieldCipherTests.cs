using System.Security.Cryptography;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Tests.Infrastructure;

public sealed class FieldCipherTests
{
    private const string Place = "persons.phone";

    private readonly FieldCipher cipher = new(new PrivacySettings
    {
        CurrentFieldKey = "k1",
        FieldKeys = new Dictionary<string, string> { ["k1"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) },
    });

    [Fact]
    public void Many_who_seal_and_open_at_once_each_get_their_own_text_back() =>
        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, number =>
        {
            var text = $"第 {number} 条";
            Assert.Equal(text, cipher.Open(Place, "r", cipher.Seal(Place, "r", text)));
        });

    [Fact]
    public void The_same_text_is_sealed_differently_each_time() =>
        Assert.NotEqual(cipher.Seal(Place, "r", "13900000001"), cipher.Seal(Place, "r", "13900000001"));

    [Theory]
    [InlineData("persons.name", "r")]
    [InlineData(Place, "other")]
    public void A_sealed_value_opens_at_its_own_place_only(string place, string record)
    {
        var stored = cipher.Seal(Place, "r", "13900000001");
        Assert.ThrowsAny<CryptographicException>(() => cipher.Open(place, record, stored));
    }

    [Fact]
    public void A_changed_value_or_one_of_an_unknown_key_does_not_open()
    {
        var stored = cipher.Seal(Place, "r", "13900000001");
        var other = stored[..^5] + (stored[^5] == 'A' ? 'B' : 'A') + stored[^4..];
        Assert.ThrowsAny<CryptographicException>(() => cipher.Open(Place, "r", other));
        Assert.ThrowsAny<CryptographicException>(() => cipher.Open(Place, "r", "k2" + stored[2..]));
    }
}
