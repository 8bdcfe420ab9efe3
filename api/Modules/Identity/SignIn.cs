using LinqToDB.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Infrastructure.WeChat;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>A worker signs in with the code of <c>wx.login</c>.</summary>
internal static class SignIn
{
    /// <param name="Code">The code of <c>wx.login</c>: five minutes, one use.</param>
    public sealed record Request([property: Needed, LengthBetween(1, 128)] string? Code);

    /// <param name="Token">Send as <c>Authorization: Bearer …</c>; shown this once.</param>
    /// <param name="ExpiresAt">When the session ends if it is not used: 30 days from the last use.</param>
    /// <param name="PersonId">Who I am.</param>
    /// <param name="IsNew">True at the very first sign-in.</param>
    public sealed record Response(string Token, DateTimeOffset ExpiresAt, string PersonId, bool IsNew);

    /// <summary>微信登录 (sign in through WeChat).</summary>
    /// <response code="401">wechat_code_unusable: take a fresh code and try once more.</response>
    internal static async Task<Created<Response>> Handle(
        Request request, HttpContext http, IWeChat weChat, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var account = await AskWeChatAsync(weChat, request.Code!, cancellation);
        var device = DeviceWords.From(http.Request.Headers.UserAgent);
        var (token, session, isNew) = await SignInAsync(database, account, device, clock, cancellation);

        var expires = SessionRules.ExpiresAt(session.Kind, session.CreatedAt, session.LastSeenAt);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created(
            "/api/v1/me/sessions/current", new Response(token, Instants.At(expires), session.PersonId, isNew));
    }

    private static async Task<WeChatAccount> AskWeChatAsync(IWeChat weChat, string code, CancellationToken cancellation)
    {
        try
        {
            return await weChat.ExchangeLoginCodeAsync(code, cancellation);
        }
        catch (WeChatException error)
        {
            throw new Refusal(IdentityProblems.Of(error.Kind, IdentityProblems.WeChatCodeUnusable));
        }
    }

    /// <summary>
    /// Person, account and session are one transaction: a first sign-in is whole or did not happen. Two first
    /// sign-ins at once meet at the account's primary key; the later one then finds the earlier one's person.
    /// </summary>
    private static async Task<(string Token, SessionRow Session, bool IsNew)> SignInAsync(
        Database database, WeChatAccount account, string device, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            return await database.TransactAsync(Work, cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            return await database.TransactAsync(Work, cancellation);
        }

        async Task<(string, SessionRow, bool)> Work(Db db)
        {
            var now = clock.Milliseconds();
            var known = await db.QueryToListAsync<string>(
                "SELECT person_id FROM wechat_accounts WHERE app_id = @AppId AND open_id = @OpenId",
                new { account.AppId, account.OpenId },
                cancellation);
            var personId = known.Count > 0 ? known[0] : await RegisterAsync(db, account, now);
            var (token, session) = await SessionStore.OpenAsync(db, SessionKind.Worker, personId, device, now);
            return (token, session, known.Count == 0);
        }
    }

    private static async Task<string> RegisterAsync(Db db, WeChatAccount account, long now)
    {
        var personId = Ids.New();
        await db.ExecuteAsync("INSERT INTO persons (id, created_at) VALUES (@personId, @now)", new { personId, now });
        await db.ExecuteAsync(
            """
            INSERT INTO wechat_accounts (app_id, open_id, union_account_id, person_id, created_at)
            VALUES (@AppId, @OpenId, @UnionId, @personId, @now)
            """,
            new { account.AppId, account.OpenId, account.UnionId, personId, now });
        return personId;
    }
}
