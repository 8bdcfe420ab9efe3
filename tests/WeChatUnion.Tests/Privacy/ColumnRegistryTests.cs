using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Privacy;

/// <summary>Every column of both schemas stands in the registry, and what it says can be carried out.</summary>
public sealed class ColumnRegistryTests(SqliteHouse sqlite, MariaDbHouse mariaDb) : IClassFixture<SqliteHouse>, IClassFixture<MariaDbHouse>
{
    private static readonly string[] Erasures = ["delete", "archive", "null", "empty", "id", "keep"];

    private ColumnRegistry Registry => sqlite.Services.GetRequiredService<ColumnRegistry>();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_column_is_declared_and_no_other(bool isSqlite) =>
        Assert.Empty(Differences(Registry, await ColumnsOf(isSqlite ? sqlite : mariaDb)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_column_that_nobody_declared_and_one_that_is_gone_are_found(bool isSqlite)
    {
        TestHouse house = isSqlite ? sqlite : mariaDb;
        await house.Execute("ALTER TABLE sessions ADD COLUMN planted INT NULL");
        var missing = Differences(Registry, await ColumnsOf(house));
        await house.Execute("ALTER TABLE sessions DROP COLUMN planted");
        Assert.Equal(["sessions.planted is not declared"], missing);

        var columns = await ColumnsOf(house);
        columns.Remove("messages.read_at");
        Assert.Equal(["messages.read_at is declared but gone"], Differences(Registry, columns));
    }

    [Fact]
    public void Personal_columns_say_for_what_by_which_law_how_long_and_what_erasure_does()
    {
        var personal = Registry.Groups.Where(g => g.Kind != ColumnKind.None).ToList();
        Assert.NotEmpty(personal);
        Assert.All(personal, g =>
        {
            Assert.True(g.Purpose.Length > 0 && g.Basis.Length > 0 && g.Retention.Length > 0, g.ToString());
            Assert.Contains(g.Erasure, Erasures);
        });
        Assert.All(Registry.Groups.Where(g => g.Kind == ColumnKind.None), g => Assert.Equal(("", "", "", ""), (g.Whose, g.Basis, g.Retention, g.Erasure)));

        // Sealed means that it speaks of somebody; the secret of a draw is sealed until it is published.
        Assert.All(
            Registry.Groups.Where(g => g.Columns.Any(c => c.EndsWith("_sealed", StringComparison.Ordinal))).Where(g => g.Table is not ("search_reasons" or "draws")),
            g => Assert.NotEqual(ColumnKind.None, g.Kind));
    }

    [Fact]
    public void Every_period_has_somebody_who_honours_it_and_every_rule_its_period()
    {
        var rules = sqlite.Services.GetServices<RetentionRule>().ToDictionary(r => r.Name);
        var tasks = sqlite.Services.GetServices<PeriodicEntry>().Select(e => e.Name).ToHashSet();
        foreach (var group in Registry.Groups.Where(g => g.Retention.Length > 0))
        {
            var isHonoured = group.Rule switch
            {
                "account" or "law" => group.Days is null,
                "with" => rules.Values.Any(r => r.Table == group.Retention.Split(' ')[1] && r.Children.Any(c => c.StartsWith(group.Table + ".", StringComparison.Ordinal))),
                "purge_audit" => group.Days > 0,
                var rule => group.Days >= 0 && (tasks.Contains(rule) || (rules.TryGetValue(rule, out var found) && found.Table == group.Table)),
            };
            Assert.True(isHonoured, $"{group.Table}: {group.Retention}");
        }

        Assert.All(rules.Values, r => Assert.Single(Registry.Groups.Where(g => g.Rule == r.Name).Select(g => g.Days).Distinct()));
    }

    [Fact]
    public async Task Every_way_to_a_person_is_a_column_that_is_there()
    {
        await using var db = sqlite.Database.Open();
        foreach (var group in Registry.Groups.Where(g => g.Whose.Length > 0))
        {
            await db.QueryToListAsync<long>($"SELECT COUNT(*) FROM {group.Table} WHERE {group.Condition}", new { personId = "" });
        }

        // A foreign key to persons is such a way, so it must stand in the registry as one.
        foreach (var table in Registry.Tables)
        {
            var keys = await db.QueryToListAsync<string>($"SELECT \"from\" FROM pragma_foreign_key_list('{table}') WHERE \"table\" = 'persons'");
            Assert.All(keys.Where(k => table != "kept_records"), k => Assert.Contains(Registry.Of(table), g => g.Columns.Contains(k) && (g.Whose.Length > 0 || k == "")));
        }
    }

    private static IEnumerable<string> Differences(ColumnRegistry registry, HashSet<string> columns)
    {
        var declared = registry.Groups.SelectMany(g => g.Columns.Select(c => $"{g.Table}.{c}")).ToHashSet();
        return columns.Except(declared).Select(c => $"{c} is not declared")
            .Concat(declared.Except(columns).Select(c => $"{c} is declared but gone"));
    }

    private static async Task<HashSet<string>> ColumnsOf(TestHouse house)
    {
        await using var db = house.Database.Open();
        return [.. await db.QueryToListAsync<string>(
            house.Database.IsSqlite
                ? "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'schema_migrations'"
                : "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name <> 'schema_migrations'")];
    }
}
