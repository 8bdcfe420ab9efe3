using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Conduct.Appeals;

/// <summary>An officer decides an appeal; accepted, the points count no longer from this instant.</summary>
internal static class DecideAppeal
{
    /// <param name="IsAccepted">true lifts the points, false lets them stand.</param>
    /// <param name="Reason">Told to the person.</param>
    public sealed record Request([property: Needed] bool? IsAccepted, [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>决定申诉 (decide an appeal).</summary>
    /// <param name="id">The appeal.</param>
    /// <response code="409">appeal_decided, not_your_appeal.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, ConductSources sources, IMessenger messenger, FieldCipher cipher, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var appeal = await FindAsync(db, id, reach, cancellation);
                var point = await db.ConductPoints.FirstAsync(p => p.Id == appeal.PointId, cancellation);
                var source = await sources.DescribeAsync(db, point, cancellation);
                if (!MayDecide(appeal, source, caller.PersonId))
                {
                    throw new Refusal(ConductProblems.NotYourAppeal);
                }

                await MoveAsync(db, appeal, request, caller, cipher, now, cancellation);
                if (request.IsAccepted == true
                    && await ConductPoints.LiftAsync(db, point.Kind, point.SourceKind, point.SourceId, now, cancellation))
                {
                    await sources.FollowAsync(db, point, caller.PersonId, now, cancellation);
                }

                await Audit.WriteAsync(db, caller, request.IsAccepted == true ? "accept_appeal" : "refuse_appeal", "conduct_appeal", id, now, appeal.PersonId);
                await messenger.AddAsync(db, NoticeOf(appeal, request, source, point.Weight), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Nobody decides her own appeal, nor one against a record that she made or looked after.</summary>
    internal static bool MayDecide(ConductAppealRow appeal, SourceSeen? source, string personId) =>
        appeal.PersonId != personId && source?.MadeBy.Contains(personId) != true;

    private static async Task<ConductAppealRow> FindAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var appeal = await db.ConductAppeals.FirstOrDefaultAsync(a => a.Id == id, cancellation);
        return appeal is not null && await db.IsInReachAsync(reach, appeal.UnionId, cancellation)
            ? appeal
            : throw new Refusal(CommonProblems.NotFound);
    }

    private static async Task MoveAsync(
        Db db, ConductAppealRow appeal, Request request, Caller caller, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        var moved = await db.ConductAppeals
            .Where(a => a.Id == appeal.Id && a.State == AppealState.Open)
            .Set(a => a.State, request.IsAccepted == true ? AppealState.Accepted : AppealState.Refused)
            .Set(a => a.OpenPointId, (string?)null)
            .Set(a => a.AnswerSealed, cipher.Seal(ConductAppealRow.AnswerPlace, appeal.Id, request.Reason!))
            .Set(a => a.DecidedBy, caller.PersonId)
            .Set(a => a.DecidedAt, now)
            .UpdateAsync(cancellation);
        if (moved == 0)
        {
            var state = await db.ConductAppeals.Where(a => a.Id == appeal.Id).Select(a => a.State).FirstAsync(cancellation);
            throw new Refusal(ConductProblems.AppealDecided) { Present = new { state } };
        }
    }

    private static Notice NoticeOf(ConductAppealRow appeal, Request request, SourceSeen? source, int weight)
    {
        var what = source is null ? "守约记分" : $"“{source.Title}”的守约记分";
        return request.IsAccepted == true
            ? new Notice(appeal.PersonId, "appeal_accepted", "申诉成立", $"您对{what}的申诉成立,{weight} 分已撤销。说明:{request.Reason}", appeal.Id)
            : new Notice(appeal.PersonId, "appeal_refused", "申诉不成立", $"您对{what}的申诉不成立,记分保留。说明:{request.Reason}", appeal.Id);
    }
}
