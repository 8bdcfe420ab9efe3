using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Employment.Applying;
using WeChatUnion.Api.Modules.Employment.Complaints;
using WeChatUnion.Api.Modules.Employment.Employers;
using WeChatUnion.Api.Modules.Employment.Searching;
using WeChatUnion.Api.Modules.Employment.Vacancies;
using WeChatUnion.Api.Modules.Employment.Words;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Employment;

/// <summary>Vacancies of verified employers, checked against the law, found and applied for by workers.</summary>
internal static class EmploymentModule
{
    /// <summary>What any keeping of a vacancy may meet.</summary>
    private static readonly Problem[] OfKeeping =
    [
        CommonProblems.ChangedMeanwhile, EmploymentProblems.NoEmployer, EmploymentProblems.WrongVacancyState, EmploymentProblems.EmployerSuspended, EmploymentProblems.VerificationOver,
    ];

    public static IServiceCollection AddEmployment(this IServiceCollection services) => services
        .AddEmploymentRetention()
        .AddApplying()
        .AddComplaints()
        .AddSingleton(new SealedColumn("employer_registrations", "id", "reason_sealed", RegistrationRow.ReasonPlace))
        .AddSingleton(new SealedColumn("employer_registrations", "id", "phone_sealed", RegistrationRow.PhonePlace))
        .AddSingleton(new SealedColumn("employer_steps", "id", "reason_sealed", EmployerStepRow.ReasonPlace))
        .AddSingleton(new SealedColumn("vacancy_steps", "id", "reason_sealed", VacancyStepRow.ReasonPlace))
        .AddSingleton(EmployerDocuments.Purpose)
        .AddSingleton<AfterAcceptance>(NewClerk.BindAsync)
        .AddSingleton<IReferenceData, LoadWordRules>().AddHostedService<ReadWordsAhead>()
        .AddSingleton<VacancyDeeds>().AddSingleton<VacancyIndex>()
        .AddSingleton(new Look(GetRegistration.Deed, "核验企业登记时看到了经办人姓名、联系电话和证明材料"));

    public static void ReadSettings(SettingsReader reader) =>
        reader.Read<EmploymentSettings>("Employment", (s, production) => s.Faults(production));

    public static void Map(Routes routes)
    {
        var seen = routes.Worker.MapGroup("/vacancies").WithTags("就业");
        seen.MapGet("", ListVacancies.Handle).AllowAnonymous();
        seen.MapGet("/{id:id}", GetVacancy.Handle).AllowAnonymous();

        ApplyingRoutes.Map(routes);
        ComplaintRoutes.Map(routes);
        MapRegistrations(routes);
        MapEmployers(routes.Office);
        MapVacancies(routes.Office);
        MapWords(routes.Office);
    }

    private static void MapRegistrations(Routes routes)
    {
        var mine = routes.Worker.MapGroup("/me/employer-registrations").WithTags("就业").RequireAuthorization(Policies.Worker);
        mine.MapPost("", RegisterEmployer.Handle)
            .Refuses(EmploymentProblems.RegistrationOpen, EmploymentProblems.NoUnionForPlace);
        mine.MapGet("", ListMyRegistrations.Handle);
        mine.MapGet("/{id:id}", GetMyRegistration.Handle);
        mine.MapDelete("/{id:id}", WithdrawRegistration.Handle).Refuses(EmploymentProblems.RegistrationDecided);
        mine.MapPost("/{id:id}/set-up-links", MakeSetUpLink.Handle)
            .NeedsNoKey("the link is shown once: a repeat makes another and voids the first")
            .Refuses(CommonProblems.NotFound, EmploymentProblems.RegistrationNotApproved, EmploymentProblems.AccountSetUp).IsCostly();

        var office = routes.Office.MapGroup("/employer-registrations").WithTags("就业").RequireAuthorization(Policies.KeepEmployers);
        office.MapGet("", ListRegistrations.Handle);
        office.MapGet("/{id:id}", GetRegistration.Handle);
        office.MapPost("/{id:id}/approval", ApproveRegistration.Handle).Refuses(CommonProblems.ChangedMeanwhile, EmploymentProblems.RegistrationDecided);
        office.MapPost("/{id:id}/rejection", RejectRegistration.Handle).Refuses(CommonProblems.ChangedMeanwhile, EmploymentProblems.RegistrationDecided);
    }

    private static void MapEmployers(RouteGroupBuilder office)
    {
        var own = office.MapGroup("/employer").WithTags("就业").RequireAuthorization(Policies.ActForEmployer);
        own.MapGet("", GetMyEmployer.Handle).Refuses(EmploymentProblems.NoEmployer);
        own.MapPost("/renewals", RenewVerification.Handle).Refuses(EmploymentProblems.NoEmployer, EmploymentProblems.RegistrationOpen);

        var kept = office.MapGroup("/employers").WithTags("就业").RequireAuthorization(Policies.KeepEmployers);
        kept.MapGet("", ListEmployers.Handle);
        kept.MapGet("/{id:id}", GetEmployer.Handle);
        kept.MapPost("/{id:id}/suspension", SuspendEmployer.Handle).Refuses(CommonProblems.ChangedMeanwhile, EmploymentProblems.EmployerSuspended);
        kept.MapPost("/{id:id}/suspension-lifting", LiftSuspension.Handle).Refuses(CommonProblems.ChangedMeanwhile, EmploymentProblems.EmployerNotSuspended);
    }

    private static void MapVacancies(RouteGroupBuilder office)
    {
        var kept = office.MapGroup("/vacancies").WithTags("就业").RequireAuthorization(Policies.KeepVacancies);
        kept.MapPost("", CreateVacancy.Handle)
            .Refuses(CommonProblems.NotFound, EmploymentProblems.NoEmployer, EmploymentProblems.EmployerSuspended, EmploymentProblems.VerificationOver);
        kept.MapGet("", ListOfficeVacancies.Handle).Refuses(EmploymentProblems.NoEmployer);
        kept.MapGet("/{id:id}", GetOfficeVacancy.Handle).Refuses(EmploymentProblems.NoEmployer);
        kept.MapPut("/{id:id}", ChangeVacancy.Handle).Refuses(CommonProblems.ChangedMeanwhile, EmploymentProblems.NoEmployer, EmploymentProblems.WrongVacancyState);
        kept.MapPost("/{id:id}/submission", SubmitVacancy.Handle).ReadsWords().Refuses(OfKeeping);
        kept.MapPost("/{id:id}/pause", KeepVacancy.HandlePause).Refuses(OfKeeping);
        kept.MapPost("/{id:id}/resumption", KeepVacancy.HandleResume).Refuses([.. OfKeeping, EmploymentProblems.VacancyEnded]);
        kept.MapPost("/{id:id}/filling", KeepVacancy.HandleFill).Refuses(OfKeeping);
        kept.MapPost("/{id:id}/closing", KeepVacancy.HandleClose).Refuses(OfKeeping);
        kept.MapPost("/{id:id}/renewal", RenewVacancy.Handle).ReadsWords().Refuses([.. OfKeeping, EmploymentProblems.FindingsStand]);
        kept.MapPost("/{id:id}/merger", MergeVacancy.Handle).Refuses([.. OfKeeping, EmploymentProblems.NotSimilar]);

        var decided = office.MapGroup("/vacancies").WithTags("就业").RequireAuthorization(Policies.KeepEmployers);
        Problem[] ofDeciding = [CommonProblems.ChangedMeanwhile, EmploymentProblems.WrongVacancyState];
        decided.MapPost("/{id:id}/approval", ApproveVacancy.Handle).ReadsWords()
            .Refuses([
                .. ofDeciding, EmploymentProblems.OwnVacancy, EmploymentProblems.FindingsStand, EmploymentProblems.PublicationOff, EmploymentProblems.VacancyEnded, EmploymentProblems.EmployerSuspended, EmploymentProblems.VerificationOver]);
        decided.MapPost("/{id:id}/return", ReturnVacancy.Handle).Refuses([.. ofDeciding, EmploymentProblems.OwnVacancy]);
        decided.MapPost("/{id:id}/taking-down", TakeDownVacancy.Handle).Refuses(ofDeciding);
    }

    private static void MapWords(RouteGroupBuilder office)
    {
        office.MapPost("/vacancy-text-checks", CheckWording.Handle).WithTags("就业").RequireAuthorization(Policies.KeepVacancies)
            .NeedsNoKey("a check changes nothing").IsCostly();
        var list = office.MapGroup("/word-rules").WithTags("就业").RequireAuthorization(Policies.KeepEmployers);
        list.MapGet("", ListWordRules.Handle);
        list.MapPost("", AddWordRule.Handle).Refuses(EmploymentProblems.OnlyTopUnion);
        list.MapPut("/{id:id}", ChangeWordRule.Handle).Refuses(CommonProblems.ChangedMeanwhile, EmploymentProblems.OnlyTopUnion);
    }
}
