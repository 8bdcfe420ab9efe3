using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Tests.House;

/// <summary>
/// A database with schema, reference data and demo unions is made once a run by the program itself; each house gets a
/// copy of its own.
/// </summary>
internal static class PreparedDatabases
{
    private static readonly Lazy<Task<string>> SqliteFile = new(MakeSqliteAsync);
    private static readonly Lazy<Task<string>> MariaDbName = new(MakeMariaDbAsync);

    /// <summary>Puts a copy where the program looks for its database.</summary>
    public static async Task CopySqliteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        File.Copy(await SqliteFile.Value, Path.Combine(folder, new DatabaseSettings().File));
    }

    /// <returns>The name of the copy.</returns>
    public static async Task<string> CopyMariaDbAsync(MariaDbServer server) => await server.CopyAsync(await MariaDbName.Value);

    /// <summary>Fills an empty database of a server of somebody's own.</summary>
    public static async Task CopyToAsync(MariaDbServer server, string database) =>
        await (await MariaDbServer.SharedAsync()).CopyToAsync(await MariaDbName.Value, server, database);

    private static async Task<string> MakeSqliteAsync()
    {
        await using var maker = new SqliteMaker();
        await maker.InitializeAsync();
        var file = Path.Combine(Directory.CreateTempSubdirectory("wu").FullName, "prepared.db");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        SqliteCopies.Copy(Path.Combine(maker.Folder, new DatabaseSettings().File), file);
        return file;
    }

    private static async Task<string> MakeMariaDbAsync()
    {
        await using var maker = new MariaDbMaker();
        await maker.InitializeAsync();
        return maker.Name;
    }

    private sealed class SqliteMaker : TestHouse
    {
        protected override Task<Dictionary<string, string>> SettingsAsync() =>
            Task.FromResult(new Dictionary<string, string> { ["Database:Kind"] = "sqlite" });
    }

    private sealed class MariaDbMaker : TestHouse
    {
        public string Name { get; private set; } = "";

        protected override async Task<Dictionary<string, string>> SettingsAsync()
        {
            var server = await MariaDbServer.SharedAsync();
            Name = await server.CreateDatabaseAsync();
            return new()
            {
                ["Database:Kind"] = "mysql",
                ["Database:ConnectionString"] = server.ConnectionString(Name),
                ["Redis:Connection"] = (await RedisServer.SharedAsync()).NewDatabase(),
            };
        }
    }
}
