using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Telling;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>
/// A counsellor neither treats nor diagnoses (精神卫生法 art. 23): where a disorder may be behind it she advises a hospital,
/// in words that the client reads as often as she likes.
/// </summary>
internal static class ReferClient
{
    /// <param name="Hospital">Which; with how to get there, if she likes.</param>
    /// <param name="Advice">Why, and what to take along; no diagnosis.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 100)] string? Hospital, [property: Needed, LengthBetween(2, 500)] string? Advice);

    /// <summary>建议就医(转介医院) (refer to a hospital).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, ClientRecords clients, TalkNotices texts, CaseKeys keys, ClientNotices notices, CancellationToken cancellation)
    {
        if (request.Advice!.Contains("诊断", StringComparison.Ordinal))
        {
            throw Refusal.OfField("advice", "咨询师不作诊断,请改为建议就医的说明,例如“建议到医院做进一步评估”。");
        }

        await idempotency.OnceAsync(
            key with { Route = keys.IdOf("route", key.Route) },
            caller,
            request,
            async (db, _, now) =>
            {
                var (talk, mine, client) = await CaseFile.OpenCaseAsync(db, id, caller, clients, now, cancellation);
                var referral = new ClientReferral(Instants.DateOf(now).Stored(), mine.Id, mine.Name, request.Hospital!, request.Advice!);
                await clients.SaveAsync(db, client.Row.Id, client.Record with { Referrals = [.. client.Record.Referrals, referral] }, cancellation);
                await notices.AddAsync(db, texts.Advised(client.Record.PersonId, talk.Id, client.Record.Referrals.Count), null, now, cancellation);
                await Audit.WriteAsync(db, caller, "refer_client", "appointment", keys.Masked(id, $"refer|{now}"), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
