using UUIDNext;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>Ids are UUIDv7 made by the application, written as 32 lower-case hex characters.</summary>
internal static class Ids
{
    public const int Length = 32;

    /// <summary>A new id; ids made later by this node sort later.</summary>
    public static string New() => Uuid.NewSequential().ToString("N");

    /// <summary>A new id that tells the given instant and nothing finer.</summary>
    public static string At(long milliseconds) => Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)).ToString("N");

    /// <summary>A new id that says nothing of when it was made.</summary>
    public static string Random() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(Length / 2));

    public static bool IsId(string? text) =>
        text is { Length: Length } && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");
}
