namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>Files that speak of people: for the owner alone, never over another, and on the disk when we say so.</summary>
internal static class OwnersFile
{
    /// <exception cref="IOException">There is such a file already.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    /// <summary>
    /// Gives a finished file its name. Flushed before, so that the name never stands for half a file, and after, which
    /// on the usual file systems writes the name as well.
    /// </summary>
    public static void Finish(string made, string path)
    {
        Flush(made);
        File.Move(made, path, overwrite: false);
        Flush(path);
    }

    private static void Flush(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }
}
