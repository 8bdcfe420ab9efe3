namespace WeChatUnion.Api.Infrastructure.Settings;

/// <summary>Section <c>Data</c>: the folder for what the program writes itself (SQLite file, generated keys).</summary>
internal sealed record DataDirectory
{
    /// <summary>Relative paths count from the content root.</summary>
    public string Directory { get; init; } = "data";

    public string PathOf(string file) => Path.Combine(Directory, file);

    /// <summary>
    /// Makes the folder unless it is there: for the owner alone, since what lies in it speaks of people. Null, or the
    /// sentence that says why it cannot be made.
    /// </summary>
    public string? Make()
    {
        try
        {
            if (string.IsNullOrWhiteSpace(Directory))
            {
                return null;
            }

            if (OperatingSystem.IsWindows())
            {
                System.IO.Directory.CreateDirectory(Directory);
            }
            else
            {
                System.IO.Directory.CreateDirectory(Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"Data:Directory 指向的目录 {Directory} 无法建立:请检查路径和写入权限。";
        }
    }

    public IEnumerable<string> Faults(bool production)
    {
        if (string.IsNullOrWhiteSpace(Directory))
        {
            yield return "Data:Directory 未填写:请给出数据目录。";
        }
    }
}
