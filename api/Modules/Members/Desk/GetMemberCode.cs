using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Members.Desk;

/// <summary>The code a member shows at a desk.</summary>
internal static class GetMemberCode
{
    /// <param name="Code">48 letters and digits, for a QR code.</param>
    /// <param name="RefreshAt">From then on a new code is to be had.</param>
    /// <param name="ValidUntil">Until then this one is taken.</param>
    public sealed record Response(string Code, DateTimeOffset RefreshAt, DateTimeOffset ValidUntil);

    /// <summary>我的会员码 (my member code).</summary>
    internal static async Task<Ok<Response>> Handle(
        Caller caller, Database database, MemberCode codes, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var id = await db.Memberships.Where(m => m.LivePersonId == caller.PersonId).Select(m => m.Id).FirstOrDefaultAsync(cancellation)
            ?? throw new Refusal(MembersProblems.NotMember);
        var now = clock.Milliseconds();
        var refreshAt = Instants.At(MinuteCode.NextAt(now));
        return TypedResults.Ok(new Response(codes.Make(id, now), refreshAt, refreshAt + MinuteCode.Window));
    }
}
