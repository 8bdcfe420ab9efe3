using LinqToDB.Data;
using OtpNet;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Time-based one-time passwords (RFC 6238): 6 digits, SHA-1, 30 seconds, one step of difference either way.</summary>
internal static class TotpCodes
{
    public const string Form = "^[0-9]{6}$";
    public const string FormSentence = "动态口令是 6 位数字。";
    public const string Issuer = "工会服务平台";

    /// <summary>RFC 4226 recommends 160 bits.</summary>
    private const int SecretBytes = 20;

    private static readonly VerificationWindow OneStepEitherWay = new(previous: 1, future: 1);

    /// <summary>A new secret in base 32, as authenticators take it.</summary>
    public static string NewSecret() => Base32Encoding.ToString(KeyGeneration.GenerateRandomKey(SecretBytes));

    /// <summary><c>otpauth://totp/…</c> for a QR code.</summary>
    public static string Address(string secret, string label) => new OtpUri(OtpType.Totp, secret, label, Issuer).ToString();

    /// <summary>The step whose code this is, or null.</summary>
    public static long? StepOf(string secret, string code, long now)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(now).UtcDateTime;
        return new Totp(Base32Encoding.ToBytes(secret)).VerifyTotp(at, code, out var step, OneStepEitherWay) ? step : null;
    }

    /// <summary>A step passes once: of twenty who show the same code, one gets in.</summary>
    public static async Task<bool> UseAsync(Db db, string personId, string secret, string code, long now) =>
        StepOf(secret, code, now) is { } step
        && await db.ExecuteAsync(
            "UPDATE staff_accounts SET totp_step = @step WHERE person_id = @personId AND totp_step < @step", new { step, personId }) == 1;
}
