using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Ballots;
using WeChatUnion.Api.Modules.Singles.Matches;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles;

/// <summary>Singles' evenings (单身联谊): activities with number plates, a sealed ballot, and nothing but mutual choices ever seen.</summary>
internal static class SinglesModule
{
    private const string OverForLong = "EXISTS (SELECT 1 FROM activities a WHERE a.id = plates.activity_id AND a.ends_at <= @before)";

    private const string MatchedLongAgo = "at <= @before";

    public static IServiceCollection AddSingles(this IServiceCollection services) =>
        services.AddSingleton<FollowCheckIn>(GivePlates.FollowCheckInAsync)
            .AddSingleton<CountRound>()
            .AddSingleton(new RetentionRule("past_matches", "matches", MatchedLongAgo, "match_sides.match_id"))
            .AddSingleton(new RetentionRule("past_plates", "plates", OverForLong));

    public static void ReadSettings(SettingsReader reader)
    {
        reader.MakeKey("Singles", nameof(SinglesRules.BallotKey));
        reader.Read<SinglesRules>("Singles", (s, _) => s.Faults());
    }

    public static void Map(Routes routes)
    {
        var evening = routes.Worker.MapGroup("/activities/{id:id}").WithTags("单身联谊").RequireAuthorization(Policies.Worker);
        evening.MapGet("/plate", GetPlate.Handle).Refuses(SinglesProblems.NoPlate);
        evening.MapGet("/guests", ListGuests.Handle).Refuses(SinglesProblems.NoPlate, SinglesProblems.EveningOver);
        evening.MapGet("/ballot", GetBallot.Handle).Refuses(SinglesProblems.NoPlate);
        evening.MapPut("/ballot", CastBallot.Handle)
            .Refuses(
                SinglesProblems.NoPlate, SinglesProblems.RoundNotOpen, SinglesProblems.BallotClosed, SinglesProblems.RoundVoid, SinglesProblems.PlateUnknown);
        evening.MapGet("/matches", ListMatches.Handle).Refuses(SinglesProblems.NoPlate);
        evening.MapPut("/matches/{matchId:id}/contact", AgreeToContact.Handle)
            .Refuses(SinglesProblems.MatchEnded, SinglesProblems.ContactOver, SinglesProblems.PhoneNeeded);
        evening.MapDelete("/matches/{matchId:id}/contact", AgreeToContact.HandleWithdrawal);
        evening.MapPut("/matches/{matchId:id}/announcement", AgreeToAnnouncement.Handle).Refuses(SinglesProblems.MatchEnded, SinglesProblems.NotAPair);
        evening.MapDelete("/matches/{matchId:id}/announcement", AgreeToAnnouncement.HandleWithdrawal);
        evening.MapPut("/matches/{matchId:id}/block", Block.Handle);

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
    }
}
