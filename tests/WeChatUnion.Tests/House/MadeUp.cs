using System.Globalization;

namespace WeChatUnion.Tests.House;

/// <summary>People who do not exist: names, phones and ID numbers with valid check characters, each handed out once.</summary>
public static class MadeUp
{
    private const string Surnames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏";
    private const string GivenNames = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英玉兰红梅春燕亮";

    private static int count;

    public static string Name()
    {
        var n = Interlocked.Increment(ref count);
        return $"{Surnames[n % 30]}{GivenNames[n / 30 % 30]}{GivenNames[n / 900 % 30]}";
    }

    public static string PhoneNumber() => $"139{Interlocked.Increment(ref count):D8}";

    /// <summary>A number of 新乡县, born in the seventies unless told.</summary>
    public static string IdNumber(DateOnly? birth = null, string division = "410721")
    {
        var n = Interlocked.Increment(ref count);
        var born = birth ?? new DateOnly(1970, 1, 1).AddDays(n / 999 % 3650);
        return WithCheckCharacter(division + born.ToString("yyyyMMdd", CultureInfo.InvariantCulture) + $"{(n % 999) + 1:D3}");
    }

    /// <summary>GB 11643 by the recursive form of ISO 7064 MOD 11-2, so that tests do not lean on the code they test.</summary>
    public static string WithCheckCharacter(string seventeen)
    {
        var rest = 0;
        foreach (var digit in seventeen)
        {
            rest = (rest + digit - '0') * 2 % 11;
        }

        return seventeen + "0123456789X"[(12 - rest) % 11];
    }
}
