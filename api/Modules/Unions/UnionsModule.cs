using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions.Committees;
using WeChatUnion.Api.Modules.Unions.Records;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>The union tree, administrative divisions, the working-day calendar.</summary>
internal static class UnionsModule
{
    /// <summary>What any change of a union record may meet.</summary>
    private static readonly Problem[] OfDeeds = [CommonProblems.ChangedMeanwhile, UnionsProblems.UnionAboveNeeded, UnionsProblems.WrongUnionState];

    public static IServiceCollection AddUnions(this IServiceCollection services) =>
        services.AddSingleton<CodeTables>().AddSingleton<IReferenceData, Divisions>().AddSingleton<IReferenceData, Calendar>()
            .AddSingleton<ICommand, CreateAdministrator>();

    public static void Map(Routes routes)
    {
        var worker = routes.Worker.MapGroup("").WithTags("工会组织").RequireAuthorization(Policies.Worker);
        worker.MapGet("/divisions/{code:regex(^[0-9]{{2,9}}$)}/divisions", ListDivisions.Handle);
        worker.MapGet("/unions", ListUnions.Handle);
        worker.MapPost("/union-searches", SearchUnions.Handle).NeedsNoKey("a search changes nothing").IsCostly();

        routes.Office.MapGet("/me", GetOfficeMe.Handle).WithTags("身份").RequireAuthorization(Policies.Staff);
        MapStaff(routes.Office.MapGroup("").WithTags("工作人员"));

        var office = routes.Office.MapGroup("/unions").WithTags("工会组织").RequireAuthorization(Policies.ReadUnions);
        office.MapGet("", ListUnionRecords.Handle);
        office.MapGet("/{id:id}", GetUnion.Handle);

        var records = office.MapGroup("").RequireAuthorization(Policies.KeepUnions);
        records.MapPost("", CreateUnion.Handle).Refuses(UnionsProblems.ParentNotOpen, UnionsProblems.CreditCodeTaken);
        records.MapPost("/{id:id}/establishment", EstablishUnion.Handle).Refuses([.. OfDeeds, UnionsProblems.SecondPersonNeeded]);
        records.MapPut("/{id:id}", ChangeUnion.Handle).Refuses([.. OfDeeds, UnionsProblems.CreditCodeTaken]);
        records.MapPut("/{id:id}/parent", MoveUnion.Handle).Refuses([.. OfDeeds, UnionsProblems.ParentNotOpen, UnionsProblems.UnionCycle]);
        records.MapPost("/{id:id}/closure", CloseUnion.Handle)
            .Refuses([.. OfDeeds, UnionsProblems.UnionsBelow, UnionsProblems.MembersLeft, UnionsProblems.TargetNotOpen]);
        records.MapPost("/{id:id}/committees", RecordCommittee.Handle).Refuses([.. OfDeeds, UnionsProblems.TermTaken]);
        records.MapPost("/{id:id}/chair-changes", ChangeChair.Handle).Refuses([.. OfDeeds, UnionsProblems.NoCommittee]);
    }

    /// <summary>Accounts and grants stand here, not in Identity: who may touch whose is decided by the union tree.</summary>
    private static void MapStaff(RouteGroupBuilder office)
    {
        office.MapPost("/invitation-checks", CheckInvitation.Handle).AllowAnonymous()
            .NeedsNoKey("a check changes nothing").Refuses(StaffProblems.LinkUnusable);

        var invitations = office.MapGroup("/staff-invitations").RequireAuthorization(Policies.InviteStaff);
        invitations.MapPost("", InviteStaff.Handle)
            .NeedsNoKey("the link is shown once: a repeat makes another, and the list offers the first for withdrawal")
            .Refuses(CommonProblems.NotFound).IsCostly();
        invitations.MapGet("", ListInvitations.Handle);
        invitations.MapDelete("/{id:id}", WithdrawInvitation.Handle);

        var accounts = office.MapGroup("/staff-accounts").RequireAuthorization(Policies.ManageStaff);
        accounts.MapGet("", ListStaffAccounts.Handle);
        accounts.MapPut("/{id:id}/grants/{role:regex(^[a-z_]{{1,40}}$)}/{unionId:id}", GiveGrant.Handle)
            .Refuses(StaffProblems.OwnAccount, StaffProblems.DutiesExclude, StaffProblems.AccountDisabled, StaffProblems.TotpNotSetUp);
        accounts.MapDelete("/{id:id}/grants/{role:regex(^[a-z_]{{1,40}}$)}/{unionId:id}", TakeGrant.Handle).Refuses(StaffProblems.OwnAccount);
        accounts.MapPost("/{id:id}/disabling", DisableStaffAccount.Handle)
            .Refuses(StaffProblems.OwnAccount, StaffProblems.AccountDisabled, StaffProblems.GrantsBeyondReach);
        accounts.MapPost("/{id:id}/enabling", EnableStaffAccount.Handle)
            .NeedsNoKey("the link is shown once: a repeat makes another and voids the first")
            .Refuses(StaffProblems.OwnAccount, StaffProblems.AccountNotDisabled, StaffProblems.GrantsBeyondReach).IsCostly();
        accounts.MapPost("/{id:id}/reset-links", ResetStaffAccount.Handle)
            .NeedsNoKey("the link is shown once: a repeat makes another and voids the first")
            .Refuses(StaffProblems.OwnAccount, StaffProblems.AccountDisabled, StaffProblems.GrantsBeyondReach).IsCostly();
    }
}
