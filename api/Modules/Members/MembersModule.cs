using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>Joining the union: the application, its review, the membership.</summary>
internal static class MembersModule
{
    public static IServiceCollection AddMembers(this IServiceCollection services) =>
        services.AddSingleton<Drafts>().AddSingleton<Decisions>()
            .AddSingleton(UnmaskableMembers.IdNumber)
            .AddSingleton(UnmaskableMembers.Phone)
            .AddSingleton<PersonInReach>(UnmaskableMembers.IsInReachAsync)
            .AddSingleton(new Look(GetApplication.Deed, "查看了入会申请"))
            .AddSingleton(new Look(ListContacts.Deed, "查看了联系记录"));

    public static void Map(Routes routes)
    {
        routes.Worker.MapGet("/code-tables", GetCodeTables.Handle).WithTags("会员").AllowAnonymous();

        var me = routes.Worker.MapGroup("/me").WithTags("会员").RequireAuthorization(Policies.Worker);
        me.MapGet("", GetMe.Handle);
        me.MapGet("/membership", GetMyMembership.Handle);

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

        var office = routes.Office.MapGroup("").WithTags("会员").RequireAuthorization(Policies.ReadMembers);
        office.MapPost("/member-searches", SearchMembers.Handle).NeedsNoKey("a search changes nothing").IsCostly().Refuses(CommonProblems.TooMany);

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
    }
}
