using WeChatUnion.Api.Infrastructure.Settings;

namespace WeChatUnion.Api.Modules.Conduct;

/// <summary>The points ledger that activities, counselling and classes share.</summary>
internal static class ConductModule
{
    public static void ReadSettings(SettingsReader reader) =>
        reader.Read<ConductRules>("Conduct", (s, production) => s.Faults(production));
}
