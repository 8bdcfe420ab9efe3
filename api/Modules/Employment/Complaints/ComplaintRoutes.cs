using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Employment.Reporting;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Employment.Complaints;

/// <summary>The routes of complaints and of the figures that count them.</summary>
internal static class ComplaintRoutes
{
    public static IServiceCollection AddComplaints(this IServiceCollection services) => services
        .AddSingleton<ProvenComplaints>()
        .AddSingleton(new Look(ListComplaints.Deed, "处理岗位投诉时看到了您的投诉"))
        .AddSingleton(new SealedColumn("vacancy_complaints", "id", "text_sealed", VacancyComplaintRow.TextPlace))
        .AddSingleton(new SealedColumn("vacancy_complaints", "id", "answer_sealed", VacancyComplaintRow.AnswerPlace))
        .AddSingleton(new RetentionRule("past_vacancy_complaints", "vacancy_complaints", "decided_at IS NOT NULL AND decided_at <= @before"));

    public static void Map(Routes routes)
    {
        routes.Worker.MapPost("/vacancies/{id:id}/complaints", Complain.Handle).WithTags("就业").RequireAuthorization(Policies.Worker)
            .Refuses(EmploymentProblems.ComplaintOpen);
        routes.Worker.MapGet("/me/vacancy-complaints", ListMyComplaints.Handle).WithTags("就业").RequireAuthorization(Policies.Worker);

        var kept = routes.Office.MapGroup("/vacancy-complaints").WithTags("就业").RequireAuthorization(Policies.KeepEmployers);
        kept.MapGet("", ListComplaints.Handle);
        kept.MapPost("/{id:id}/decision", DecideComplaint.Handle)
            .Refuses(CommonProblems.NotFound, CommonProblems.ChangedMeanwhile, EmploymentProblems.ComplaintDecided, EmploymentProblems.OwnComplaint);
        routes.Office.MapGet("/employment-figures", GetEmploymentFigures.Handle).WithTags("就业").RequireAuthorization(Policies.KeepEmployers);
    }
}
