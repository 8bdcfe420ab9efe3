using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Api.Modules.Activities.Attending;

/// <summary>Who came: check-ins by staff and by workers, walk-ins, no-shows.</summary>
internal static class AttendingRoutes
{
    /// <summary>What anybody at the door may meet.</summary>
    private static readonly Problem[] OfTheDoor =
    [
        CommonProblems.NotFound, AttendingProblems.NotOpenYet, AttendingProblems.Closed, AttendingProblems.AcceptOfferFirst, AttendingProblems.NoPlaceGiven,
        ActivitiesProblems.NotEnrolled, ActivitiesProblems.ActivityCancelled,
    ];

    public static IServiceCollection AddAttending(this IServiceCollection services) =>
        services.AddSingleton<HallCode>().AddSingleton<CheckIns>().AddSingleton(EnrolmentPoints.Source);

    public static void MapAttending(this Routes routes)
    {
        routes.Worker.MapPost("/activities/{id:id}/check-ins", CheckInByHallCode.Handle).WithTags("活动").RequireAuthorization(Policies.Worker)
            .NeedsNoKey("session and sign-up are the natural key: a repeat answers the first check-in")
            .Refuses([.. OfTheDoor, AttendingProblems.HallCodeInvalid, AttendingProblems.HallCodeExpired, AttendingProblems.HallCodeElsewhere]);

        var office = routes.Office.MapGroup("/activities/{id:id}").WithTags("活动").RequireAuthorization(Policies.OrganiseActivities);
        office.MapPost("/check-ins", CheckInAtDoor.Handle)
            .NeedsNoKey("session and sign-up are the natural key: a repeat answers the first check-in")
            .Refuses([.. OfTheDoor, MembersProblems.MemberCodeInvalid, MembersProblems.MemberCodeExpired, MembersProblems.MemberLeft]);
        office.MapGet("/hall-code", GetHallCode.Handle)
            .Refuses(CommonProblems.NotFound, AttendingProblems.NotOpenYet, AttendingProblems.Closed, ActivitiesProblems.ActivityCancelled);
        office.MapPost("/enrolment-searches", SearchEnrolments.Handle).NeedsNoKey("a search changes nothing").IsCostly()
            .Refuses(CommonProblems.NotFound, CommonProblems.TooMany);
        office.MapPost("/walk-ins", WalkIn.Handle)
            .Refuses([
                .. OfTheDoor, ActivitiesProblems.Full, ActivitiesProblems.NotEligible, ActivitiesProblems.ClosedForYou, ActivitiesProblems.AnswersIncomplete,
                ActivitiesProblems.AllocationNotDue,
                MembersProblems.MemberCodeInvalid, MembersProblems.MemberCodeExpired, MembersProblems.MemberLeft]);
    }
}
