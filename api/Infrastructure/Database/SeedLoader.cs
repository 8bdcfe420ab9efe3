using System.Security.Cryptography;
using LinqToDB.Data;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>
/// Loads the files of a folder under <c>seeds/</c> when they are not the ones loaded last: a start that finds nothing
/// new costs one read.
/// </summary>
internal sealed class SeedLoader(Database database, TimeProvider clock)
{
    public async Task LoadAsync(string folder, Func<Task> load, CancellationToken cancellation)
    {
        var hash = HashOf(folder);
        await using (var db = database.Open())
        {
            var loaded = await db.QueryToListAsync<string>(
                "SELECT content_hash FROM loaded_seeds WHERE folder = @folder", new { folder }, cancellation);
            if (loaded.Count == 1 && loaded[0] == hash)
            {
                return;
            }
        }

        await load();
        await database.TransactAsync(
            async db =>
            {
                await db.ExecuteAsync("DELETE FROM loaded_seeds WHERE folder = @folder", new { folder });
                await db.ExecuteAsync(
                    "INSERT INTO loaded_seeds (folder, content_hash, loaded_at) VALUES (@folder, @hash, @now)",
                    new { folder, hash, now = clock.Milliseconds() });
            },
            cancellation);
    }

    private static string HashOf(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var root = Path.Combine(AppContext.BaseDirectory, "seeds", folder);
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file) + "\n"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
