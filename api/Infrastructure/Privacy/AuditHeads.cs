using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Settings;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// The second place: one file a day with the head of that day's chain, readable by its owner only, written once and
/// never changed by this program.
/// </summary>
internal sealed class AuditHeads(AuditSettings settings, DataDirectory data)
{
    private const string Suffix = ".json";

    private readonly string directory = settings.DirectoryOf(data);

    /// <summary>What a head file says.</summary>
    public sealed record Head(string Format, string Day, int Count, string PreviousHead, string HeadHash, long? ClosedAt)
    {
        public static Head Of(AuditDayRow day) => new(AuditChain.Format, day.Day, day.EntryCount, day.PreviousHead, day.Head, day.ClosedAt);
    }

    /// <summary>Writes the head of a closed day through to the disk; a repeat finds the same file and leaves it.</summary>
    /// <exception cref="InvalidOperationException">A different head lies there already.</exception>
    public async Task WriteAsync(AuditDayRow day, CancellationToken cancellation)
    {
        CreateDirectory();
        var path = PathOf(day.Day);
        if (!File.Exists(path))
        {
            // Complete under another name first: a crash must not leave half a head that can never be mended.
            var unfinished = path + ".unfinished";
            await using (var file = new FileStream(unfinished, OwnerOnly()))
            {
                await JsonSerializer.SerializeAsync(file, Head.Of(day), ContractJson.Stored, cancellation);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: false);
        }

        if (await ReadAsync(day.Day, cancellation) != Head.Of(day))
        {
            throw new InvalidOperationException($"The head file of {day.Day} says something else than the database.");
        }
    }

    /// <summary>Null when there is no readable head of that day.</summary>
    public async Task<Head?> ReadAsync(string day, CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(PathOf(day));
            return await JsonSerializer.DeserializeAsync<Head>(file, ContractJson.Stored, cancellation);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The days that have a file, oldest first.</summary>
    public IReadOnlyList<string> Days() => Directory.Exists(directory)
        ? [.. Directory.EnumerateFiles(directory, "*" + Suffix).Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)]
        : [];

    private string PathOf(string day) => Path.Combine(directory, day + Suffix);

    private void CreateDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStreamOptions OwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
