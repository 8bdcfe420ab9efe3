using System.Runtime.CompilerServices;

namespace WeChatUnion.Tests.House;

/// <summary>The repository's own files, for tests that read them.</summary>
internal static class Sources
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));

    /// <summary>The program's C# files, paths relative to the root.</summary>
    public static IReadOnlyList<(string Path, string Text)> Program { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, "api"), "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => !f.StartsWith("api/obj/", StringComparison.Ordinal) && !f.StartsWith("api/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(f => (f, File.ReadAllText(Path.Combine(Root, f)))),
    ];

    private static string Here([CallerFilePath] string path = "") => path;
}
