using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Proxy;

namespace WeChatUnion.Api.Infrastructure.Sessions;

/// <summary>Reads <c>Authorization: Bearer …</c> and knows the caller by the session row.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    SessionStore sessions) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Session";
    private const int LongestToken = 64;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || header.Length > 7 + LongestToken)
        {
            return AuthenticateResult.NoResult();
        }

        if (await sessions.FindAsync(header[7..].Trim(), Context.RequestAborted) is not { } session)
        {
            return AuthenticateResult.NoResult();
        }

        Context.Features.Set(new Caller(session.PersonId, session.Id, session.Kind, CallerAddress.Of(Context)));
        Context.Features.Set(session);
        Response.Headers.CacheControl = "no-store";
        var principal = new ClaimsPrincipal(new ClaimsIdentity(SchemeName));
        return AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ProblemResponses.WriteAsync(Context, CommonProblems.SignInNeeded);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ProblemResponses.WriteAsync(Context, CommonProblems.NotAllowed);
}
