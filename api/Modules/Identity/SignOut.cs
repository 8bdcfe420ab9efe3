using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Sign out here, on one device, or everywhere. Acts at once on every node.</summary>
internal static class SignOut
{
    /// <summary>退出当前登录 (sign out here).</summary>
    internal static async Task<NoContent> HandleCurrent(Caller caller, SessionStore sessions, CancellationToken cancellation)
    {
        await sessions.EndAsync(caller.PersonId, caller.Kind, caller.SessionId, cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>退出指定设备 (sign out on one device).</summary>
    internal static async Task<NoContent> HandleOne(string id, Caller caller, SessionStore sessions, CancellationToken cancellation)
    {
        if (await sessions.EndAsync(caller.PersonId, caller.Kind, id, cancellation) == 0)
        {
            throw new Refusal(CommonProblems.NotFound);
        }

        return TypedResults.NoContent();
    }

    /// <summary>退出全部设备 (sign out everywhere).</summary>
    internal static async Task<NoContent> HandleAll(Caller caller, SessionStore sessions, CancellationToken cancellation)
    {
        await sessions.EndAsync(caller.PersonId, caller.Kind, null, cancellation);
        return TypedResults.NoContent();
    }
}
