using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Conduct.Appeals;

/// <summary>A worker says why points that she got are wrong.</summary>
internal static class AppealPoints
{
    /// <param name="Reason">Read by the officer who decides; kept sealed.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 500)] string? Reason);

    public sealed record Response(string Id, AppealState State);

    /// <summary>守约记分申诉 (appeal against points). Whoever decides sees her name, what the points were for and on which day.</summary>
    /// <param name="id">The row of points.</param>
    /// <response code="409">points_over, appeal_open, points_source_gone.</response>
    internal static async Task<Created<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, ConductLedger ledger, ConductSources sources, FieldCipher cipher, CancellationToken cancellation)
    {
        var made = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, appealId, now) =>
            {
                var point = (await ledger.OfPersonAsync(db, caller.PersonId, cancellation)).Find(p => p.Id == id)
                    ?? throw new Refusal(CommonProblems.NotFound);
                if (!point.IsLiving(now))
                {
                    throw new Refusal(ConductProblems.PointsOver);
                }

                var source = await sources.DescribeAsync(db, point, cancellation) ?? throw new Refusal(ConductProblems.SourceGone);
                await ledger.BringInAsync(db, point, cancellation);
                await InsertAsync(
                    db,
                    new ConductAppealRow
                    {
                        Id = appealId,
                        PointId = id,
                        OpenPointId = id,
                        PersonId = caller.PersonId,
                        UnionId = source.UnionId,
                        State = AppealState.Open,
                        ReasonSealed = cipher.Seal(ConductAppealRow.ReasonPlace, appealId, request.Reason!),
                        CreatedAt = now,
                    },
                    cancellation);
                await Audit.WriteAsync(db, caller, "appeal_points", "conduct_appeal", appealId, now);
            },
            cancellation);
        return TypedResults.Created((string?)null, new Response(made, AppealState.Open));
    }

    /// <summary>Two at once meet at the UNIQUE of the open appeal.</summary>
    private static async Task InsertAsync(Db db, ConductAppealRow appeal, CancellationToken cancellation)
    {
        try
        {
            await db.InsertAsync(appeal, token: cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(ConductProblems.AppealOpen);
        }
    }
}
