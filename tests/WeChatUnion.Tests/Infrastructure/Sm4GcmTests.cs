using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Tests.Infrastructure;

public sealed class Sm4GcmTests
{
    private const string Place = "persons.phone";
    private static readonly byte[] Key = Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210");
    private static readonly string FieldKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [Theory]
    [InlineData(1, "681EDF34D206965E86B3E94F536E4246")]
    [InlineData(1_000_000, "595298C7C6FD271F0402F804C33D3F66")]
    public void The_block_cipher_gives_the_examples_of_the_standard(int rounds, string expected)
    {
        var engine = new SM4Engine();
        engine.Init(true, new KeyParameter(Key));
        var block = (byte[])Key.Clone();
        for (var round = 0; round < rounds; round++)
        {
            engine.ProcessBlock(block, 0, block, 0);
        }

        Assert.Equal(expected, Convert.ToHexString(block));
    }

    /// <summary>RFC 8998, appendix A.1.</summary>
    [Fact]
    public void The_mode_gives_the_example_of_its_RFC()
    {
        var nonce = Convert.FromHexString("00001234567800000000ABCD");
        var bound = Convert.FromHexString("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
        var plain = Convert.FromHexString(
            "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDDEEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA");
        var whole = Sm4Gcm.Encrypt(Key, nonce, plain, bound);
        Assert.Equal(
            "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
            + "83DE3541E4C2B58177E065A9BF7B62EC",
            Convert.ToHexString(whole));
        Assert.Equal(plain, Sm4Gcm.Decrypt(Key, nonce, whole, bound));
    }

    [Fact]
    public void Either_cipher_opens_what_the_other_sealed()
    {
        var (aes, sm4) = (Cipher(PrivacySettings.Aes), Cipher(PrivacySettings.Sm4));
        var (byAes, bySm4) = (aes.Seal(Place, "r", "13900000001"), sm4.Seal(Place, "r", "13900000001"));
        Assert.StartsWith("k1:", byAes, StringComparison.Ordinal);
        Assert.StartsWith("k1/sm4:", bySm4, StringComparison.Ordinal);
        Assert.Equal("13900000001", sm4.Open(Place, "r", byAes));
        Assert.Equal("13900000001", aes.Open(Place, "r", bySm4));
    }

    [Fact]
    public void A_changed_or_moved_or_cut_value_does_not_open()
    {
        var sm4 = Cipher(PrivacySettings.Sm4);
        var stored = sm4.Seal(Place, "r", "13900000001");
        var other = stored[..^5] + (stored[^5] == 'A' ? 'B' : 'A') + stored[^4..];
        Assert.ThrowsAny<CryptographicException>(() => sm4.Open(Place, "r", other));
        Assert.ThrowsAny<CryptographicException>(() => sm4.Open(Place, "s", stored));
        Assert.ThrowsAny<CryptographicException>(() => sm4.Open(Place, "r", "k1:" + stored["k1/sm4:".Length..]));
        Assert.ThrowsAny<CryptographicException>(() => sm4.Open(Place, "r", "k1/sm4:AAAA"));
    }

    [Fact]
    public void Many_who_seal_and_open_at_once_each_get_their_own_text_back()
    {
        var sm4 = Cipher(PrivacySettings.Sm4);
        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, number =>
        {
            var text = $"第 {number} 条";
            Assert.Equal(text, sm4.Open(Place, "r", sm4.Seal(Place, "r", text)));
        });
    }

    private static FieldCipher Cipher(string name) => new(new PrivacySettings
    {
        Cipher = name,
        CurrentFieldKey = "k1",
        FieldKeys = new Dictionary<string, string> { ["k1"] = FieldKey },
    });
}
