using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Identity.MyData;
using WeChatUnion.Api.Modules.Members.Corrections;
using WeChatUnion.Api.Modules.Members.Desk;
using WeChatUnion.Api.Modules.Members.Register;
using WeChatUnion.Api.Modules.Members.Standing;
using WeChatUnion.Api.Modules.Members.Transfers;
using WeChatUnion.Api.Modules.Unions;
using WeChatUnion.Api.Modules.Unions.Records;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>Joining the union: the application, its review, the membership.</summary>
internal static class MembersModule
{
    /// <summary>What any deed of an officer on a membership may meet.</summary>
    private static readonly Problem[] OfDeeds =
        [CommonProblems.ChangedMeanwhile, MembersProblems.OwnMembership, MembersProblems.WrongMembershipState];

    public static IServiceCollection AddMembers(this IServiceCollection services) =>
        services.AddSingleton<Drafts>().AddSingleton<Decisions>().AddSingleton<Rebindings>()
            .AddSingleton(UnmaskableMembers.IdNumber)
            .AddSingleton(UnmaskableMembers.Phone)
            .AddSingleton<PersonInReach>(UnmaskableMembers.IsInReachAsync)
            .AddSingleton(new Look(GetApplication.Deed, "查看了入会申请"))
            .AddSingleton(new Look(ListContacts.Deed, "查看了联系记录"))
            .AddSingleton<MembershipDeeds>().AddSingleton<Transferring>().AddSingleton<Correcting>().AddSingleton<MemberCode>()
            .AddSingleton(new ConsentWithdrawn(SubmitApplication.ConsentPurpose, WithdrawnConsent.FollowAsync))
            .AddMembersRetention()
            .AddSingleton<ClosedUnionMembers>()
            .AddSingleton<MoveMembersOfClosedUnion>(s => s.GetRequiredService<ClosedUnionMembers>().MoveAsync)
            .AddKeyedColumns();

    public static void Map(Routes routes)
    {
        routes.Worker.MapGet("/code-tables", GetCodeTables.Handle).WithTags("会员").AllowAnonymous();

        var me = routes.Worker.MapGroup("/me").WithTags("会员").RequireAuthorization(Policies.Worker);
        me.MapGet("", GetMe.Handle);
        me.MapGet("/membership", GetMyMembership.Handle);

        me.MapPost("/rebinding-codes", MakeRebindingCode.Handle)
            .NeedsNoKey("the code is shown once: a repeat makes another and voids the first").IsCostly();

        var mine = me.MapGroup("/membership-application");
        mine.MapPut("/identity", FillInIdentity.Handle).Refuses(CommonProblems.ChangedMeanwhile, MembersProblems.AlreadyMember, MembersProblems.UnderReview);
        mine.MapPut("/work", FillInWork.Handle)
            .Refuses(CommonProblems.ChangedMeanwhile, MembersProblems.AlreadyMember, MembersProblems.UnderReview, MembersProblems.UnionClosed);
        mine.MapPut("/profile", FillInProfile.Handle).Refuses(CommonProblems.ChangedMeanwhile, MembersProblems.AlreadyMember, MembersProblems.UnderReview);
        mine.MapPost("/submission", SubmitApplication.Handle)
            .Refuses(
                CommonProblems.ChangedMeanwhile, MembersProblems.NoOpenApplication, MembersProblems.UnderReview, MembersProblems.Incomplete,
                MembersProblems.TooYoung, MembersProblems.UnionClosed, MembersProblems.IdNumberTaken)
            .IsCostly();
        mine.MapPost("/withdrawal", WithdrawApplication.Handle).Refuses(CommonProblems.ChangedMeanwhile, MembersProblems.NoOpenApplication);

        MapMyStanding(me);

        var office = routes.Office.MapGroup("").WithTags("会员").RequireAuthorization(Policies.ReadMembers);
        office.MapPost("/member-searches", SearchMembers.Handle).NeedsNoKey("a search changes nothing").IsCostly().Refuses(CommonProblems.TooMany);

        office.MapPost("/memberships/{id:id}/wechat-rebindings", RebindWeChat.Handle).RequireAuthorization(Policies.DecideMembership)
            .Refuses(MembersProblems.RebindingCodeUnusable, MembersProblems.RebindingPersonNotEmpty, MembersProblems.OwnMembership)
            .IsCostly();

        var applications = office.MapGroup("/membership-applications");
        applications.MapGet("", ListApplications.Handle);
        applications.MapGet("/{id:id}", GetApplication.Handle);
        applications.MapGet("/{id:id}/contacts", ListContacts.Handle);
        applications.MapPost("/{id:id}/contacts", RecordContact.Handle);

        var decisions = applications.MapGroup("/{id:id}").RequireAuthorization(Policies.DecideMembership);
        decisions.MapPost("/approval", ApproveApplication.Handle)
            .Refuses(
                CommonProblems.ChangedMeanwhile, MembersProblems.OwnApplication, MembersProblems.NotUnderReview, MembersProblems.UnionClosed,
                MembersProblems.IdNumberTaken);
        decisions.MapPost("/return", ReturnApplication.Handle)
            .Refuses(CommonProblems.ChangedMeanwhile, MembersProblems.OwnApplication, MembersProblems.NotUnderReview);
        decisions.MapPost("/rejection", RejectApplication.Handle)
            .Refuses(CommonProblems.ChangedMeanwhile, MembersProblems.OwnApplication, MembersProblems.NotUnderReview);

        office.MapGet("/memberships", ListMemberships.Handle).Refuses(CommonProblems.NotFound);
        office.MapGet("/memberships/{id:id}", GetMembership.Handle);
        office.MapGet("/unions/{id:id}/membership-counts", CountMemberships.Handle);
        MapStanding(office);
        MapTransfers(office);
        MapCorrections(office);
        routes.Office.MapPost("/member-code-checks", CheckMemberCode.Handle).WithTags("会员").RequireAuthorization(Policies.CheckMemberCodes)
            .NeedsNoKey("a check changes nothing")
            .Refuses(MembersProblems.MemberCodeInvalid, MembersProblems.MemberCodeExpired, MembersProblems.MemberLeft)
            .IsCostly();
    }

    private static void MapMyStanding(RouteGroupBuilder me)
    {
        me.MapGet("/member-code", GetMemberCode.Handle).Refuses(MembersProblems.NotMember);
        me.MapGet("/membership-changes", ListMyChanges.Handle);
        me.MapGet("/registration-form", GetMyRecord.Handle).Refuses(MembersProblems.NotMember);
        me.MapPut("/registration-form", CorrectMyRecord.Handle).Refuses(CommonProblems.ChangedMeanwhile, MembersProblems.NotMember);

        me.MapGet("/membership-transfers", ListMyTransfers.Handle);
        me.MapPost("/membership-transfers", AskForTransfer.Handle)
            .Refuses(
                MembersProblems.NotMember, MembersProblems.SameUnion, MembersProblems.TransferOpen, MembersProblems.WrongMembershipState,
                MembersProblems.UnionClosed);
        me.MapPost("/membership-transfers/{id:id}/cancellation", CancelTransfer.Handle).Refuses(MembersProblems.TransferClosed);

        me.MapGet("/membership-departures", ListMyDepartures.Handle);
        me.MapPost("/membership-departures", RequestLeaving.Handle).Refuses(MembersProblems.NotMember, MembersProblems.DepartureOpen);
        me.MapPost("/membership-departures/{id:id}/cancellation", TakeBackLeaving.Handle).Refuses(MembersProblems.DepartureClosed);
    }

    private static void MapStanding(RouteGroupBuilder office)
    {
        var deeds = office.MapGroup("/memberships/{id:id}").RequireAuthorization(Policies.DecideMembership);
        deeds.MapPost("/retention", RetainMembership.Handle).Refuses(OfDeeds);
        deeds.MapPost("/resumption", ResumeMembership.Handle).Refuses([.. OfDeeds, MembersProblems.UnionOutOfReach, MembersProblems.UnionClosed]);
        deeds.MapPost("/automatic-leaving", LeaveAutomatically.Handle).Refuses(OfDeeds);
        deeds.MapPost("/death", RecordDeath.Handle).Refuses(OfDeeds);
        deeds.MapPost("/expulsion-proposals", ProposeExpulsion.Handle).Refuses([.. OfDeeds, MembersProblems.DepartureOpen]);
        deeds.MapPost("/corrections", CorrectRecord.Handle)
            .Refuses([.. OfDeeds, MembersProblems.NothingToCorrect, MembersProblems.CorrectionOpen, MembersProblems.IdNumberTaken]);

        office.MapGet("/membership-departures", ListDepartures.Handle);
        var departures = office.MapGroup("/membership-departures/{id:id}").RequireAuthorization(Policies.DecideMembership);
        departures.MapPost("/confirmation", ConfirmDeparture.Handle)
            .Refuses([.. OfDeeds, MembersProblems.DepartureClosed, UnionsProblems.SecondPersonNeeded]);
        departures.MapPost("/refusal", RefuseExpulsion.Handle)
            .Refuses(MembersProblems.OwnMembership, MembersProblems.DepartureClosed, UnionsProblems.SecondPersonNeeded);
    }

    private static void MapTransfers(RouteGroupBuilder office)
    {
        office.MapGet("/membership-transfers", ListTransfers.Handle);
        var transfers = office.MapGroup("/membership-transfers").RequireAuthorization(Policies.DecideMembership);
        transfers.MapPost("", StartTransfer.Handle)
            .Refuses(
                CommonProblems.NotFound, MembersProblems.OwnMembership, MembersProblems.SameUnion, MembersProblems.TransferOpen,
                MembersProblems.WrongMembershipState, MembersProblems.UnionClosed)
            .IsCostly();
        transfers.MapPost("/{id:id}/acceptance", AcceptTransfer.Handle)
            .Refuses(MembersProblems.OwnMembership, UnionsProblems.SecondPersonNeeded, MembersProblems.TransferClosed, MembersProblems.UnionClosed);
        transfers.MapPost("/{id:id}/refusal", RefuseTransfer.Handle).Refuses(MembersProblems.OwnMembership, MembersProblems.TransferClosed);
        transfers.MapPost("/{id:id}/cancellation", CancelTransfer.Handle).Refuses(MembersProblems.TransferClosed);
    }

    private static void MapCorrections(RouteGroupBuilder office)
    {
        office.MapGet("/membership-corrections", ListCorrections.Handle);
        var corrections = office.MapGroup("/membership-corrections/{id:id}").RequireAuthorization(Policies.DecideMembership);
        corrections.MapPost("/confirmation", ConfirmCorrection.Handle)
            .Refuses(
                CommonProblems.ChangedMeanwhile, MembersProblems.OwnMembership, UnionsProblems.SecondPersonNeeded,
                MembersProblems.CorrectionClosed, MembersProblems.IdNumberTaken);
        corrections.MapPost("/refusal", RefuseCorrection.Handle)
            .Refuses(MembersProblems.OwnMembership, UnionsProblems.SecondPersonNeeded, MembersProblems.CorrectionClosed);
    }
}
