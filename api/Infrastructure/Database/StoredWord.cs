using System.Collections.Frozen;
using System.Reflection;
using LinqToDB.Mapping;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>A status as it is stored, for rows that are read by hand: the words stand at the enum, in its <c>MapValue</c>s.</summary>
internal static class StoredWord<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<string, T> ByWord = typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static)
        .ToFrozenDictionary(f => (string)f.GetCustomAttribute<MapValueAttribute>()!.Value!, f => (T)f.GetValue(null)!);

    public static T Read(string word) => ByWord[word];

    public static T? ReadOrNone(string? word) => word is null ? null : ByWord[word];
}
