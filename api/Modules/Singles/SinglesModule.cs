using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Files;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Identity.MyData;
using WeChatUnion.Api.Modules.Messages.Pushes;
using WeChatUnion.Api.Modules.Singles.Ballots;
using WeChatUnion.Api.Modules.Singles.Entries;
using WeChatUnion.Api.Modules.Singles.Figures;
using WeChatUnion.Api.Modules.Singles.FollowUps;
using WeChatUnion.Api.Modules.Singles.Joining;
using WeChatUnion.Api.Modules.Singles.Matches;
using WeChatUnion.Api.Modules.Singles.Photos;
using WeChatUnion.Api.Modules.Singles.Plates;
using WeChatUnion.Api.Modules.Singles.Reports;

namespace WeChatUnion.Api.Modules.Singles;

/// <summary>Singles' evenings (单身联谊): activities with number plates, a sealed ballot, and nothing but mutual choices ever seen.</summary>
internal static class SinglesModule
{
    private const string OverForLong = "EXISTS (SELECT 1 FROM activities a WHERE a.id = plates.activity_id AND a.ends_at <= @before)";

    private const string MatchedLongAgo = "at <= @before";

    public static IServiceCollection AddSingles(this IServiceCollection services) =>
        services.AddSingleton<FollowCheckIn>(s => new GivePlates(s.GetRequiredService<FieldCipher>()).FollowCheckInAsync)
            .AddSingleton<CountRound>().AddSingleton<EntryDecisions>().AddSingleton<EntriesKept>()
            .AddSingleton<OpenGate>(s => SinglesGate.Opening(s.GetRequiredService<SinglesRules>(), s.GetRequiredService<FieldCipher>()))
            .AddSingleton(s => EveningForm.Rule(s.GetRequiredService<SinglesRules>()))
            .AddSingleton(new ConsentWithdrawn(SinglesConsents.Purpose, SinglesConsents.FollowWithdrawalAsync))
            .AddSingleton(new ConsentWithdrawn(SinglesConsents.Declaration, SinglesConsents.FollowDeclarationAsync))
            .AddSingleton(new SealedColumn("singles_entries", "id", "details_sealed", SinglesEntryRow.DetailsPlace))
            .AddSingleton(new SealedColumn("singles_entry_steps", "id", "reason_sealed", SinglesEntryStepRow.ReasonPlace))
            .AddSingleton(new SealedColumn("singles_reports", "id", "text_sealed", SinglesReportRow.TextPlace))
            .AddSingleton(new SealedColumn("singles_reports", "id", "answer_sealed", SinglesReportRow.AnswerPlace))
            .AddSingleton(new SealedColumn("singles_bars", "id", "reason_sealed", SinglesBarRow.ReasonPlace))
            .AddSingleton(new Look(ListPlates.Deed, "查看了联谊活动的号牌名单"))
            .AddSingleton(new Look(ListReports.Deed, "查看了联谊活动中嘉宾的情况"))
            .AddSingleton(new Look(ListBars.Deed, "查看了限制参加联谊的名单"))
            .AddSingleton(new Look(GetEntry.Deed, "查看了联谊信息"))
            .AddSingleton<FollowPush>(s => new FollowWord(s.GetRequiredService<IMessenger>()).FollowAsync)
            .AddSingleton(s => EntryPhotos.Purpose(s.GetRequiredService<TimeProvider>()))
            .AddSingleton<BeforeErasing>(SinglesConsents.BeforeErasingAsync)
            .AddSingleton(EntriesKept.Rule)
            .AddSingleton(new RetentionRule("past_singles_reports", "singles_reports", "created_at <= @before"))
            .AddSingleton(new RetentionRule("past_singles_bars", "singles_bars", "COALESCE(lifted_at, ends_at) <= @before"))
            .AddSingleton(new RetentionRule("past_matches", "matches", MatchedLongAgo, "match_follow_ups.match_id", "match_sides.match_id"))
            .AddSingleton(new RetentionRule("past_plates", "plates", OverForLong));

    public static void ReadSettings(SettingsReader reader)
    {
        reader.MakeKey("Singles", nameof(SinglesRules.BallotKey));
        reader.Read<SinglesRules>("Singles", (s, _) => s.Faults());
        reader.Try(() => reader.IsSet("WeChat:PublicAddress") && !reader.IsSet("WeChatPush:Token")
            ? "已填写 WeChat:PublicAddress,但没有填写 WeChatPush:Token:照片检查的结果送不回来,照片会一直待检查。请在小程序后台开启消息推送并填写 WeChatPush 一节;不检查照片的,WeChat:PublicAddress 留空。"
            : null);
    }

    public static void Map(Routes routes)
    {
        var evening = routes.Worker.MapGroup("/activities/{id:id}").WithTags("单身联谊").RequireAuthorization(Policies.Worker);
        evening.MapGet("/plate", GetPlate.Handle).Refuses(SinglesProblems.NoPlate);
        evening.MapGet("/guests", ListGuests.Handle).Refuses(SinglesProblems.NoPlate, SinglesProblems.EveningOver);
        evening.MapGet("/ballot", GetBallot.Handle).Refuses(SinglesProblems.NoPlate);
        evening.MapPut("/ballot", CastBallot.Handle)
            .Refuses(
                SinglesProblems.NoPlate, SinglesProblems.RoundNotOpen, SinglesProblems.BallotClosed, SinglesProblems.RoundVoid, SinglesProblems.ConsentNeeded, SinglesProblems.PlateUnknown, SinglesProblems.BallotKeyMissing);
        evening.MapGet("/matches", ListMatches.Handle).Refuses(SinglesProblems.NoPlate);
        evening.MapPut("/matches/{matchId:id}/contact", AgreeToContact.Handle)
            .Refuses(SinglesProblems.MatchEnded, SinglesProblems.ContactOver, SinglesProblems.ContactNotWanted, SinglesProblems.PhoneNeeded);
        evening.MapDelete("/matches/{matchId:id}/contact", AgreeToContact.HandleWithdrawal);
        evening.MapPut("/matches/{matchId:id}/announcement", AgreeToAnnouncement.Handle).Refuses(SinglesProblems.MatchEnded, SinglesProblems.NotAPair);
        evening.MapDelete("/matches/{matchId:id}/announcement", AgreeToAnnouncement.HandleWithdrawal);
        evening.MapPut("/matches/{matchId:id}/block", Block.Handle);

        evening.MapPost("/reports", ReportGuest.Handle).Refuses(SinglesProblems.NoPlate, SinglesProblems.PlateUnknown);
        MapEntry(routes);
        var followUps = routes.Worker.MapGroup("/me/singles-follow-ups").WithTags("单身联谊").RequireAuthorization(Policies.Worker);
        followUps.MapGet("", ListMyFollowUps.Handle);
        followUps.MapPut("/{id:id}", AnswerFollowUp.Handle).Refuses(SinglesProblems.ConsentNeeded);

        var host = routes.Office.MapGroup("/activities/{id:id}").WithTags("单身联谊").RequireAuthorization(Policies.OrganiseActivities);
        host.MapGet("/plates", ListPlates.Handle);
        host.MapGet("/ballot-rounds", ListRounds.Handle);
        host.MapPost("/ballot-rounds", OpenRound.Handle)
            .NeedsNoKey("the closing key is shown once: a repeat meets the open round, which is voided and opened anew")
            .Refuses(
                CommonProblems.NotFound, SinglesProblems.BallotKeyMissing, SinglesProblems.TooFewGuests, SinglesProblems.RoundLive, ActivitiesProblems.ActivityCancelled);
        host.MapPost("/ballot-rounds/{roundId:id}/closing", CloseRound.Handle)
            .NeedsNoKey("the round is the natural key, and nothing made of the closing key is kept")
            .IsCostly()
            .Refuses(CommonProblems.NotFound, SinglesProblems.ClosingKeyWrong, SinglesProblems.RoundVoid, SinglesProblems.BallotKeyMissing);
        host.MapPost("/ballot-rounds/{roundId:id}/voiding", VoidRound.Handle)
            .NeedsNoKey("the round is the natural key: a repeat finds it void")
            .Refuses(CommonProblems.NotFound, SinglesProblems.RoundCounted);
        host.MapGet("/announced-pairs", ListAnnouncedPairs.Handle);
        host.MapGet("/reports", ListReports.Handle);
        host.MapPost("/reports/{reportId:id}/decision", DecideReport.Handle)
            .Refuses(CommonProblems.NotFound, SinglesProblems.ReportDecided, SinglesProblems.OwnReport);
        routes.Office.MapGroup("/singles-figures").WithTags("单身联谊").RequireAuthorization(Policies.OrganiseActivities).MapGet("", GetSinglesFigures.Handle);
        var bars = routes.Office.MapGroup("/singles-bars").WithTags("单身联谊").RequireAuthorization(Policies.OrganiseActivities);
        bars.MapGet("", ListBars.Handle);
        bars.MapPost("/{id:id}/lifting", LiftBar.Handle).Refuses(CommonProblems.NotFound, SinglesProblems.SecondReviewerNeeded);
    }

    private static void MapEntry(Routes routes)
    {
        var mine = routes.Worker.MapGroup("/me/singles-entry").WithTags("单身联谊").RequireAuthorization(Policies.Worker);
        mine.MapGet("", GetMyEntry.Handle).Refuses(SinglesProblems.NoEntry);
        mine.MapPut("", FillInEntry.Handle).Refuses(SinglesProblems.ConsentNeeded, CommonProblems.ChangedMeanwhile);
        mine.MapPost("/submission", SubmitEntry.Handle)
            .Refuses(
                SinglesProblems.NoEntry, SinglesProblems.EntryNotDraft, SinglesProblems.ConsentNeeded, SinglesProblems.DeclarationNeeded,
                SinglesProblems.MembersOnly, SinglesProblems.PhoneNeeded, CommonProblems.ChangedMeanwhile);
        mine.MapPut("/renewal", RenewEntry.Handle).Refuses(SinglesProblems.NoEntry);

        routes.Worker.MapGet("/content-checks/{place:regex(^[0-9a-f]{{64}}$)}", ShowToChecker.Handle).WithTags("单身联谊").AllowAnonymous().Answers(CleanImage.ContentType);

        Problem[] ofReview = [CommonProblems.NotFound, CommonProblems.ChangedMeanwhile, SinglesProblems.EntryNotWaiting, SinglesProblems.OwnEntry];
        var office = routes.Office.MapGroup("/singles-entries").WithTags("单身联谊").RequireAuthorization(Policies.ReviewSingles);
        office.MapGet("", ListEntries.Handle);
        office.MapGet("/{id:id}", GetEntry.Handle);
        office.MapPost("/{id:id}/confirmation", ConfirmEntry.Handle).Refuses(ofReview);
        office.MapPost("/{id:id}/approval", ApproveEntry.Handle)
            .Refuses([.. ofReview, SinglesProblems.CountyReviews, SinglesProblems.SecondReviewerNeeded, SinglesProblems.TextRisky, SinglesProblems.PhotoRisky]);
        office.MapPut("/{id:id}/photos/{fileId:id}/decision", DecidePhoto.Handle)
            .Refuses(CommonProblems.NotFound, SinglesProblems.OwnEntry, SinglesProblems.CountyReviews, SinglesProblems.PhotoNotWaiting, SinglesProblems.PhotoDecisionImpossible);
        office.MapPost("/{id:id}/return", ReturnEntry.Handle).Refuses([.. ofReview, SinglesProblems.CountyReviews]);
    }
}
