using System.Security.Cryptography;
using LinqToDB;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>
/// The server's part of a draw: a secret that it is bound to from the moment the activity is published, and that nobody
/// sees before the places are drawn.
/// </summary>
internal sealed class DrawSecrets(FieldCipher cipher)
{
    /// <summary>
    /// Makes the secret; from the commit on its hash is public. The hash is also the record of an audit entry, beside the
    /// activity's approval, so whoever keeps the heads of the audit chain keeps what the server is bound to.
    /// </summary>
    public async Task CommitAsync(Db db, string activityId, Caller caller, long now, CancellationToken cancellation)
    {
        var secret = RandomNumberGenerator.GetBytes(Drawing.SecretLength);
        var commitment = Drawing.Commitment(secret);
        await db.Draws.Where(d => d.ActivityId == activityId && d.SecretSealed == null)
            .Set(d => d.Commitment, commitment)
            .Set(d => d.SecretSealed, cipher.Seal(DrawRow.SecretPlace, activityId, Convert.ToHexStringLower(secret)))
            .UpdateAsync(cancellation);
        await Audit.WriteAsync(db, caller, "commit_draw", "draw", commitment, now);
    }

    public byte[] Open(DrawRow draw) => Convert.FromHexString(cipher.Open(DrawRow.SecretPlace, draw.ActivityId, draw.SecretSealed!));
}
