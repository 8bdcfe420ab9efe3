using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Attending;

/// <summary>The code to show on the screen in the hall; asked for anew each minute.</summary>
internal static class GetHallCode
{
    /// <param name="Code">48 letters and digits, for a QR code.</param>
    /// <param name="RefreshAt">From then on a new code is to be had.</param>
    /// <param name="ValidUntil">Until then this one is taken.</param>
    public sealed record Response(string SessionId, string? SessionName, string Code, DateTimeOffset RefreshAt, DateTimeOffset ValidUntil);

    /// <summary>现场签到码 (the hall's code).</summary>
    /// <param name="id">The activity.</param>
    /// <param name="sessionId">Left out: the session whose check-in is open.</param>
    internal static async Task<Ok<Response>> Handle(
        string id, string? sessionId, Reach reach, Database database, HallCode codes, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        await using var db = database.Open();
        var activity = await ActivityDrafts.FindAsync(db, id, reach, cancellation);
        var session = await Door.PickAsync(db, activity, sessionId, now, cancellation);
        var refreshAt = Instants.At(MinuteCode.NextAt(now));
        return TypedResults.Ok(new Response(session.Id, session.Name, codes.Make(session.Id, now), refreshAt, refreshAt + MinuteCode.Window));
    }
}
