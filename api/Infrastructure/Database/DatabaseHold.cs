using WeChatUnion.Api.Infrastructure.Settings;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>
/// Says beside an SQLite file that a program uses it. Many may at once, or one alone that puts another file in its
/// place. The system lets go when the process ends, however it ends.
/// </summary>
internal sealed class DatabaseHold(DatabaseSettings settings, DataDirectory directory) : IDisposable
{
    private FileStream? held;

    /// <summary>False when somebody holds it alone.</summary>
    public bool TryShare() => held is not null || TryHold(FileAccess.Read, FileShare.ReadWrite);

    /// <summary>False when anybody holds it.</summary>
    public bool TryHoldAlone() => TryHold(FileAccess.ReadWrite, FileShare.None);

    public void Dispose() => held?.Dispose();

    private bool TryHold(FileAccess access, FileShare share)
    {
        var path = directory.PathOf(settings.File + ".in-use");
        try
        {
            if (!File.Exists(path))
            {
                OwnersFile.Create(path).Dispose();
            }

            held = new FileStream(path, FileMode.Open, access, share);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
