using WeChatUnion.Api.Infrastructure.Privacy.Registry;

namespace WeChatUnion.Api.Modules.Employment;

/// <summary>How long registrations, résumés and applications are kept; the days stand in the column registry.</summary>
internal static class EmploymentRetention
{
    /// <summary>As long as an employer may still answer, the résumé that it reads stays.</summary>
    private const string UnderWay =
        "EXISTS (SELECT 1 FROM vacancy_applications a WHERE a.person_id = resumes.person_id AND a.state IN ('sent', 'seen', 'invited', 'accepted') AND a.updated_at > @before)";

    public static IServiceCollection AddEmploymentRetention(this IServiceCollection services) => services
        .AddSingleton(new RetentionRule("decided_registrations", "employer_registrations", "decided_at IS NOT NULL AND decided_at <= @before"))
        .AddSingleton(new RetentionRule("old_resumes", "resumes", $"updated_at <= @before AND NOT {UnderWay}"))
        .AddSingleton(new RetentionRule("past_applications", "vacancy_applications", "updated_at <= @before", "vacancy_application_steps.application_id"))
        .AddSingleton(new RetentionRule("ended_disclosures", "employer_disclosures", "withdrawn_at IS NOT NULL AND withdrawn_at <= @before"))
        .AddSingleton(new RetentionRule("past_hardship_marks", "hardship_marks", "at <= @before"));
}
