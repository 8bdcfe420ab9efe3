using WeChatUnion.Api.Infrastructure.Privacy.Registry;

namespace WeChatUnion.Api.Modules.Employment;

/// <summary>How long registrations are kept; the days stand in the column registry.</summary>
internal static class EmploymentRetention
{
    public static IServiceCollection AddEmploymentRetention(this IServiceCollection services) => services
        .AddSingleton(new RetentionRule("decided_registrations", "employer_registrations", "decided_at IS NOT NULL AND decided_at <= @before"));
}
