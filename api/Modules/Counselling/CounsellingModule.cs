using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Counsellors;
using WeChatUnion.Api.Modules.Counselling.Crisis;
using WeChatUnion.Api.Modules.Counselling.Desk;
using WeChatUnion.Api.Modules.Counselling.Extensions;
using WeChatUnion.Api.Modules.Counselling.Feedback;
using WeChatUnion.Api.Modules.Counselling.Figures;
using WeChatUnion.Api.Modules.Counselling.Scales;
using WeChatUnion.Api.Modules.Counselling.Slots;
using WeChatUnion.Api.Modules.Counselling.Supervision;
using WeChatUnion.Api.Modules.Counselling.Telling;
using WeChatUnion.Api.Modules.Counselling.Waiting;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling;

/// <summary>Psychological support (心理服务): a talk is booked without a double booking and held without being seen.</summary>
internal static class CounsellingModule
{
    private const string Section = "Counselling";
    private const string Tag = "心理服务";

    public static IServiceCollection AddCounselling(this IServiceCollection services) => services
        .AddSingleton<CaseKeys>().AddSingleton<Once>().AddSingleton<ClientRecords>().AddSingleton<ConsentText>()
        .AddSingleton<Holding>().AddSingleton<AppointmentDeeds>().AddSingleton<AppointmentSummaries>().AddSingleton<TalkNotices>().AddSingleton<ClientNotices>()
        .AddSingleton<Tickets>().AddSingleton<Moving>().AddSingleton<CaseFile>().AddSingleton<TalkPoints>().AddSingleton(TalkPoints.Source)
        .AddSingleton<Wishes>().AddSingleton<MonthFigures>().AddSingleton<TalkReminders>().AddSingleton(TalkReminders.Source)
        .AddSingleton(CounsellingExport.Source)
        .AddCounsellingRetention()
        .AddLockedColumns();

    public static void ReadSettings(SettingsReader reader)
    {
        reader.MakeKeys(Section, nameof(CounsellingSettings.LinkKey), CounsellingSettings.ForNewcomers);
        reader.Read<CounsellingSettings>(Section, (s, production) => s.Faults(production));
    }

    public static void Map(Routes routes)
    {
        // Whom to call stands in every answer to workers; a refusal has it too.
        var seen = OfThisModule(routes.Worker.MapGroup(""))
            .WithMetadata(new ProblemAddition("hotlines", s => Hotline.All(s.GetRequiredService<CounsellingSettings>())));
        seen.MapGet("/counsellors", ListCounsellors.Handle).AllowAnonymous().Refuses(CounsellingProblems.Off);
        seen.MapGet("/counselling-slots", ListSlots.Handle).RequireAuthorization(Policies.Worker).Refuses(CounsellingProblems.Off);

        var mine = seen.MapGroup("").RequireAuthorization(Policies.Worker);
        mine.MapGet("/me/counselling-consent", GetCounsellingConsent.Handle).Refuses(CounsellingProblems.Off);
        mine.MapPut("/me/counselling-consent", GiveCounsellingConsent.Handle).Refuses(CounsellingProblems.Off, CounsellingProblems.ConsentTextOutdated);
        mine.MapDelete("/me/counselling-consent", WithdrawCounsellingConsent.Handle).Refuses(CounsellingProblems.Off);
        mine.MapPut("/me/intake-form", FillInIntake.Handle).Refuses(CounsellingProblems.Off, CounsellingProblems.ConsentNeeded);
        mine.MapGet("/me/intake-form", FillInIntake.HandleRead).Refuses(CounsellingProblems.Off);
        mine.MapGet("/me/appointments", ListMyAppointments.Handle).Refuses(CounsellingProblems.Off);
        mine.MapPost("/appointments", HoldAppointment.Handle)
            .Refuses(
                CounsellingProblems.Off, CommonProblems.NotFound, CounsellingProblems.ConsentNeeded, CounsellingProblems.SlotGone,
                CounsellingProblems.AppointmentOpen, CounsellingProblems.FreeTalksUsed, CounsellingProblems.TalksMissed);
        mine.MapGet("/appointments/{id:id}", ListMyAppointments.HandleOne).Refuses(CounsellingProblems.Off);
        mine.MapPut("/appointments/{id:id}/confirmation", ConfirmAppointment.Handle)
            .Refuses(CounsellingProblems.Off, CounsellingProblems.ConsentNeeded, CounsellingProblems.HoldOver, CounsellingProblems.AppointmentClosed);
        mine.MapPut("/appointments/{id:id}/time", RescheduleAppointment.Handle).NeedsKey()
            .Refuses(
                CounsellingProblems.Off, CommonProblems.ChangedMeanwhile, CounsellingProblems.ConsentNeeded, CounsellingProblems.AppointmentClosed,
                CounsellingProblems.LateToChange, CounsellingProblems.SlotGone, CounsellingProblems.FreeTalksUsed);
        mine.MapPut("/me/waiting-for-talk", WaitForTalk.Handle)
            .Refuses(
                CounsellingProblems.Off, CommonProblems.NotFound, CounsellingProblems.ConsentNeeded, CounsellingProblems.AppointmentOpen, CounsellingProblems.FreeTalksUsed,
                CounsellingProblems.SlotsFree);
        mine.MapGet("/me/waiting-for-talk", WaitForTalk.HandleRead).Refuses(CounsellingProblems.Off);
        mine.MapDelete("/me/waiting-for-talk", WaitForTalk.HandleEnd).Refuses(CounsellingProblems.Off);
        mine.MapPut("/appointments/{id:id}/feedback", GiveFeedback.Handle).Refuses(CounsellingProblems.Off, CounsellingProblems.TalkNotDone, CounsellingProblems.FeedbackOver);
        mine.MapPost("/me/scale-results", AnswerScale.Handle).Refuses(CounsellingProblems.Off, CounsellingProblems.ConsentNeeded, CommonProblems.NotFound);
        mine.MapGet("/me/scale-results", ListMyScales.Handle).Refuses(CounsellingProblems.Off);
        mine.MapPost("/me/crisis-ticket", CallForHelp.Handle).Refuses(CounsellingProblems.Off);
        mine.MapGet("/me/crisis-ticket", CallForHelp.HandleRead).Refuses(CounsellingProblems.Off);
        mine.MapGet("/me/counselling-readings", ListMyReadings.Handle).Refuses(CounsellingProblems.Off);
        mine.MapGet("/me/counselling-referrals", ListMyReferrals.Handle).Refuses(CounsellingProblems.Off);
        mine.MapPost("/appointments/{id:id}/cancellation", CancelAppointment.Handle)
            .Refuses(
                CounsellingProblems.Off, CommonProblems.ChangedMeanwhile, CounsellingProblems.AppointmentClosed, CounsellingProblems.TalkBegun,
                CounsellingProblems.LateToCancel);

        var office = OfThisModule(routes.Office.MapGroup(""));
        MapCounsellor(office.MapGroup("").RequireAuthorization(Policies.Counsel));
        MapSupervisor(office.MapGroup("").RequireAuthorization(Policies.SuperviseCounselling));
        MapCrisis(office);
        office.MapGet("/counselling-figures", GetFigures.Handle).RequireAuthorization(Policies.SeeCounsellingFigures)
            .Refuses(CounsellingProblems.Off, CommonProblems.NotFound, CounsellingProblems.MonthOpen);
        office.MapGet("/counselling-rooms", ListRooms.Handle).RequireAuthorization(Policies.SeeCounsellingRooms).Refuses(CounsellingProblems.Off);
    }

    private static void MapCounsellor(RouteGroupBuilder office)
    {
        office.MapGet("/me/counsellor", GetMyFile.Handle).Refuses(CounsellingProblems.Off, CommonProblems.NotFound);
        office.MapPut("/me/counsellor", SetMyFile.Handle).Refuses(CounsellingProblems.Off, CommonProblems.ChangedMeanwhile);
        office.MapPut("/me/counsellor/week", SetMyWeek.Handle)
            .Refuses(
                CounsellingProblems.Off, CommonProblems.ChangedMeanwhile, CounsellingProblems.NoCounsellorFile, CounsellingProblems.WindowsOverlap,
                CounsellingProblems.RoomUnknown);
        office.MapPost("/me/counsellor/other-days", AddOtherDays.Handle)
            .Refuses(CounsellingProblems.Off, CommonProblems.NotFound, CounsellingProblems.NoCounsellorFile, CounsellingProblems.RoomUnknown);
        office.MapDelete("/me/counsellor/other-days/{id:id}", RemoveOtherDays.Handle).Refuses(CounsellingProblems.Off, CounsellingProblems.NoCounsellorFile);
        office.MapGet("/me/counsellor/feedback", ReadFeedback.HandleMine).Refuses(CounsellingProblems.Off, CounsellingProblems.NoCounsellorFile);
        office.MapPost("/talks/{id:id}/extension-requests", AskForTalks.Handle).Refuses(CounsellingProblems.Off, CounsellingProblems.ExtensionAsked);
        office.MapGet("/me/talks", ListTalks.Handle).Refuses(CounsellingProblems.Off, CounsellingProblems.NoCounsellorFile);
        office.MapPost("/talks/{id:id}/cancellation", CancelTalk.Handle)
            .Refuses(CounsellingProblems.Off, CommonProblems.ChangedMeanwhile, CounsellingProblems.AppointmentClosed);
        office.MapPost("/talks/{id:id}/reassignment", ReassignTalk.Handle)
            .Refuses(CounsellingProblems.Off, CommonProblems.ChangedMeanwhile, CounsellingProblems.AppointmentClosed, CounsellingProblems.SlotGone);
        office.MapPut("/talks/{id:id}/arrival", MarkTalk.HandleArrival)
            .Refuses(CounsellingProblems.Off, CommonProblems.ChangedMeanwhile, CounsellingProblems.AppointmentClosed, CounsellingProblems.NotNow);
        office.MapPut("/talks/{id:id}/beginning", BeginTalk.Handle)
            .Refuses(
                CounsellingProblems.Off, CommonProblems.ChangedMeanwhile, CounsellingProblems.AppointmentClosed, CounsellingProblems.NotNow,
                CounsellingProblems.SlotGone);
        office.MapPut("/talks/{id:id}/completion", MarkTalk.HandleCompletion)
            .Refuses(CounsellingProblems.Off, CommonProblems.ChangedMeanwhile, CounsellingProblems.AppointmentClosed, CounsellingProblems.NotNow);
        office.MapPut("/talks/{id:id}/no-show", MarkTalk.HandleNoShow)
            .Refuses(
                CounsellingProblems.Off, CommonProblems.ChangedMeanwhile, CounsellingProblems.AppointmentClosed, CounsellingProblems.NotNow,
                CounsellingProblems.StoodIn);
        office.MapGet("/talks/{id:id}/note", ReadNotes.HandleOne).Refuses(CounsellingProblems.Off, CounsellingProblems.ReadingLocked, CounsellingProblems.ConsentWithdrawn);
        office.MapPut("/talks/{id:id}/note", WriteNote.Handle)
            .Refuses(CounsellingProblems.Off, CommonProblems.ChangedMeanwhile, CounsellingProblems.ReadingLocked, CounsellingProblems.NoteTooEarly, CounsellingProblems.ConsentWithdrawn);
        office.MapGet("/talks/{id:id}/intake-form", ReadNotes.HandleIntake)
            .Refuses(CounsellingProblems.Off, CounsellingProblems.ReadingLocked, CounsellingProblems.ConsentWithdrawn);
        office.MapPost("/talks/{id:id}/note-hand-overs", HandOverNotes.HandleMine)
            .Refuses(CounsellingProblems.Off, CounsellingProblems.ReadingLocked, CounsellingProblems.ConsentWithdrawn);
        office.MapPost("/talks/{id:id}/referrals", ReferClient.Handle)
            .Refuses(CounsellingProblems.Off, CounsellingProblems.ReadingLocked, CounsellingProblems.ConsentWithdrawn, CounsellingProblems.NoteTooEarly);
        office.MapPut("/talks/{id:id}/case-closure", CloseCase.Handle)
            .Refuses(
                CounsellingProblems.Off, CounsellingProblems.ReadingLocked, CounsellingProblems.ConsentWithdrawn, CounsellingProblems.NoteTooEarly,
                CounsellingProblems.CaseHasTalk);
        office.MapPost("/talks/{id:id}/supervision-texts", SendForSupervision.Handle)
            .Refuses(CounsellingProblems.Off, CounsellingProblems.ReadingLocked, CounsellingProblems.ConsentWithdrawn, CounsellingProblems.SupervisionMarks);
        office.MapGet("/me/supervision-texts", AnswerSupervision.HandleMine)
            .Refuses(CounsellingProblems.Off, CounsellingProblems.NoCounsellorFile, CounsellingProblems.ReadingLocked);
        office.MapGet("/talks/{id:id}/history", ReadNotes.HandleHistory).Refuses(CounsellingProblems.Off, CounsellingProblems.ReadingLocked, CounsellingProblems.ConsentWithdrawn);
    }

    private static void MapSupervisor(RouteGroupBuilder office)
    {
        office.MapGet("/counsellors", ListCounsellorFiles.Handle).Refuses(CounsellingProblems.Off);
        office.MapGet("/counsellors/{id:id}", ListCounsellorFiles.HandleOne).Refuses(CounsellingProblems.Off);
        office.MapPost("/counsellors/{id:id}/approval", DecideCounsellor.HandleApproval)
            .Refuses(CounsellingProblems.Off, CommonProblems.ChangedMeanwhile, CounsellingProblems.CounsellorDecided, CounsellingProblems.OwnCounsellorFile);
        office.MapPost("/counsellors/{id:id}/suspension", DecideCounsellor.HandleSuspension)
            .Refuses(CounsellingProblems.Off, CommonProblems.ChangedMeanwhile, CounsellingProblems.CounsellorDecided, CounsellingProblems.OwnCounsellorFile);
        office.MapPost("/counsellors/{id:id}/reading-confirmation", ConfirmReading.Handle).Refuses(CounsellingProblems.Off, CounsellingProblems.OwnCounsellorFile);
        office.MapGet("/counsellors/{id:id}/feedback", ReadFeedback.HandleOf).Refuses(CounsellingProblems.Off);
        office.MapPost("/counsellors/{id:id}/note-hand-overs", HandOverNotes.HandleAll)
            .Refuses(CounsellingProblems.Off, CounsellingProblems.CounsellorDecided, CounsellingProblems.OwnCounsellorFile);
        office.MapGet("/supervision-texts", AnswerSupervision.HandleList).Refuses(CounsellingProblems.Off);
        office.MapPost("/supervision-texts/{id:id}/answer", AnswerSupervision.Handle)
            .Refuses(CounsellingProblems.Off, CounsellingProblems.OwnCounsellorFile, CounsellingProblems.SupervisionAnswered);
        office.MapPost("/crisis-shifts", AddShift.Handle).Refuses(CounsellingProblems.Off, CommonProblems.NotFound);
        office.MapDelete("/crisis-shifts/{id:id}", RemoveShift.Handle).Refuses(CounsellingProblems.Off);
        office.MapGet("/counselling-extensions", ListExtensions.Handle).Refuses(CounsellingProblems.Off);
        office.MapPost("/counselling-extensions/{id:id}/approval", DecideExtension.HandleApproval)
            .Refuses(CounsellingProblems.Off, CounsellingProblems.ExtensionDecided, CounsellingProblems.ExtendedAlready, CounsellingProblems.OwnCounsellorFile);
        office.MapPost("/counselling-extensions/{id:id}/rejection", DecideExtension.HandleRejection).Refuses(CounsellingProblems.Off, CounsellingProblems.ExtensionDecided, CounsellingProblems.OwnCounsellorFile);
        office.MapPost("/counselling-rooms", CreateRoom.Handle).Refuses(CounsellingProblems.Off);
        office.MapPut("/counselling-rooms/{id:id}", ChangeRoom.Handle).Refuses(CounsellingProblems.Off, CommonProblems.ChangedMeanwhile);
    }

    private static void MapCrisis(RouteGroupBuilder office)
    {
        var duty = office.MapGroup("/crisis-tickets").RequireAuthorization(Policies.AnswerCrises);
        office.MapGet("/crisis-shifts", ListShifts.Handle).RequireAuthorization(Policies.AnswerCrises).Refuses(CounsellingProblems.Off, CommonProblems.NotFound);
        duty.MapGet("", ListTickets.Handle).Refuses(CounsellingProblems.Off, CommonProblems.NotFound);
        duty.MapGet("/{id:id}", ListTickets.HandleOne).Refuses(CounsellingProblems.Off);
        duty.MapPost("/{id:id}/response", RespondToTicket.Handle).Refuses(CounsellingProblems.Off, CounsellingProblems.TicketTaken, CounsellingProblems.TicketClosed);
        duty.MapPost("/{id:id}/steps", AddTicketStep.Handle).Refuses(CounsellingProblems.Off, CounsellingProblems.TicketStep, CounsellingProblems.TicketClosed);
        duty.MapPost("/{id:id}/identity-readings", ReadIdentity.Handle).Refuses(CounsellingProblems.Off, CounsellingProblems.TicketClosed);
        office.MapPost("/crisis-tickets/{id:id}/closure", AddTicketStep.HandleClosure).RequireAuthorization(Policies.SuperviseCounselling)
            .Refuses(CounsellingProblems.Off, CounsellingProblems.TicketStep, CounsellingProblems.TicketClosed);
    }

    /// <summary>The log says of no call here who made it; and where the county offers no support, every route says so.</summary>
    private static RouteGroupBuilder OfThisModule(RouteGroupBuilder group) => group
        .WithTags(Tag)
        .WithMetadata(new NamelessRoute())
        .AddEndpointFilter((context, next) => context.HttpContext.RequestServices.GetRequiredService<CounsellingSettings>().IsOn
            ? next(context)
            : throw new Refusal(CounsellingProblems.Off));
}
