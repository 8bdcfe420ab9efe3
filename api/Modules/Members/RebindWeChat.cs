using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>
/// At the desk, after a look at her ID card, an officer moves a member's new WeChat account to the person who holds
/// the membership. The old account ends: whoever holds it is a stranger from then on.
/// </summary>
internal static class RebindWeChat
{
    /// <summary>Eight digits are few: an officer's account that was taken over must not try them all.</summary>
    private const int MostTries = 10;

    private static readonly TimeSpan TriesWindow = TimeSpan.FromMinutes(10);

    /// <param name="Code">The 8 digits that the worker reads out.</param>
    /// <param name="Reason">What happened and how she was identified; kept sealed.</param>
    public sealed record Request(
        [property: Needed, Form("^[0-9]{8}$", "换绑码是 8 位数字。")] string? Code,
        [property: Needed, LengthBetween(2, 200)] string? Reason);

    /// <param name="Id">The re-binding.</param>
    public sealed record Response(string Id, string MembershipId, DateTimeOffset ReboundAt);

    /// <summary>微信换绑 (re-bind a member to her new WeChat account). All her sessions end.</summary>
    /// <response code="409">rebinding_code_unusable, rebinding_person_not_empty, own_membership.</response>
    internal static async Task<Created<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Rebindings rebindings, SessionStore sessions, ICounters counters, Database database, CancellationToken cancellation)
    {
        if (await counters.CountAsync("rebinding:" + caller.PersonId, TriesWindow) > MostTries)
        {
            throw new Refusal(CommonProblems.TooMany) { RetryAfterSeconds = (int)TriesWindow.TotalSeconds };
        }

        IReadOnlyList<SessionRow> ended = [];
        var made = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, rebindingId, now) =>
            {
                var membership = await FindAsync(db, id, reach, caller, cancellation);
                ended = await rebindings.MoveAsync(
                    db, membership, rebindingId, request.Code!, request.Reason!, caller, now, cancellation);
            },
            cancellation);
        await sessions.BuryAsync(ended);

        await using var db = database.Open();
        var row = await db.WeChatRebindings.FirstAsync(r => r.Id == made, cancellation);
        return TypedResults.Created($"/api/v1/office/memberships/{id}", new Response(row.Id, row.MembershipId, Instants.At(row.At)));
    }

    /// <summary>A living membership in reach; that of the officer herself is for another officer.</summary>
    private static async Task<MembershipRow> FindAsync(Db db, string id, Reach reach, Caller caller, CancellationToken cancellation)
    {
        var membership = await db.Memberships.FirstOrDefaultAsync(m => m.Id == id && m.LivePersonId != null, cancellation);
        if (membership is null || !await db.IsInReachAsync(reach, membership.UnionId, cancellation))
        {
            throw new Refusal(CommonProblems.NotFound);
        }

        if (membership.PersonId == caller.PersonId)
        {
            throw new Refusal(MembersProblems.OwnMembership);
        }

        // Two desks with two codes follow one another from here on.
        await db.Memberships.Where(m => m.Id == id).Set(m => m.Version, m => m.Version + 1).UpdateAsync(cancellation);
        return membership;
    }
}
