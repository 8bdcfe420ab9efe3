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
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Reports;

/// <summary>An officer decides a report: nothing in it, a warning, or a bar from singles' evenings, which acts at once.</summary>
internal static class DecideReport
{
    /// <param name="State">dismissed, warned or barred.</param>
    /// <param name="BarredUntil">With barred: the last day; left out for ever, which false identity calls for.</param>
    /// <param name="Reason">Told to the reported guest when she is warned or barred; say nothing of who reported.</param>
    public sealed record Request(
        [property: Needed, KnownWord] ReportState? State, DateOnly? BarredUntil, [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <summary>处理举报 (decide a report).</summary>
    /// <param name="id">The activity.</param>
    /// <response code="409">report_decided, own_report.</response>
    internal static async Task<NoContent> Handle(
        string id, string reportId, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, FieldCipher cipher, IMessenger messenger, TimeProvider clock, CancellationToken cancellation)
    {
        Check(request, clock.Today());
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, barId, now) =>
            {
                var evening = await db.FindEveningAsync(id, reach, cancellation);
                var report = await db.SinglesReports.FirstOrDefaultAsync(r => r.Id == reportId && r.ActivityId == id, cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                if (await db.IsOneHumanAsync(caller.PersonId, report.PersonId, cancellation) || await db.IsOneHumanAsync(caller.PersonId, report.ReportedId, cancellation))
                {
                    throw new Refusal(SinglesProblems.OwnReport);
                }

                await MoveAsync(db, report, request, caller, cipher, now, cancellation);
                if (request.State == ReportState.Barred)
                {
                    await BarAsync(db, barId, evening.UnionId, report.ReportedId, request, caller, cipher, now, cancellation);
                }

                await Audit.WriteAsync(db, caller, "decide_singles_report", "singles_report", report.Id, now, report.ReportedId);
                await messenger.AddAsync(db, NoticesOf(report, evening.Title, request), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static void Check(Request request, DateOnly today)
    {
        if (request.State == ReportState.Open)
        {
            throw Refusal.OfField("state", "请从 dismissed、warned、barred 中选择。");
        }

        if (request.BarredUntil is { } until && (request.State != ReportState.Barred || until < today || until.Year > today.Year + 10))
        {
            throw Refusal.OfField("barredUntil", "限制参加的截止日期应在今后十年以内,其他处理不填写。");
        }
    }

    private static async Task MoveAsync(
        Db db, SinglesReportRow report, Request request, Caller caller, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        var moved = await db.SinglesReports.Where(r => r.Id == report.Id && r.State == ReportState.Open)
            .Set(r => r.State, request.State!.Value)
            .Set(r => r.AnswerSealed, cipher.Seal(SinglesReportRow.AnswerPlace, report.Id, request.Reason!))
            .Set(r => r.DecidedBy, caller.PersonId)
            .Set(r => r.DecidedAt, now)
            .UpdateAsync(cancellation);
        if (moved == 0)
        {
            throw new Refusal(SinglesProblems.ReportDecided);
        }
    }

    private static Task BarAsync(
        Db db, string barId, string unionId, string personId, Request request, Caller caller, FieldCipher cipher, long now, CancellationToken cancellation) =>
        db.InsertAsync(
            new SinglesBarRow
            {
                Id = barId,
                PersonId = personId,
                UnionId = unionId,
                EndsAt = request.BarredUntil is { } until ? Instants.StartOf(until.AddDays(1)) : null,
                ReasonSealed = cipher.Seal(SinglesBarRow.ReasonPlace, barId, request.Reason!),
                MadeBy = caller.PersonId,
                At = now,
            },
            token: cancellation);

    /// <summary>Who reported hears that it was dealt with, not how; who was reported hears only what concerns her.</summary>
    private static List<Notice> NoticesOf(SinglesReportRow report, string title, Request request)
    {
        var notices = new List<Notice> { new(report.PersonId, "singles_report_decided", "举报已处理", $"您在“{title}”提交的举报已由工会处理。", report.Id) };
        if (request.State == ReportState.Warned)
        {
            notices.Add(new(report.ReportedId, "singles_warned", "联谊活动提醒", $"您在“{title}”中的行为受到警告:{request.Reason}。如有疑问请联系主办工会。", report.ActivityId));
        }
        else if (request.State == ReportState.Barred)
        {
            notices.Add(new(report.ReportedId, "singles_barred", "限制参加联谊活动", Bars.InWords(request.BarredUntil, request.Reason!), report.ActivityId));
        }

        return notices;
    }
}
