using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Desk;

namespace WeChatUnion.Api.Modules.Counselling.Extensions;

/// <summary>A client's free talks come to their end and she is not well yet: her counsellor asks the supervisor for more.</summary>
internal static class AskForTalks
{
    /// <param name="Reason">For the supervisor, without a name.</param>
    public sealed record Request([property: Needed, LengthBetween(4, 500)] string? Reason);

    /// <summary>申请增加次数 (ask for more free talks for this client).</summary>
    /// <response code="409">extension_asked: once a talk.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, ClientRecords clients, CaseKeys keys, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key with { Route = keys.IdOf("route", key.Route) },
            caller,
            request,
            async (db, _, now) =>
            {
                var talk = await Talks.MineAsync(db, id, caller, cancellation);
                if (await clients.OfAppointmentAsync(db, talk, cancellation) is null)
                {
                    throw new Refusal(CommonProblems.NotFound);
                }

                var extensionId = Ids.Random();
                var words = new ExtensionWords(caller.PersonId, now, request.Reason!);
                try
                {
                    await db.InsertAsync(
                        new ExtensionRow { Id = extensionId, AppointmentId = id, State = ExtensionState.Asked, WordsLocked = keys.LockJson(ExtensionRow.WordsPlace, extensionId, words) },
                        token: cancellation);
                }
                catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
                {
                    throw new Refusal(CounsellingProblems.ExtensionAsked);
                }

                await Audit.WriteAsync(db, caller, "ask_for_talks", "counselling_extension", keys.Masked(extensionId, "ask"), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
