using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles;

/// <summary>Section <c>Singles</c>: the rules of singles' evenings (domain/singles.md 2.2, 2.5) and the key of their ballots.</summary>
internal sealed record SinglesRules
{
    private const int MostContactDays = 30;
    private const int LegalAgeOfMen = 22;
    private const int LegalAgeOfWomen = 20;

    /// <summary>
    /// 32 random bytes in base64. Together with a round's closing key it opens the ballots of that round, so it lies outside
    /// the database. Empty: no round can be opened.
    /// </summary>
    public string BallotKey { get; init; } = "";

    /// <summary>Days that contacts are shown after both agreed; the consent text promises that it is no longer.</summary>
    public int ContactDays { get; init; } = MostContactDays;

    /// <summary>周岁 on the day of the evening; 民法典 art. 1047 says 22 for men and 20 for women, and less is refused.</summary>
    public int LeastAgeOfMen { get; init; } = LegalAgeOfMen;

    public int LeastAgeOfWomen { get; init; } = LegalAgeOfWomen;

    public int MostAge { get; init; } = 45;

    /// <summary>People of one union at one evening.</summary>
    public int MostOfOneUnion { get; init; } = 10;

    /// <summary>By how much of all places those of men and women may differ.</summary>
    public int TolerancePercent { get; init; } = 10;

    /// <summary>How long the line of a group may be, of its places.</summary>
    public int WaitingPercent { get; init; } = 20;

    /// <summary>Evenings that one person may sign up for in a quarter.</summary>
    public int EveningsAQuarter { get; init; } = 2;

    public int LeastAgeOf(string? sex) => sex == Plate.Woman ? LeastAgeOfWomen : LeastAgeOfMen;

    public byte[]? BallotKeyBytes => BallotKey.Length == 0 ? null : Convert.FromBase64String(BallotKey);

    public IEnumerable<string> Faults()
    {
        if (BallotKey.Length > 0 && !PrivacySettings.IsKey(BallotKey))
        {
            yield return "Singles:BallotKey 不是 32 字节的 base64 密钥,或是示例密钥:请重新生成(openssl rand -base64 32),不办单身联谊的留空。";
        }

        if (LeastAgeOfMen < LegalAgeOfMen || LeastAgeOfWomen < LegalAgeOfWomen || MostAge < LeastAgeOfMen || MostAge < LeastAgeOfWomen)
        {
            yield return "Singles:LeastAgeOfMen 不得小于 22,Singles:LeastAgeOfWomen 不得小于 20(民法典第一千零四十七条),且均不大于 Singles:MostAge。";
        }

        if (MostOfOneUnion < 1 || EveningsAQuarter < 1 || TolerancePercent is < 0 or > 100 || WaitingPercent is < 0 or > 100)
        {
            yield return "Singles 的 MostOfOneUnion、EveningsAQuarter 必须是正整数,TolerancePercent、WaitingPercent 在 0 到 100 之间。";
        }

        if (ContactDays is < 1 or > MostContactDays)
        {
            yield return "Singles:ContactDays 必须在 1 到 30 之间:告知同意书写明电话最多显示 30 天。";
        }
    }
}
