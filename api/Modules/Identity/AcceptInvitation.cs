using System.Text.Json.Serialization;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>What a higher module does when an invitation of its own making is accepted, in that transaction.</summary>
internal delegate Task AfterAcceptance(Db db, string linkId, string personId, long now, CancellationToken cancellation);

/// <summary>
/// The one who was invited, called back, or given a reset link sets up what she signs in with. The link, the account,
/// its grant and its codes are one transaction: a link is used whole or not at all.
/// </summary>
internal static class AcceptInvitation
{
    private const string NameForm = "^[a-z][a-z0-9._-]{2,39}$";

    /// <param name="Token">From the link.</param>
    /// <param name="Name">Account name that she chooses; left out when the check told one.</param>
    /// <param name="Password">12 to 128 characters, not a common one.</param>
    /// <param name="TotpCode">Of the secret that the check told; left out when it told none.</param>
    public sealed record Request(
        [property: Needed, LengthBetween(20, 100)] string? Token,
        [property: Form(NameForm, "账号名为 3 到 40 位小写字母、数字、点、横线或下划线,以字母开头。")] string? Name,
        [property: Needed, LengthBetween(1, 500), JsonConverter(typeof(SecretText))] string? Password,
        [property: Form(TotpCodes.Form, TotpCodes.FormSentence)] string? TotpCode);

    /// <param name="Name">Sign in with this.</param>
    /// <param name="RecoveryCodes">Ten, shown this once; none without TOTP.</param>
    public sealed record Response(string PersonId, string Name, IReadOnlyList<string> RecoveryCodes);

    /// <summary>接受邀请 (accept an invitation, or use a reset link).</summary>
    /// <response code="409">link_unusable, account_name_taken.</response>
    internal static async Task<Created<Response>> Handle(
        Request request, HttpContext http, Database database, Passwords passwords, FieldCipher cipher, SessionStore sessions, IEnumerable<AfterAcceptance> followers, TimeProvider clock, CancellationToken cancellation)
    {
        var (link, name) = await ReadAsync(request, database, clock, cancellation);
        var (totpSealed, step) = CheckTotp(request, link, cipher, clock);
        if (PasswordRules.Fault(request.Password!, name, link.DisplayName) is { } fault)
        {
            throw Refusal.OfField("password", fault);
        }

        // Costly on purpose, so not within the transaction.
        var work = new Work(link, link.PersonId ?? Ids.New(), name, passwords.Hash(request.Password!), totpSealed, step);
        try
        {
            var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
            var (codes, ended) = await database.TransactAsync(db => AcceptAsync(db, work, cipher, followers, address, clock.Milliseconds(), cancellation), cancellation);
            await sessions.BuryAsync(ended);
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.Created("/api/v1/office/me", new Response(work.PersonId, name, codes));
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(StaffProblems.AccountNameTaken);
        }
    }

    private static async Task<(StaffLinkRow Link, string Name)> ReadAsync(
        Request request, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var link = await StaffLinks.FindOpenAsync(db, request.Token!, clock.Milliseconds(), cancellation)
            ?? throw new Refusal(StaffProblems.LinkUnusable);
        if ((link.PersonId is null) != (request.Name is not null))
        {
            throw Refusal.OfField("name", link.PersonId is null ? "此项必填。" : "账号名不能更改,请勿填写。");
        }

        return (link, request.Name ?? await db.StaffAccounts.Where(a => a.PersonId == link.PersonId).Select(a => a.Name).FirstAsync(cancellation));
    }

    /// <summary>The code shows that her authenticator learnt the secret; its step is used up with that.</summary>
    private static (string? Secret, long Step) CheckTotp(Request request, StaffLinkRow link, FieldCipher cipher, TimeProvider clock)
    {
        if (link.TotpSealed is null)
        {
            return request.TotpCode is null ? (null, 0) : throw Refusal.OfField("totpCode", "此账号不用动态口令,请勿填写。");
        }

        var secret = cipher.Open(StaffLinkRow.TotpPlace, link.Id, link.TotpSealed);
        return request.TotpCode is { } code && TotpCodes.StepOf(secret, code, clock.Milliseconds()) is { } step
            ? (secret, step)
            : throw Refusal.OfField("totpCode", "动态口令不正确,请用验证器扫码后输入当前显示的 6 位数字。");
    }

    private static async Task<(IReadOnlyList<string> Codes, IReadOnlyList<SessionRow> Ended)> AcceptAsync(
        Db db, Work work, FieldCipher cipher, IEnumerable<AfterAcceptance> followers, string address, long now, CancellationToken cancellation)
    {
        // Accounts before links, as disabling does: whoever made the link may be losing her right to at this moment.
        var (link, personId) = (work.Link, work.PersonId);
        await Grants.HoldAsync(db, [.. new[] { link.MadeBy, link.PersonId }.OfType<string>()]);
        var used = await db.StaffLinks
            .Where(l => l.Id == link.Id && l.UsedAt == null && l.WithdrawnAt == null && l.ExpiresAt > now)
            .Set(l => l.UsedAt, now).UpdateAsync(cancellation);
        if (used == 0)
        {
            throw new Refusal(StaffProblems.LinkUnusable);
        }

        if (link.Kind == StaffLinkKind.Invitation)
        {
            await AddPersonAsync(db, work, now);
            foreach (var follow in followers)
            {
                await follow(db, link.Id, personId, now, cancellation);
            }
        }

        var totpSealed = work.Totp is null ? null : cipher.Seal(SecondFactor.TotpPlace, personId, work.Totp);
        await db.StaffAccounts.Where(a => a.PersonId == personId)
            .Set(a => a.PasswordHash, work.PasswordHash)
            .Set(a => a.TotpSealed, totpSealed)
            .Set(a => a.TotpStep, work.Step)
            .Set(a => a.DisabledAt, (long?)null)
            .Set(a => a.ResetAt, link.Kind == StaffLinkKind.Invitation ? null : now)
            .UpdateAsync(cancellation);
        if (link.Role is { } role)
        {
            await Grants.GiveAsync(db, personId, role, link.UnionId!, link.MadeBy, now, cancellation);
        }

        var ended = await SessionStore.DeleteAsync(db, s => s.PersonId == personId && s.Kind == SessionKind.Staff);
        var caller = new Caller(personId, "", SessionKind.Staff, address);
        await Audit.WriteAsync(db, caller, link.Kind == StaffLinkKind.Reset ? "use_reset_link" : "accept_invitation", "staff_link", link.Id, now);
        return (work.Totp is null ? [] : await RecoveryCodes.RenewAsync(db, personId, now), ended);
    }

    private static async Task AddPersonAsync(Db db, Work work, long now)
    {
        await db.InsertAsync(new PersonRow { Id = work.PersonId, CreatedAt = now });
        await db.InsertAsync(new StaffAccountRow
        {
            PersonId = work.PersonId,
            Name = work.Name,
            DisplayName = work.Link.DisplayName,
            PasswordHash = work.PasswordHash,
            IsDemo = false,
            CreatedAt = now,
        });
        await db.StaffLinks.Where(l => l.Id == work.Link.Id).Set(l => l.PersonId, work.PersonId).UpdateAsync();
    }

    private sealed record Work(StaffLinkRow Link, string PersonId, string Name, string PasswordHash, string? Totp, long Step);
}
