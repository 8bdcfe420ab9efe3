using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Employment.Words;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Identity.MyData;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>The routes of résumés and applications, and what applying tells the rest of the house.</summary>
internal static class ApplyingRoutes
{
    public static IServiceCollection AddApplying(this IServiceCollection services) => services
        .AddSingleton<ApplicationDeeds>()
        .AddSingleton(s => new ConsentWithdrawn(
            JobSeeking.Purpose,
            (db, caller, now, cancellation) => JobSeeking.FollowWithdrawalAsync(s.GetRequiredService<IMessenger>(), db, caller, now, cancellation)))
        .AddSingleton<BeforeErasing>(JobSeeking.BeforeErasingAsync)
        .AddSingleton(new SealedColumn("resumes", "id", "details_sealed", ResumeRow.DetailsPlace))
        .AddSingleton(new SealedColumn("hardship_marks", "id", "basis_sealed", HardshipMarkRow.BasisPlace))
        .AddSingleton(new Look(GetVacancyApplication.Deed, "处理投递时查看了您的简历"));

    public static void Map(Routes routes)
    {
        var seen = routes.Worker.MapGroup("/vacancies/{id:id}/application").WithTags("就业").RequireAuthorization(Policies.Worker);
        seen.MapPut("", ApplyForVacancy.Handle)
            .Refuses(EmploymentProblems.VacancyNotOffered, EmploymentProblems.JobSeekingConsentNeeded, EmploymentProblems.NoResume, EmploymentProblems.DisclosureNeeded);
        seen.MapDelete("", TakeBackApplication.Handle).Refuses(EmploymentProblems.ApplicationDecided);

        var me = routes.Worker.MapGroup("/me").WithTags("就业").RequireAuthorization(Policies.Worker);
        me.MapGet("/resume", GetResume.Handle).Refuses(EmploymentProblems.NoResume);
        me.MapPut("/resume", FillInResume.Handle).Refuses(EmploymentProblems.JobSeekingConsentNeeded, CommonProblems.ChangedMeanwhile);
        me.MapGet("/applications", ListMyApplications.Handle);
        me.MapPut("/applications/{id:id}/follow-up", AnswerHiringFollowUp.Handle).Refuses(EmploymentProblems.FollowUpNotDue);
        me.MapGet("/employer-disclosures", ListDisclosures.Handle);
        me.MapPut("/employer-disclosures/{id:id}", ChangeDisclosure.Handle);
        me.MapDelete("/employer-disclosures/{id:id}", ChangeDisclosure.HandleWithdrawal);

        routes.Office.MapGet("/vacancies/{id:id}/applications", ListVacancyApplications.Handle).WithTags("就业")
            .RequireAuthorization(Policies.KeepVacancies).Refuses(EmploymentProblems.NoEmployer, EmploymentProblems.EmployerSuspended);
        var kept = routes.Office.MapGroup("/vacancy-applications/{id:id}").WithTags("就业").RequireAuthorization(Policies.KeepVacancies);
        Problem[] ofDeciding = [CommonProblems.ChangedMeanwhile, EmploymentProblems.NoEmployer, EmploymentProblems.EmployerSuspended, EmploymentProblems.OwnApplication, EmploymentProblems.WrongApplicationState];
        kept.MapGet("", GetVacancyApplication.Handle).Refuses(EmploymentProblems.NoEmployer, EmploymentProblems.EmployerSuspended);
        kept.MapPost("/interview", InviteApplicant.Handle).ReadsWords().Refuses([.. ofDeciding, EmploymentProblems.WordsNotAllowed]);
        kept.MapPost("/acceptance", AcceptApplicant.Handle).Refuses([.. ofDeciding, EmploymentProblems.HeadcountReached]);
        kept.MapPost("/rejection", RejectApplicant.Handle).Refuses(ofDeciding);
        kept.MapPost("/hiring", HireApplicant.Handle).Refuses([.. ofDeciding, EmploymentProblems.HeadcountReached]);
        kept.MapPost("/hiring-correction", CorrectHiring.Handle).Refuses([.. ofDeciding, EmploymentProblems.HiringCorrectionOver]);

        var marked = routes.Office.MapGroup("/vacancy-applications/{id:id}/hardship-mark").WithTags("就业").RequireAuthorization(Policies.KeepEmployers);
        marked.MapPut("", HardshipMarks.Handle).Refuses(EmploymentProblems.OwnApplication);
        marked.MapDelete("", HardshipMarks.HandleRemoval);
    }
}
