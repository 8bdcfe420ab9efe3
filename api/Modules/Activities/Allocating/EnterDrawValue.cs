using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>One officer enters the public value of a draw once it is known; a second will check it.</summary>
internal static class EnterDrawValue
{
    /// <param name="Value">Of 福彩双色球 as in "05 12 18 22 27 31+09"; of other sources letters and digits in groups, one blank between them.</param>
    public sealed record Request([property: Needed, LengthBetween(1, 100)] string? Value);

    public sealed record Response(string Id);

    /// <summary>录入公开值 (enter the public value of a draw).</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Created<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, CancellationToken cancellation)
    {
        var made = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, valueId, now) =>
            {
                var (turn, draw) = await DrawValues.FindDrawAsync(db, id, reach, now, cancellation);
                if (DrawValueForm.Fault(draw.Source, request.Value!) is { } sentence)
                {
                    throw Refusal.OfField("value", sentence);
                }

                if (await db.DrawValues.AnyAsync(v => v.OpenActivityId == id, cancellation))
                {
                    throw new Refusal(ActivitiesProblems.DrawValueEntered);
                }

                await FreezeDrawLists.FreezeAsync(db, turn, now, cancellation);
                var row = new DrawValueRow
                {
                    Id = valueId,
                    ActivityId = id,
                    OpenActivityId = id,
                    Value = request.Value!,
                    State = DrawValueState.Entered,
                    MadeBy = caller.PersonId,
                    MadeAt = now,
                };
                await db.InsertAsync(row, token: cancellation);
                await Audit.WriteAsync(db, caller, "enter_draw_value", "activity", id, now);
            },
            cancellation);
        return TypedResults.Created($"/api/v1/office/activities/{id}/draw-values/{made}", new Response(made));
    }
}
