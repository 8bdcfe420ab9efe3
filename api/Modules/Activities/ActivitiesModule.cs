using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Files;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities.Allocating;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Activities.Reporting;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Messages.Broadcasts;

namespace WeChatUnion.Api.Modules.Activities;

/// <summary>Activities: published by organisers, signed up for by workers, with waiting lists.</summary>
internal static class ActivitiesModule
{
    /// <summary>What anybody's sign-up may meet.</summary>
    private static readonly Problem[] OfSignUp =
    [
        ActivitiesProblems.NotOpenYet, ActivitiesProblems.OpensLaterForYou, ActivitiesProblems.ClosedForYou, ActivitiesProblems.SignUpClosed,
        ActivitiesProblems.ActivityCancelled, ActivitiesProblems.NotEligible, ActivitiesProblems.Full, ActivitiesProblems.TooManyGuests,
        ActivitiesProblems.EnrolledAlready, ActivitiesProblems.AnswersIncomplete, ActivitiesProblems.Busy,
    ];

    public static IServiceCollection AddActivities(this IServiceCollection services) =>
        services.AddActivitiesRetention()
            .AddAttending()
            .AddSingleton(new SealedColumn("enrolments", "id", "answers_sealed", EnrolmentRow.AnswersPlace))
            .AddSingleton(new SealedColumn("enrolment_steps", "id", "reason_sealed", EnrolmentStepRow.ReasonPlace))
            .AddSingleton(new SealedColumn("activity_steps", "id", "reason_sealed", ActivityStepRow.ReasonPlace))
            .AddSingleton(new SealedColumn("draw_values", "id", "reason_sealed", DrawValueRow.ReasonPlace))
            .AddSingleton(new SealedColumn("draws", "activity_id", "secret_sealed", DrawRow.SecretPlace))
            .AddSingleton<DrawSecrets>().AddSingleton<AllocatingPlaces>().AddSingleton<Choosing>()
            .AddSingleton<ActivityDecisions>().AddSingleton<DeskSettings>().AddSingleton<SignUpRecords>().AddSingleton<SignUp>().AddSingleton<EnrolmentDesk>().AddSingleton<WaitingLine>()
            .AddSingleton<Displacement>()
            .AddSingleton(ActivityCovers.Purpose)
            .AddSingleton(EnrolmentReminders.Source)
            .AddSingleton(new Audience(
                Audience.OfActivity,
                "SELECT union_id FROM activities WHERE id = @audienceId AND state = 'published'",
                "SELECT live_person_id AS person_id FROM enrolments WHERE activity_id = @audienceId AND live_person_id IS NOT NULL"))
            .AddSingleton(new Look(ExportAttendance.Deed, "导出活动签到表时看到了姓名、手机尾号和报名问题的回答"));

    public static void Map(Routes routes)
    {
        var seen = routes.Worker.MapGroup("/activities").WithTags("活动");
        seen.MapGet("", ListActivities.Handle).AllowAnonymous();
        seen.MapGet("/{id:id}", GetActivity.Handle).AllowAnonymous();
        seen.MapGet("/{id:id}/draw", GetDraw.Handle).AllowAnonymous();
        seen.MapGet("/{id:id}/cover", GetCover.Handle).AllowAnonymous().Answers(CleanImage.ContentType);

        var mine = seen.MapGroup("/{id:id}").RequireAuthorization(Policies.Worker);
        mine.MapPut("/enrolment", Enrol.Handle)
            .NeedsKey()
            .Refuses([.. OfSignUp, ActivitiesProblems.RemovedByOrganiser]);
        mine.MapGet("/enrolment", GetEnrolment.Handle);
        mine.MapDelete("/enrolment", CancelEnrolment.Handle)
            .Refuses(ActivitiesProblems.NotEnrolled, ActivitiesProblems.LateCancellation, ActivitiesProblems.HasStarted, AttendingProblems.CheckedInAlready);
        mine.MapPut("/enrolment/offer-answer", AnswerOffer.Handle).Refuses(ActivitiesProblems.NoOffer);

        routes.Worker.MapGet("/me/enrolments", ListMyEnrolments.Handle).WithTags("活动").RequireAuthorization(Policies.Worker);

        var office = routes.Office.MapGroup("/activities").WithTags("活动").RequireAuthorization(Policies.OrganiseActivities);
        office.MapPost("", CreateActivity.Handle).Refuses(CommonProblems.NotFound);
        office.MapGet("", ListOfficeActivities.Handle);
        office.MapGet("/{id:id}", GetDraft.Handle);
        office.MapPut("/{id:id}", ChangeActivity.Handle).Refuses(CommonProblems.ChangedMeanwhile, ActivitiesProblems.NotDraft);
        office.MapPost("/{id:id}/submission", SubmitActivity.Handle)
            .Refuses(CommonProblems.ChangedMeanwhile, ActivitiesProblems.NotDraft, ActivitiesProblems.TimesOutOfOrder);
        office.MapPost("/{id:id}/approval", ApproveActivity.Handle)
            .Refuses(CommonProblems.ChangedMeanwhile, ActivitiesProblems.NotAwaitingApproval, ActivitiesProblems.OwnActivity, ActivitiesProblems.TimesOutOfOrder);
        office.MapPost("/{id:id}/return", ReturnActivity.Handle)
            .Refuses(CommonProblems.ChangedMeanwhile, ActivitiesProblems.NotAwaitingApproval, ActivitiesProblems.OwnActivity);
        office.MapPost("/{id:id}/copies", CopyActivity.Handle);
        office.MapPost("/{id:id}/attendance-exports", ExportAttendance.Handle)
            .IsCostly()
            .NeedsNoKey("Each export is a look of its own, limited and audited; a repeat makes nothing else.")
            .Answers(Sheet.ContentType);
        office.MapGet("/{id:id}/statistics", GetStatistics.Handle);
        office.MapGet("/{id:id}/qr", GetActivityCode.Handle)
            .IsCostly()
            .Answers(GetActivityCode.ContentType)
            .Refuses(ActivitiesProblems.PageNotPublished, IdentityProblems.WeChatBusy, IdentityProblems.WeChatUnavailable);
        office.MapPost("/{id:id}/cancellation", CancelActivity.Handle).Refuses(CommonProblems.ChangedMeanwhile, ActivitiesProblems.ActivityOver);
        office.MapPut("/{id:id}/groups/{groupId:id}/capacity", ChangeCapacity.Handle)
            .Refuses(
                CommonProblems.ChangedMeanwhile, ActivitiesProblems.NotPublished, ActivitiesProblems.ActivityOver, ActivitiesProblems.CapacityBelowTaken, ActivitiesProblems.HasStarted,
                ActivitiesProblems.BeingDrawn);
        office.MapGet("/{id:id}/enrolments", ListEnrolments.Handle);
        office.MapPost("/{id:id}/enrolments/{enrolmentId:id}/removal", RemoveEnrolment.Handle).Refuses(ActivitiesProblems.ActivityOver, ActivitiesProblems.EnrolmentDecided, ActivitiesProblems.BeingDrawn, AttendingProblems.CheckedInAlready);
        MapAllocating(office);
        office.MapPost("/{id:id}/enrolments/{enrolmentId:id}/messages", MessageEnrolled.Handle).IsCostly().Refuses(CommonProblems.NotFound, CommonProblems.TooMany);
        routes.Office.MapPost("/activities/{id:id}/enrolments", EnrolOthers.Handle).WithTags("活动").RequireAuthorization(Policies.SignUpOthers)
            .Refuses([.. OfSignUp, ActivitiesProblems.TooLateForOthers]);
        routes.MapAttending();
    }

    private static void MapAllocating(RouteGroupBuilder office)
    {
        Problem[] timely =
        [
            ActivitiesProblems.AllocationNotDue, ActivitiesProblems.AllocationTooLate, ActivitiesProblems.ActivityCancelled, ActivitiesProblems.Allocated,
        ];
        office.MapGet("/{id:id}/draw-values", ListDrawValues.Handle);
        office.MapPost("/{id:id}/draw-values", EnterDrawValue.Handle)
            .Refuses([.. timely, ActivitiesProblems.NotADraw, ActivitiesProblems.DrawValueEntered]);
        office.MapPost("/{id:id}/draw-values/{valueId:id}/return", ReturnDrawValue.Handle)
            .Refuses([.. timely, ActivitiesProblems.NotADraw, ActivitiesProblems.DrawValueDecided]);
        office.MapPost("/{id:id}/draw-values/{valueId:id}/confirmation", ConfirmDrawValue.Handle)
            .Refuses([
                .. timely, ActivitiesProblems.NotADraw, ActivitiesProblems.DrawValueDecided, ActivitiesProblems.OwnDrawValue,
                ActivitiesProblems.DrawValueDiffers]);
        office.MapPost("/{id:id}/enrolments/{enrolmentId:id}/admission", AdmitEnrolment.Handle)
            .Refuses([.. timely, ActivitiesProblems.NotAChoice, ActivitiesProblems.EnrolmentDecided, ActivitiesProblems.GroupFull]);
        office.MapPost("/{id:id}/enrolments/{enrolmentId:id}/rejection", RejectEnrolment.Handle)
            .Refuses([.. timely, ActivitiesProblems.NotAChoice, ActivitiesProblems.EnrolmentDecided]);
        office.MapPost("/{id:id}/allocation", CloseChoice.Handle)
            .Refuses([.. timely, ActivitiesProblems.NotAChoice, CommonProblems.ChangedMeanwhile]);
    }
}
