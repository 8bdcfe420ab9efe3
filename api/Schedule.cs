using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Files;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Allocating;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Counselling;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Crisis;
using WeChatUnion.Api.Modules.Counselling.Figures;
using WeChatUnion.Api.Modules.Counselling.Telling;
using WeChatUnion.Api.Modules.Counselling.Waiting;
using WeChatUnion.Api.Modules.Employment.Applying;
using WeChatUnion.Api.Modules.Employment.Complaints;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Identity.MyData;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Members.Standing;
using WeChatUnion.Api.Modules.Members.Transfers;
using WeChatUnion.Api.Modules.Messages;
using WeChatUnion.Api.Modules.Messages.Broadcasts;
using WeChatUnion.Api.Modules.Messages.Pushes;
using WeChatUnion.Api.Modules.Messages.Reminders;
using WeChatUnion.Api.Modules.Singles.Ballots;
using WeChatUnion.Api.Modules.Singles.Entries;
using WeChatUnion.Api.Modules.Singles.Figures;
using WeChatUnion.Api.Modules.Singles.FollowUps;
using WeChatUnion.Api.Modules.Singles.Photos;
using WeChatUnion.Api.Modules.Unions.Committees;

namespace WeChatUnion.Api;

/// <summary>All periodic work of the program in one table. The tasks live with what they look after.</summary>
internal static class Schedule
{
    public static IServiceCollection AddSchedule(this IServiceCollection services) => services
        .AddPeriodic<SealAudit>("seal_audit", TimeSpan.FromSeconds(10))
        .AddPeriodic<ForgetIdempotencyKeys>("forget_idempotency_keys", TimeSpan.FromMinutes(10))
        .AddPeriodic<ForgetPhoneCodes>("forget_phone_codes", TimeSpan.FromHours(1))
        .AddPeriodic<ForgetSignInAttempts>("forget_sign_in_attempts", TimeSpan.FromHours(1))
        .AddPeriodic<ForgetRebindingCodes>("forget_rebinding_codes", TimeSpan.FromHours(1))
        .AddPeriodic<ForgetSessions>("forget_sessions", TimeSpan.FromHours(1))
        .AddPeriodic<ForgetUnusedFiles>("forget_unused_files", TimeSpan.FromHours(1))
        .AddPeriodic<ErasePersons>("erase_persons", TimeSpan.FromMinutes(10))
        .AddPeriodic<ApplyRetention>("apply_retention", TimeSpan.FromHours(24))
        .AddPeriodic<TimeOutTransfers>("time_out_transfers", TimeSpan.FromMinutes(10))
        .AddPeriodic<LetRequestsStand>("let_requests_stand", TimeSpan.FromMinutes(10))
        .AddPeriodic<MarkOverdueTerms>("mark_overdue_terms", TimeSpan.FromHours(1))
        .AddPeriodic<ExpireOffers>("expire_offers", TimeSpan.FromSeconds(5))
        .AddPeriodic<MergeGroups>("merge_groups", TimeSpan.FromSeconds(30))
        .AddPeriodic<FreezeDrawLists>("freeze_draw_lists", TimeSpan.FromSeconds(5))
        .AddPeriodic<BeginActivities>("begin_activities", TimeSpan.FromSeconds(5))
        .AddPeriodic<MarkNoShows>("mark_no_shows", TimeSpan.FromMinutes(5))
        .AddPeriodic<Lapses>("lapse_holds", TimeSpan.FromSeconds(30))
        .AddPeriodic<OfferTalks>("offer_talks", TimeSpan.FromSeconds(5))
        .AddPeriodic<TellClients>("tell_clients", TimeSpan.FromSeconds(5))
        .AddPeriodic<PublishFigures>("publish_counselling_figures", TimeSpan.FromHours(1))
        .AddPeriodic<DestroyCases>("destroy_cases", TimeSpan.FromHours(24))
        .AddPeriodic<EscalateCrises>("escalate_crises", TimeSpan.FromSeconds(10))
        .AddPeriodic<SendCrisisAlarms>("send_crisis_alarms", TimeSpan.FromSeconds(2))
        .AddPeriodic<FollowUps>("follow_up_applications", TimeSpan.FromMinutes(10))
        .AddPeriodic<EndDisclosures>("end_disclosures", TimeSpan.FromHours(1))
        .AddPeriodic<RemindOfComplaints>("remind_of_complaints", TimeSpan.FromMinutes(10))
        .AddPeriodic<HandOverOutbox>("hand_over_outbox", TimeSpan.FromMinutes(1))
        .AddPeriodic<SendReminders>("send_reminders", TimeSpan.FromSeconds(30))
        .AddPeriodic<SendBroadcasts>("send_broadcasts", SendBroadcasts.Every)
        .AddPeriodic<ForgetReminders>("forget_reminders", TimeSpan.FromHours(1))
        .AddPeriodic<ForgetPushes>("forget_pushes", TimeSpan.FromHours(1))
        .AddPeriodic<CheckTexts>("check_texts", TimeSpan.FromMinutes(1))
        .AddPeriodic<CheckPhotos>("check_photos", TimeSpan.FromSeconds(5))
        .AddPeriodic<AskFollowUps>("ask_follow_ups", TimeSpan.FromHours(1))
        .AddPeriodic<TallyEvenings>("tally_evenings", TimeSpan.FromHours(24))
        .AddPeriodic<VoidForgottenRounds>(VoidForgottenRounds.Name, TimeSpan.FromHours(1));
}
