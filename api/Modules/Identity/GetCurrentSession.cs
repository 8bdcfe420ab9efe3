using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Is my session alive, and until when? The cheapest signed-in route.</summary>
internal static class GetCurrentSession
{
    /// <param name="Id">The session.</param>
    /// <param name="PersonId">Whose it is.</param>
    /// <param name="Kind">Worker or staff.</param>
    /// <param name="ExpiresAt">When it ends if it is not used.</param>
    public sealed record Response(string Id, string PersonId, SessionKind Kind, DateTimeOffset ExpiresAt);

    /// <summary>当前登录会话 (the present session).</summary>
    internal static Ok<Response> Handle(HttpContext http)
    {
        var session = http.Features.Get<SessionRow>()!;
        var expires = SessionRules.ExpiresAt(session.Kind, session.CreatedAt, session.LastSeenAt);
        return TypedResults.Ok(new Response(session.Id, session.PersonId, session.Kind, Instants.At(expires)));
    }
}
