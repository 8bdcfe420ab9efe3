using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>The one who holds a link sees what it offers, as often as she likes until it is used.</summary>
internal static class CheckInvitation
{
    /// <param name="Token">From the link.</param>
    public sealed record Request([property: Needed, LengthBetween(20, 100)] string? Token);

    /// <param name="Kind">invitation, enabling or reset.</param>
    /// <param name="AccountName">Null for a new account, whose holder chooses it.</param>
    /// <param name="Role">Null for a reset, which gives no role; so is <paramref name="UnionName"/>.</param>
    /// <param name="TotpSecret">For typing into an authenticator; null when no TOTP is needed.</param>
    /// <param name="TotpAddress">The same as <c>otpauth://…</c> for a QR code.</param>
    public sealed record Response(
        StaffLinkKind Kind, string DisplayName, string? AccountName, Role? Role, string? UnionName, DateTimeOffset ExpiresAt, string? TotpSecret, string? TotpAddress);

    /// <summary>查看邀请 (look at an invitation or reset link).</summary>
    internal static async Task<Ok<Response>> Handle(
        Request request, HttpContext http, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var link = await StaffLinks.FindOpenAsync(db, request.Token!, clock.Milliseconds(), cancellation)
            ?? throw new Refusal(StaffProblems.LinkUnusable);
        var name = await db.StaffAccounts.Where(a => a.PersonId == link.PersonId).Select(a => a.Name).FirstOrDefaultAsync(cancellation);
        var union = await db.Unions.Where(u => u.Id == link.UnionId).Select(u => u.Name).FirstOrDefaultAsync(cancellation);
        var secret = link.TotpSealed is { } stored ? cipher.Open(StaffLinkRow.TotpPlace, link.Id, stored) : null;

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response(
            link.Kind,
            link.DisplayName,
            name,
            link.Role,
            union,
            Instants.At(link.ExpiresAt),
            secret,
            secret is null ? null : TotpCodes.Address(secret, name ?? link.DisplayName)));
    }
}
