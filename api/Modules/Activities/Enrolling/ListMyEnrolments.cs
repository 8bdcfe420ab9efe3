using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>Where have I signed up?</summary>
internal static class ListMyEnrolments
{
    public sealed record Item(
        string Id, string ActivityId, string Title, Phase Phase, string Place, DateTimeOffset StartsAt, EnrolmentState State, int Number, DateTimeOffset? OfferedUntil);

    /// <summary>我的报名清单 (my sign-ups), newest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var now = clock.Milliseconds();
        await using var db = database.Open();
        var activities = db.Activities;
        var rows = await (
            from enrolment in db.Enrolments
            join activity in activities on enrolment.ActivityId equals activity.Id
            where enrolment.PersonId == caller.PersonId && (mark == null || enrolment.Id.CompareTo(mark) < 0)
            orderby enrolment.Id descending
            select new { enrolment, activity }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.enrolment.Id, r.activity.Id, r.activity.Title, Phases.Of(r.activity, now), r.activity.Place, Instants.At(r.activity.StartsAt), r.enrolment.State, r.enrolment.Number, Instants.At(r.enrolment.OfferedUntil)),
            r => r.enrolment.Id));
    }
}
