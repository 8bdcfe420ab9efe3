using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Identity.MyData;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Who somebody is: sign-in, sessions, phone, consents, roles.</summary>
internal static class IdentityModule
{
    public static IServiceCollection AddIdentity(this IServiceCollection services) =>
        services.AddPolicies().AddSingleton<Passwords>().AddSingleton<StaffLinks>()
            .AddSingleton<IReferenceData, ConsentTexts>().AddSingleton<IStartCheck, NoDemoAccounts>()
            .AddSingleton(s => UnmaskablePhone.Of(s.GetServices<PersonInReach>()))
            .AddSingleton<MayNotErase>(Deletions.StaffMayNotAsync).AddSingleton<BeforeErasing>(Deletions.EndConsentsAsync)
            .AddSingleton(new RetentionRule("withdrawn_consents", "consents", "live_purpose IS NULL AND withdrawn_at <= @before"))
            .AddSingleton(new RetentionRule("past_grants", "past_grants", "ended_at <= @before"))
            .AddSingleton(new RetentionRule("staff_links", "staff_links", "expires_at <= @before"))
            .AddSingleton(new RetentionRule("staff_disablings", "staff_disablings", "disabled_at <= @before"))
            .AddSingleton(new RetentionRule(
                "closed_deletions", "deletion_requests", "open_person_id IS NULL AND COALESCE(carried_out_at, refused_at, taken_back_at) <= @before"))
            .AddKeyedColumns();

    private static IServiceCollection AddKeyedColumns(this IServiceCollection services) => services
        .AddSingleton(new SealedColumn("persons", "id", "phone_sealed", SetPhone.Place))
        .AddSingleton(new SealedColumn("staff_accounts", "person_id", "totp_sealed", SecondFactor.TotpPlace))
        .AddSingleton(new SealedColumn("staff_links", "id", "totp_sealed", StaffLinkRow.TotpPlace))
        .AddSingleton(new SealedColumn("staff_links", "id", "reason_sealed", StaffLinkRow.ReasonPlace))
        .AddSingleton(new SealedColumn("staff_disablings", "id", "reason_sealed", StaffDisablingRow.ReasonPlace))
        .AddSingleton(new IndexedColumn(
            "persons", "id", "phone_index", "phone_former_index", SetPhone.IndexKind,
            new IndexedText("", "t.phone_sealed", "t.id", SetPhone.Place, "''", (_, phone) => phone)))
        .AddSingleton(new PassingIndex("sign_in_attempts", "name_index", "a day; a new key forgets attempts once"))
        .AddSingleton(new PassingIndex("phone_codes", "code_hash", "a day, of use for ten minutes; a repeat over the change asks WeChat again, which refuses a used code"));

    public static void ReadSettings(SettingsReader reader)
    {
        reader.Read<StaffSettings>("Staff", (s, production) => s.Faults(production));
        reader.Read<MyDataSettings>("MyData", (s, production) => s.Faults(production));
    }

    public static void Map(Routes routes)
    {
        var worker = routes.Worker.MapGroup("").WithTags("身份");
        worker.MapPost("/sessions", SignIn.Handle).AllowAnonymous()
            .NeedsNoKey("a WeChat code works once")
            .Refuses(IdentityProblems.WeChatCodeUnusable, IdentityProblems.WeChatAccountBlocked, IdentityProblems.WeChatBusy, IdentityProblems.WeChatUnavailable);
        worker.MapGet("/consent-texts/{purpose:regex(^[a-z_]{{1,40}}$)}", GetConsentText.Handle).AllowAnonymous();

        var me = worker.MapGroup("/me").RequireAuthorization(Policies.Worker);
        MapSessions(me);
        me.MapPut("/phone", SetPhone.Handle)
            .Refuses(
                IdentityProblems.PhoneCodeUnusable, IdentityProblems.PhoneNotMainland, IdentityProblems.PhoneTaken,
                IdentityProblems.WeChatBusy, IdentityProblems.WeChatUnavailable)
            .IsCostly();
        me.MapPut("/consents/{purpose:regex(^[a-z_]{{1,40}}$)}", GiveConsent.Handle)
            .Refuses(IdentityProblems.ConsentTextChanged);
        MapMyData(me);

        var office = routes.Office.MapGroup("").WithTags("身份");
        office.MapPost("/sessions", SignInStaff.Handle).AllowAnonymous()
            .NeedsNoKey("a repeat opens another session, which does no harm")
            .Refuses(
                IdentityProblems.WrongNameOrPassword, IdentityProblems.TooManyAttempts, StaffProblems.TotpNeeded, StaffProblems.WrongTotpCode,
                StaffProblems.TotpNotSetUp);
        office.MapPost("/invitation-acceptances", AcceptInvitation.Handle).AllowAnonymous()
            .NeedsNoKey("a link works once")
            .Refuses(StaffProblems.LinkUnusable, StaffProblems.AccountNameTaken, StaffProblems.DutiesExclude);
        var mine = office.MapGroup("/me").RequireAuthorization(Policies.Staff);
        MapSessions(mine);
        mine.MapPut("/password", ChangePassword.Handle)
            .Refuses(StaffProblems.ProofRefused, StaffProblems.TotpNotSetUp, IdentityProblems.TooManyAttempts);
    }

    private static void MapMyData(RouteGroupBuilder me)
    {
        me.MapGet("/consents", ListConsents.Handle);
        me.MapDelete("/consents/{purpose:regex(^[a-z_]{{1,40}}$)}", WithdrawConsent.Handle);
        me.MapGet("/export", ExportMyData.Handle).IsCostly().Refuses(CommonProblems.TooMany);
        me.MapGet("/deletion", GetDeletion.Handle).Refuses(CommonProblems.NotFound);
        me.MapPost("/deletion", RequestDeletion.Handle).Refuses(MyDataProblems.DeletionOpen, MyDataProblems.DeletionNotYet);
        me.MapDelete("/deletion", TakeBackDeletion.Handle);
    }

    private static void MapSessions(RouteGroupBuilder me)
    {
        me.MapGet("/sessions/current", GetCurrentSession.Handle);
        me.MapDelete("/sessions/current", SignOut.HandleCurrent);
        me.MapGet("/sessions", ListSessions.Handle);
        me.MapDelete("/sessions/{id:id}", SignOut.HandleOne);
        me.MapDelete("/sessions", SignOut.HandleAll);
    }
}
