using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Members.Desk;

namespace WeChatUnion.Api.Modules.Activities.Attending;

/// <summary>Staff at the door check somebody in, by her member code or found by name or phone tail.</summary>
internal static class CheckInAtDoor
{
    /// <param name="MemberCode">As her phone shows it; this or enrolmentId.</param>
    /// <param name="EnrolmentId">As the search found it.</param>
    /// <param name="SessionId">Null: the session whose check-in is open.</param>
    /// <param name="ScannedAt">From a device that was without a network: when it saw her code. Brought in at most 7 days after; only with memberCode.</param>
    public sealed record Request(
        [property: LengthBetween(1, 100)] string? MemberCode, [property: Id] string? EnrolmentId, [property: Id] string? SessionId, DateTimeOffset? ScannedAt);

    /// <param name="Name">Masked.</param>
    /// <param name="Number">报名序号.</param>
    /// <param name="ScannedAt">As the offline device said; null when it was at once.</param>
    /// <param name="CheckedInBy">The staff member's name; null when she scanned the hall's code herself.</param>
    /// <param name="IsRepeated">She was checked in before; the answer is that first check-in.</param>
    public sealed record Response(
        string Id, string EnrolmentId, string SessionId, string? Name, int Number, int Guests, string GroupName, CheckInWay Way, DateTimeOffset At, DateTimeOffset? ScannedAt, string? CheckedInBy, bool IsRepeated);

    /// <summary>现场签到 (check somebody in). Repeating it answers the first check-in.</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, Reach reach, Database database, MemberCode codes, CheckIns checkIns, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var at = SeenAt(request, now);
        CheckIns.Arrival arrival;
        await using (var db = database.Open())
        {
            var activity = await ActivityDrafts.FindAsync(db, id, reach, cancellation);
            var session = await Door.PickAsync(db, activity, request.SessionId, at, cancellation);
            var enrolment = await FindAsync(db, id, request, codes, at, cancellation);
            CheckIns.RefuseWithoutPlace(enrolment, caller);
            var way = request.MemberCode is null ? CheckInWay.Search : CheckInWay.MemberCode;
            arrival = new CheckIns.Arrival(activity, session, enrolment!, way, caller, request.ScannedAt?.ToUnixTimeMilliseconds());
        }

        return TypedResults.Ok(await AnswerAsync(database, arrival.Enrolment, await checkIns.WriteAsync(arrival, cancellation), cancellation));
    }

    internal static async Task<Response> AnswerAsync(Database database, EnrolmentRow enrolment, CheckIns.Outcome outcome, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var name = await db.MemberRecords.Where(r => r.PersonId == enrolment.PersonId).Select(r => r.Name).FirstOrDefaultAsync(cancellation);
        var group = await db.ActivityGroups.Where(g => g.Id == enrolment.GroupId).Select(g => g.Name).FirstAsync(cancellation);
        var first = outcome.CheckIn;
        var by = first.Way == CheckInWay.HallCode
            ? null
            : await db.StaffAccounts.Where(a => a.PersonId == first.MadeBy).Select(a => a.DisplayName).FirstOrDefaultAsync(cancellation);
        return new Response(
            first.Id, enrolment.Id, first.SessionId, name is null ? null : Masking.Name(name), enrolment.Number, enrolment.Guests, group, first.Way, Instants.At(first.At), Instants.At(first.ScannedAt), by, outcome.IsRepeated);
    }

    private static long SeenAt(Request request, long now)
    {
        if ((request.MemberCode is null) == (request.EnrolmentId is null))
        {
            throw Refusal.OfField("memberCode", "请扫描会员码,或选择查找到的报名,二者填一项。");
        }

        // The minute signed in her code proves the time; without it the word of whoever holds the device would undo an absence.
        if (request.ScannedAt is not null && request.MemberCode is null)
        {
            throw Refusal.OfField("scannedAt", "扫码时间只能与会员码一起提交,按查找结果签到时请不要填写。");
        }

        var at = request.ScannedAt?.ToUnixTimeMilliseconds() ?? now;
        if (at > now)
        {
            throw Refusal.OfField("scannedAt", "扫码时间晚于现在,请校准设备时间。");
        }

        return now - at < (long)CheckInWindow.LatestUpload.TotalMilliseconds ? at : throw new Refusal(AttendingProblems.Closed);
    }

    private static async Task<EnrolmentRow?> FindAsync(
        Db db, string id, Request request, MemberCode codes, long at, CancellationToken cancellation)
    {
        if (request.EnrolmentId is { } enrolmentId)
        {
            return await db.Enrolments.FirstOrDefaultAsync(e => e.Id == enrolmentId && e.ActivityId == id, cancellation)
                ?? throw new Refusal(CommonProblems.NotFound);
        }

        var membershipId = request.ScannedAt is null
            ? codes.MembershipOf(request.MemberCode!, at)
            : codes.MembershipSeenOffline(request.MemberCode!, at);
        var personId = await db.Memberships.Where(m => m.Id == membershipId).Select(m => m.LivePersonId).FirstOrDefaultAsync(cancellation)
            ?? throw new Refusal(MembersProblems.MemberLeft);
        return await db.Enrolments.FirstOrDefaultAsync(e => e.ActivityId == id && e.LivePersonId == personId, cancellation);
    }
}
