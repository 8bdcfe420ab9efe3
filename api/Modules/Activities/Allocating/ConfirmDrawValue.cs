using System.Text.Json;
using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>
/// A second officer reads the public value at its source and enters it too. If both read the same, the places are drawn
/// there and then, once, and the secret is public.
/// </summary>
internal static class ConfirmDrawValue
{
    /// <param name="Value">As the second person reads it at the source.</param>
    public sealed record Request([property: Needed, LengthBetween(1, 100)] string? Value);

    /// <summary>核对公开值并抽签 (confirm the value and draw).</summary>
    /// <param name="id">The activity.</param>
    /// <param name="valueId">The value that another officer entered.</param>
    internal static async Task<NoContent> Handle(
        string id, string valueId, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, AllocatingPlaces allocating, DrawSecrets secrets, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var (turn, draw) = await DrawValues.FindDrawAsync(db, id, reach, now, cancellation);
                var value = await DrawValues.FindOpenAsync(db, id, valueId, cancellation);
                if (value.MadeBy == caller.PersonId)
                {
                    throw new Refusal(ActivitiesProblems.OwnDrawValue);
                }

                if (value.Value != request.Value)
                {
                    throw new Refusal(ActivitiesProblems.DrawValueDiffers);
                }

                await ConfirmAsync(db, value, caller, now, cancellation);
                var applied = await AllocatingPlaces.AppliedAsync(db, turn, cancellation);
                var list = await FreezeDrawLists.FreezeAsync(db, turn, now, cancellation);
                var outcome = Draw(turn, list, secrets.Open(draw), value.Value, applied);
                var row = new AllocationRow
                {
                    ActivityId = id,
                    DrawValueId = valueId,
                    Outcome = JsonSerializer.Serialize(outcome, ContractJson.Stored),
                    MadeBy = caller.PersonId,
                    At = now,
                };
                var byNumber = applied.ToDictionary(e => e.Number);
                await allocating.WriteAsync(
                    db,
                    turn,
                    row,
                    [.. outcome.Groups.SelectMany(g => g.Winners).Select(n => byNumber[n])],
                    [.. outcome.Groups.SelectMany(g => g.Line).Select(n => byNumber[n])],
                    stepId,
                    caller,
                    cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static Task ConfirmAsync(Db db, DrawValueRow value, Caller caller, long now, CancellationToken cancellation) =>
        db.DrawValues.Where(v => v.Id == value.Id)
            .Set(v => v.State, DrawValueState.Confirmed)
            .Set(v => v.OpenActivityId, (string?)null)
            .Set(v => v.DecidedBy, caller.PersonId)
            .Set(v => v.DecidedAt, now)
            .UpdateAsync(cancellation);

    private static DrawOutcome Draw(Turn turn, DrawList list, byte[] secret, string value, IReadOnlyList<EnrolmentRow> applied)
    {
        var withdrawn = list.Groups.SelectMany(g => g.Entries).Select(e => e.Number).Except(applied.Select(e => e.Number)).ToHashSet();

        // What was drawn for was published with the list; whatever was added since goes to the line, in its order.
        var places = list.Groups.ToDictionary(g => g.GroupId, g => Math.Clamp(turn.Group(g.GroupId).Free, 0, g.Capacity));
        return Drawing.Draw(list, secret, value, withdrawn, places);
    }
}
