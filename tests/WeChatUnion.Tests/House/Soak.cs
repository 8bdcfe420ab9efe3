namespace WeChatUnion.Tests.House;

/// <summary>
/// Long tests have two sizes: seconds in <c>tests/run</c>, many rounds in <c>tests/soak</c>, which sets
/// WECHATUNION_SOAK=1. They carry the trait <see cref="Trait"/>.
/// </summary>
internal static class Soak
{
    public const string Trait = "Soak";

    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("WECHATUNION_SOAK") == "1";

    public static int Size(int inRun, int inSoak) => IsOn ? inSoak : inRun;
}
