using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Desk;
using WeChatUnion.Api.Modules.Counselling.Telling;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Api.Modules.Counselling.Extensions;

/// <summary>A supervisor allows more free talks this year, once a client and year, or does not (domain/counselling.md 3.3).</summary>
internal static class DecideExtension
{
    /// <param name="Answer">For the counsellor.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 500)] string? Answer);

    /// <summary>同意增加次数 (allow). The client is told in neutral words.</summary>
    /// <response code="409">extension_decided; extended_already: once a year.</response>
    internal static Task<NoContent> HandleApproval(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, ClientRecords clients, CaseKeys keys, TalkNotices texts, ClientNotices notices, CounsellingSettings settings, CancellationToken cancellation) =>
        DecideAsync(
            new Decision(id, request, key, caller, reach, IsApproval: true),
            idempotency,
            keys,
            async (db, asked, now) =>
            {
                var (row, client) = await clients.TakeOfAsync(db, asked.Talk, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
                var year = Instants.At(now).Year;
                if (client.Extensions.Any(e => e.Year == year))
                {
                    throw new Refusal(CounsellingProblems.ExtendedAlready);
                }

                var extension = new ClientExtension(year, settings.ExtraTalksPerYear);
                await clients.SaveAsync(db, row.Id, client with { Extensions = [.. client.Extensions, extension] }, cancellation);
                await notices.AddAsync(db, texts.Extended(client.PersonId, id, extension.Talks), null, now, cancellation);
            },
            cancellation);

    /// <summary>不同意增加次数 (do not allow).</summary>
    /// <response code="409">extension_decided.</response>
    internal static Task<NoContent> HandleRejection(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, CaseKeys keys, CancellationToken cancellation) =>
        DecideAsync(new Decision(id, request, key, caller, reach, IsApproval: false), idempotency, keys, (_, _, _) => Task.CompletedTask, cancellation);

    private static async Task<NoContent> DecideAsync(
        Decision decision, Idempotency idempotency, CaseKeys keys, Func<Db, ListExtensions.Asked, long, Task> follow, CancellationToken cancellation)
    {
        var (id, request, key, caller, reach, isApproval) = decision;
        await idempotency.OnceAsync(
            key with { Route = keys.IdOf("route", key.Route) },
            caller,
            request,
            async (db, _, now) =>
            {
                var asked = await ListExtensions.FindAsync(db, id, reach, cancellation);
                if (await db.IsOneHumanAsync(asked.Counsellor.PersonId, caller.PersonId, cancellation))
                {
                    throw new Refusal(CounsellingProblems.OwnCounsellorFile);
                }

                var words = ListExtensions.WordsOf(asked.Extension, keys) with { DecidedBy = caller.PersonId, DecidedAt = now, Answer = request.Answer, IsApproved = isApproval };
                var locked = keys.LockJson(ExtensionRow.WordsPlace, id, words);
                await follow(db, asked, now);
                var decided = await db.CounsellingExtensions.Where(e => e.Id == id && e.State == ExtensionState.Asked)
                    .Set(e => e.State, ExtensionState.Decided).Set(e => e.WordsLocked, locked).UpdateAsync(cancellation);
                if (decided == 0)
                {
                    throw new Refusal(CounsellingProblems.ExtensionDecided);
                }

                await Audit.WriteAsync(db, caller, "decide_extension", "counselling_extension", keys.Masked(id, "decide"), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private sealed record Decision(string Id, Request Request, IdempotencyKey Key, Caller Caller, Reach Reach, bool IsApproval);
}
