namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>The audit chain's parts and the commands that look after it.</summary>
internal static class AuditChainRegistration
{
    public static IServiceCollection AddAuditChain(this IServiceCollection services) => services
        .AddSingleton<AuditHeads>()
        .AddSingleton<AuditFaults>()
        .AddSingleton<ICommand, VerifyAudit>()
        .AddSingleton<ICommand, ExportAudit>()
        .AddSingleton<ICommand, PurgeAudit>();
}
