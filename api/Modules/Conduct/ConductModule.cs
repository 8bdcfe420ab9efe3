using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Conduct;

/// <summary>The points ledger that activities, counselling and classes share.</summary>
internal static class ConductModule
{
    public static IServiceCollection AddConduct(this IServiceCollection services) =>
        services.AddSingleton(new RetentionRule("forgotten_points", "conduct_points", "expires_at <= @before"));

    public static void ReadSettings(SettingsReader reader) =>
        reader.Read<ConductRules>("Conduct", (s, production) => s.Faults(production));

    public static void Map(Routes routes) =>
        routes.Worker.MapGet("/me/conduct-points", ListMyPoints.Handle).WithTags("守约记分").RequireAuthorization(Policies.Worker);
}
