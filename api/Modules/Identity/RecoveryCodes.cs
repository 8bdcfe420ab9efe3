using System.Security.Cryptography;
using System.Text;
using LinqToDB;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Ten codes for the day the phone is lost, e.g. <c>k3vf-9m2p-xq7t-4hdw</c>; one use each.</summary>
internal static class RecoveryCodes
{
    private const int Count = 10;
    private const int Groups = 4;
    private const int GroupLength = 4;

    /// <summary>31 letters that are not mistaken for each other; 16 of them are 79 bits, so a plain hash will do.</summary>
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>Replaces whatever codes she had. They leave the server once, in the answer.</summary>
    public static async Task<IReadOnlyList<string>> RenewAsync(Db db, string personId, long now)
    {
        await db.RecoveryCodes.Where(c => c.PersonId == personId).DeleteAsync();
        var codes = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            var code = string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Letters, GroupLength)));
            await db.InsertAsync(new RecoveryCodeRow { PersonId = personId, CodeHash = HashOf(code), MadeAt = now });
            codes.Add(code);
        }

        return codes;
    }

    public static async Task<bool> UseAsync(Db db, string personId, string code, long now) =>
        await db.ExecuteAsync(
            "UPDATE recovery_codes SET used_at = @now WHERE person_id = @personId AND code_hash = @hash AND used_at IS NULL",
            new { now, personId, hash = HashOf(code) }) == 1;

    /// <summary>Read from paper: capitals, blanks and dashes make no difference.</summary>
    private static string HashOf(string code)
    {
        var letters = new string([.. code.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(letters)));
    }
}
