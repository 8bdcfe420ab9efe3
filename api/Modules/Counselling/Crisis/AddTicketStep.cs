using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Crisis;

/// <summary>What was done about a ticket, step after step; a supervisor reviews and closes it.</summary>
internal static class AddTicketStep
{
    /// <param name="Kind">assessment, handling, hand_over or follow_up.</param>
    /// <param name="Level">With an assessment: the level as it is judged by a person; null: as it stands.</param>
    /// <param name="Words">What was done: whom she was brought to, what was agreed.</param>
    public sealed record Request([property: Needed, KnownWord] CrisisStepKind? Kind, [property: KnownWord] CrisisLevel? Level, [property: Needed, LengthBetween(2, 2000)] string? Words);

    /// <summary>登记处置步骤 (note what was done).</summary>
    internal static Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Tickets tickets, CancellationToken cancellation)
    {
        if (request.Kind is not (CrisisStepKind.Assessment or CrisisStepKind.Handling or CrisisStepKind.HandOver or CrisisStepKind.FollowUp))
        {
            throw Refusal.OfField("kind", "请从评估、处置、移交、回访中选择。");
        }

        if (request.Level is not null && request.Kind != CrisisStepKind.Assessment)
        {
            throw Refusal.OfField("level", "只有评估可以改变等级。");
        }

        return StepAsync(id, request, key, caller, reach, idempotency, tickets, cancellation);
    }

    /// <summary>督导复核关闭 (review and close).</summary>
    internal static Task<NoContent> HandleClosure(
        string id, ClosureForm.Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Tickets tickets, CancellationToken cancellation) =>
        StepAsync(id, new Request(CrisisStepKind.Closure, null, request.Words), key, caller, reach, idempotency, tickets, cancellation);

    private static async Task<NoContent> StepAsync(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Tickets tickets, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var before = await ListTickets.FindAsync(db, id, reach, cancellation);
                var kind = request.Kind!.Value;
                var state = CrisisRules.After(before.State, kind)
                    ?? throw new Refusal(before.State == CrisisState.Closed ? CounsellingProblems.TicketClosed : CounsellingProblems.TicketStep);
                var level = request.Level ?? before.Level;
                var isOver = state == CrisisState.Closed;
                var due = isOver ? null : await DueAsync(db, before, level, kind, now, cancellation);
                var moved = await db.CrisisTickets.Where(t => t.Id == id && t.Version == before.Version)
                    .Set(t => t.State, state)
                    .Set(t => t.Level, level)
                    .Set(t => t.DueAt, due)
                    .Set(t => t.EscalatedAt, due == before.DueAt ? before.EscalatedAt : null)
                    .Set(t => t.OpenClient, isOver ? null : before.OpenClient)
                    .Set(t => t.ClosedAt, isOver ? now : null)
                    .Set(t => t.Version, before.Version + 1)
                    .UpdateAsync(cancellation);
                if (moved == 0)
                {
                    throw new Refusal(CounsellingProblems.TicketStep);
                }

                await tickets.AddStepAsync(db, id, kind, caller.PersonId, request.Words, now, cancellation);
                await Audit.WriteAsync(db, caller, isOver ? "close_crisis" : "note_crisis_step", "crisis_ticket", id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<long?> DueAsync(Db db, CrisisTicketRow before, CrisisLevel level, CrisisStepKind kind, long now, CancellationToken cancellation)
    {
        if (kind is CrisisStepKind.Assessment && before.State == CrisisState.Responded)
        {
            return null;
        }

        // Since she was answered last: a call after the handling begins all of it anew.
        var answered = before.RespondedAt ?? 0;
        var steps = db.CrisisSteps.Where(s => s.TicketId == before.Id && s.At >= answered);
        var handled = await steps.Where(s => s.Kind == CrisisStepKind.Handling).MinAsync(s => (long?)s.At, cancellation) ?? now;
        var done = await steps.CountAsync(s => s.Kind == CrisisStepKind.FollowUp, cancellation);
        return CrisisRules.NextFollowUp(level, handled, kind == CrisisStepKind.FollowUp ? done + 1 : done);
    }
}

/// <summary>What a supervisor says when she closes a ticket.</summary>
internal static class ClosureForm
{
    /// <param name="Words">What the review found.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 2000)] string? Words);
}
