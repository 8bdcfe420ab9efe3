using System.Security.Cryptography;
using System.Text;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.WebUtilities;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>A one-time link as the one who made it sees it, this once.</summary>
/// <param name="Id">By this the link is withdrawn.</param>
/// <param name="Token">What the link carries; hand it over yourself when there is no address.</param>
/// <param name="Link">Null when no console address is configured.</param>
/// <param name="ExpiresAt">24 hours from now.</param>
public sealed record OneTimeLink(string Id, string Token, string? Link, DateTimeOffset ExpiresAt);

/// <summary>Makes and finds one-time links. The token is 256 random bits; only its SHA-256 is stored.</summary>
internal sealed class StaffLinks(FieldCipher cipher, StaffSettings settings)
{
    private const int TokenBytes = 32;

    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public static Task<StaffLinkRow?> FindOpenAsync(Db db, string token, long now, CancellationToken cancellation)
    {
        var hash = HashOf(token);
        return db.StaffLinks.FirstOrDefaultAsync(
            l => l.TokenHash == hash && l.UsedAt == null && l.WithdrawnAt == null && l.ExpiresAt > now, cancellation);
    }

    /// <summary>A new link for an account makes the older ones void.</summary>
    public static Task WithdrawForAsync(Db db, string personId, long now) =>
        db.StaffLinks.Where(l => l.PersonId == personId && l.UsedAt == null && l.WithdrawnAt == null)
            .Set(l => l.WithdrawnAt, now).UpdateAsync();

    /// <summary>Whoever may no longer give roles has given none with links that are still on their way.</summary>
    public static Task WithdrawMadeByAsync(Db db, string personId, long now) =>
        db.StaffLinks.Where(l => l.MadeBy == personId && l.UsedAt == null && l.WithdrawnAt == null)
            .Set(l => l.WithdrawnAt, now).UpdateAsync();

    /// <summary>Invites somebody new to a role.</summary>
    public Task<OneTimeLink> InviteAsync(Db db, string displayName, Role role, string unionId, string? madeBy, long now) =>
        AddAsync(db, StaffLinkKind.Invitation, null, displayName, role, unionId, SecondFactor.Roles.Contains(role), null, madeBy, now);

    /// <summary>Calls somebody back whose account was disabled.</summary>
    public Task<OneTimeLink> EnableAsync(Db db, StaffAccountRow account, Role role, string unionId, string madeBy, long now) =>
        AddAsync(db, StaffLinkKind.Enabling, account.PersonId, account.DisplayName, role, unionId, SecondFactor.Roles.Contains(role), null, madeBy, now);

    /// <summary>Lets somebody set up anew what she signs in with.</summary>
    public Task<OneTimeLink> ResetAsync(Db db, StaffAccountRow account, bool needsTotp, string reason, string madeBy, long now) =>
        AddAsync(db, StaffLinkKind.Reset, account.PersonId, account.DisplayName, null, null, needsTotp, reason, madeBy, now);

    private async Task<OneTimeLink> AddAsync(
        Db db, StaffLinkKind kind, string? personId, string displayName, Role? role, string? unionId, bool needsTotp, string? reason, string? madeBy, long now)
    {
        if (personId is not null)
        {
            await WithdrawForAsync(db, personId, now);
        }

        var token = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TokenBytes));
        var id = Ids.New();
        var link = new StaffLinkRow
        {
            Id = id,
            Kind = kind,
            TokenHash = HashOf(token),
            PersonId = personId,
            DisplayName = displayName,
            Role = role,
            UnionId = unionId,
            TotpSealed = needsTotp ? cipher.Seal(StaffLinkRow.TotpPlace, id, TotpCodes.NewSecret()) : null,
            ReasonSealed = reason is null ? null : cipher.Seal(StaffLinkRow.ReasonPlace, id, reason),
            MadeBy = madeBy,
            MadeAt = now,
            ExpiresAt = now + (long)Life.TotalMilliseconds,
        };
        await db.InsertAsync(link);

        // After the #, so that the token stays in the browser: neither a proxy's log nor a referrer carries it.
        var address = settings.ConsoleAddress.Length == 0 ? null : $"{settings.ConsoleAddress.TrimEnd('/')}/invitation#{token}";
        return new OneTimeLink(id, token, address, Instants.At(link.ExpiresAt));
    }
}
