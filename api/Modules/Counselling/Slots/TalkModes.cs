using System.Text.Json;

namespace WeChatUnion.Api.Modules.Counselling.Slots;

/// <summary>Several modes in one column, and a mode as a query says it.</summary>
internal static class TalkModes
{
    public static string Stored(IEnumerable<TalkMode> modes) => string.Join(',', modes.Distinct().Order().Select(Word));

    public static IReadOnlyList<TalkMode> Read(string stored) =>
        [.. stored.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Infrastructure.Database.StoredWord<TalkMode>.Read)];

    public static string Word(TalkMode mode) => JsonNamingPolicy.SnakeCaseLower.ConvertName(mode.ToString());

    /// <summary>Null when none is asked for.</summary>
    public static TalkMode? Asked(string? word) => word is null
        ? null
        : Enum.GetValues<TalkMode>().Cast<TalkMode?>().FirstOrDefault(m => Word(m!.Value) == word)
            ?? throw Infrastructure.Errors.Refusal.OfField("mode", "请从 in_person、phone、video 中选择。");
}
