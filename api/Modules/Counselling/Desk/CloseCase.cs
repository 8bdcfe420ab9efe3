using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>Why a case ended (结案原因).</summary>
public enum CaseEnd
{
    /// <summary>目标达成.</summary>
    GoalReached,

    /// <summary>已转介.</summary>
    Referred,

    /// <summary>来访者不再继续.</summary>
    ByClient,

    /// <summary>联系不上.</summary>
    OutOfTouch,
}

/// <summary>A counsellor closes a case (结案). A later talk with her opens it again by itself.</summary>
internal static class CloseCase
{
    public sealed record Request([property: Needed, KnownWord] CaseEnd? Reason);

    /// <summary>结案 (close the case of this client). A repeat changes nothing.</summary>
    /// <response code="409">case_has_talk: she has a talk with me before her.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, Caller caller, ClientRecords clients, CaseKeys keys, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var (_, mine, client) = await CaseFile.OpenCaseAsync(db, id, caller, clients, now, cancellation);
                var talks = (await AppointmentDeeds.OfClientAsync(db, client.Record, cancellation)).Where(t => t.CounsellorId == mine.Id).ToList();
                if (talks.Any(t => t.State is AppointmentState.Held or AppointmentState.Booked or AppointmentState.Arrived))
                {
                    throw new Refusal(CounsellingProblems.CaseHasTalk);
                }

                if (ClosedOn(client.Record, mine.Id, talks) is not null)
                {
                    return;
                }

                var closure = new CaseClosure(Instants.DateOf(now).Stored(), mine.Id, CountWith(mine.Id, talks), request.Reason!.Value);
                await clients.SaveAsync(db, client.Row.Id, client.Record with { Closures = [.. client.Record.Closures, closure] }, cancellation);
                await Audit.WriteAsync(db, caller, "close_case", "appointment", keys.Masked(id, $"close|{now}"), now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Null while it is open: never closed, or a talk came after.</summary>
    public static DateOnly? ClosedOn(ClientRecord client, string counsellorId, IEnumerable<AppointmentRow> talks)
    {
        var last = client.Closures.LastOrDefault(c => c.CounsellorId == counsellorId);
        return last is null || CountWith(counsellorId, talks) > last.Talks ? null : Instants.Date(last.ClosedOn);
    }

    private static int CountWith(string counsellorId, IEnumerable<AppointmentRow> talks) =>
        talks.Count(t => t.CounsellorId == counsellorId && t.State != AppointmentState.Cancelled);
}
