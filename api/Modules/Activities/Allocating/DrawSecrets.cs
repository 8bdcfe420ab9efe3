using System.Security.Cryptography;
using LinqToDB;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>
/// The server's part of a draw: a secret that it is bound to from the moment the activity is published, and that nobody
/// sees before the places are drawn.
/// </summary>
internal sealed class DrawSecrets(FieldCipher cipher)
{
    /// <summary>Makes the secret; from the commit on its hash is public.</summary>
    public async Task CommitAsync(Db db, string activityId, CancellationToken cancellation)
    {
        var secret = RandomNumberGenerator.GetBytes(Drawing.SecretLength);
        await db.Draws.Where(d => d.ActivityId == activityId && d.SecretSealed == null)
            .Set(d => d.Commitment, Drawing.Commitment(secret))
            .Set(d => d.SecretSealed, cipher.Seal(DrawRow.SecretPlace, activityId, Convert.ToHexStringLower(secret)))
            .UpdateAsync(cancellation);
    }

    public byte[] Open(DrawRow draw) => Convert.FromHexString(cipher.Open(DrawRow.SecretPlace, draw.ActivityId, draw.SecretSealed!));
}
