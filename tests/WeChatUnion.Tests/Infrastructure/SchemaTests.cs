using System.Net;
using System.Text.RegularExpressions;
using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Infrastructure;

/// <summary>Both houses stand side by side: one schema, written for both databases.</summary>
public sealed partial class SchemaTests(SqliteHouse sqlite, MariaDbHouse mariaDb) : IClassFixture<SqliteHouse>, IClassFixture<MariaDbHouse>
{
    [Fact]
    public async Task Both_databases_have_the_same_tables_column_by_column_and_constraint_by_constraint()
    {
        var (here, there) = (await OnSqlite(), await OnMariaDb());
        Assert.Equal(here.Where(l => !there.Contains(l)), there.Where(l => !here.Contains(l)));
        Assert.True(here.Count > 250, $"only {here.Count} facts were compared");
        foreach (var kind in new[] { "column", "unique", "foreign key", "index", "check" })
        {
            Assert.Contains(here, l => l.Contains($": {kind} ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("CREATE TABLE planted (id CHAR(32) NOT NULL PRIMARY KEY)", "DROP TABLE planted")]
    [InlineData("ALTER TABLE sessions ADD COLUMN planted INT NULL", "ALTER TABLE sessions DROP COLUMN planted")]
    [InlineData("CREATE INDEX planted ON sessions (device)", "DROP INDEX planted")]
    [InlineData("CREATE UNIQUE INDEX planted ON sessions (created_at)", "DROP INDEX planted")]
    public async Task A_planted_difference_is_found(string plant, string remove)
    {
        var before = await OnSqlite();
        await sqlite.Execute(plant);
        var after = await OnSqlite();
        await sqlite.Execute(remove);
        Assert.NotEqual(before, after);
        Assert.Equal(before, await OnSqlite());
    }

    [Theory]
    [InlineData("ALTER TABLE sessions MODIFY device VARCHAR(60) NULL", "ALTER TABLE sessions MODIFY device VARCHAR(60) NOT NULL")]
    [InlineData("ALTER TABLE sessions MODIFY device VARCHAR(61) NOT NULL", "ALTER TABLE sessions MODIFY device VARCHAR(60) NOT NULL")]
    [InlineData("ALTER TABLE messages ADD CONSTRAINT planted FOREIGN KEY (record_id) REFERENCES persons (id)", "ALTER TABLE messages DROP FOREIGN KEY planted, DROP INDEX planted")]
    [InlineData("ALTER TABLE messages ADD CONSTRAINT planted CHECK (created_at > 0)", "ALTER TABLE messages DROP CONSTRAINT planted")]
    public async Task A_planted_difference_is_found_on_MariaDB(string plant, string remove)
    {
        var before = await OnMariaDb();
        await mariaDb.Execute(plant);
        var after = await OnMariaDb();
        await mariaDb.Execute(remove);
        Assert.NotEqual(before, after);
    }

    [Fact]
    public async Task Text_compares_byte_by_byte_and_ids_are_ASCII()
    {
        await using var db = mariaDb.Database.Open();
        var columns = await db.QueryToListAsync<string>(
            """
            SELECT CONCAT(table_name, '.', column_name, ' ', column_type, ' ', collation_name) FROM information_schema.columns
            WHERE table_schema = DATABASE() AND collation_name IS NOT NULL AND table_name <> 'schema_migrations'
            """);
        Assert.NotEmpty(columns);
        Assert.All(columns, c => Assert.Matches(@" (utf8mb4_bin|ascii_bin)$", c));
        Assert.All(columns.Where(c => IdColumn().IsMatch(c)), c => Assert.Matches(@"char\((32|64)\) ascii_bin$", c));
        Assert.Contains(columns, c => c == "unions.name varchar(100) utf8mb4_bin" || c.StartsWith("unions.name ", StringComparison.Ordinal) && c.EndsWith("utf8mb4_bin", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Migrating_and_loading_reference_data_again_changes_nothing(bool isSqlite)
    {
        TestHouse house = isSqlite ? sqlite : mariaDb;
        var before = await Rows(house);

        house.Services.GetRequiredService<Schema>().Migrate();
        foreach (var data in house.Services.GetServices<IReferenceData>())
        {
            await data.LoadAsync(CancellationToken.None);
        }

        Assert.Equal(before, await Rows(house));
        Assert.Equal(Schema.Newest, await house.Number("SELECT COUNT(*) FROM schema_migrations WHERE version IS NOT NULL AND success = 1 AND version <> '0'"));
        Assert.NotEqual(0, await house.Number("SELECT COUNT(*) FROM divisions"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_is_not_ready_on_a_schema_older_than_itself(bool isSqlite)
    {
        TestHouse house = isSqlite ? sqlite : mariaDb;
        await house.Execute($"UPDATE schema_migrations SET success = 0 WHERE version = '{Schema.Newest:D4}' OR version = '{Schema.Newest}'");
        var answer = await house.Anonymous().Get("/health/ready");
        await house.Execute("UPDATE schema_migrations SET success = 1");
        answer.MustBe(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("schema", answer["cause"]);
        (await house.Anonymous().Get("/health/ready")).MustBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_is_not_ready_on_a_schema_that_asks_for_newer_nodes_but_is_on_one_that_is_merely_newer(bool isSqlite)
    {
        TestHouse house = isSqlite ? sqlite : mariaDb;
        var oldest = await house.Number("SELECT oldest_node FROM schema_state");
        await house.Execute($"UPDATE schema_state SET oldest_node = {Schema.Newest + 1}");
        var answer = await house.Anonymous().Get("/health/ready");
        await house.Execute($"UPDATE schema_state SET oldest_node = {Schema.Newest}");
        var fits = await house.Anonymous().Get("/health/ready");
        await house.Execute($"UPDATE schema_state SET oldest_node = {oldest}");
        answer.MustBe(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("schema", answer["cause"]);
        fits.MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public void Every_migration_is_written_for_both_and_says_whether_it_breaks_older_nodes()
    {
        var folder = Path.Combine(Sources.Root, "api", "Migrations");
        string[] Names(string database) => [.. Directory.EnumerateFiles(Path.Combine(folder, database)).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal(Names("mysql"), Names("sqlite"));
        Assert.Equal(Enumerable.Range(1, Schema.Newest).Select(n => $"V{n:D4}"), Names("mysql").Select(n => n[..5]));
        foreach (var file in Directory.EnumerateFiles(folder, "*.sql", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            var breaks = Regex.Match(text, "^-- breaks older nodes: (yes|no)$", RegexOptions.Multiline).Groups[1].Value;
            Assert.True(breaks.Length > 0, file);
            Assert.Equal(breaks == "yes", text.Contains("SET oldest_node", StringComparison.Ordinal));
        }
    }

    private static async Task<List<string>> Rows(TestHouse house)
    {
        await using var db = house.Database.Open();
        var tables = await db.QueryToListAsync<string>(
            house.Database.IsSqlite
                ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                : "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()");
        var rows = new List<string>();
        foreach (var table in tables.Where(t => t != "periodic_runs").Order(StringComparer.Ordinal))
        {
            rows.Add($"{table} {(await db.QueryToListAsync<long>($"SELECT COUNT(*) FROM {table}"))[0]}");
        }

        return rows;
    }

    private async Task<List<string>> OnSqlite()
    {
        await using var db = sqlite.Database.Open();
        var facts = new List<string>();
        foreach (var table in await db.QueryToListAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migrations'"))
        {
            facts.AddRange(await db.QueryToListAsync<string>(
                $"SELECT '{table}: column ' || name || ' ' || lower(type) || CASE WHEN \"notnull\" = 1 OR pk > 0 THEN ' not null' ELSE ' null' END FROM pragma_table_info('{table}')"));
            foreach (var index in await db.QueryToListAsync<IndexOfTable>($"SELECT name, \"unique\" AS is_unique, origin FROM pragma_index_list('{table}')"))
            {
                var columns = await db.QueryToListAsync<string>($"SELECT name FROM pragma_index_info('{index.Name}') ORDER BY seqno");
                facts.Add($"{table}: {(index.IsUnique == 1 ? "unique" : $"index {index.Name}")} ({string.Join(", ", columns)})");
            }

            facts.AddRange((await db.QueryToListAsync<KeyOfTable>($"SELECT id, \"table\" AS parent, \"from\" AS child, \"to\" AS target, seq FROM pragma_foreign_key_list('{table}')"))
                .GroupBy(k => k.Id)
                .Select(k => $"{table}: foreign key ({string.Join(", ", k.OrderBy(c => c.Seq).Select(c => c.Child))}) to {k.First().Parent} ({string.Join(", ", k.OrderBy(c => c.Seq).Select(c => c.Target))})"));
            var sql = (await db.QueryToListAsync<string>($"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{table}'"))[0];
            facts.AddRange(Checks(sql).Select(c => $"{table}: check {c}"));
        }

        return [.. facts.Order(StringComparer.Ordinal)];
    }

    private async Task<List<string>> OnMariaDb()
    {
        await using var db = mariaDb.Database.Open();
        var facts = await db.QueryToListAsync<string>(
            """
            SELECT CONCAT(table_name, ': column ', column_name, ' ',
                CASE WHEN data_type IN ('bigint', 'int', 'tinyint', 'smallint') THEN data_type ELSE column_type END,
                CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE ' null' END)
            FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name <> 'schema_migrations'
            """);
        facts.AddRange(await db.QueryToListAsync<string>(
            """
            SELECT CONCAT(s.table_name, ': ', CASE WHEN non_unique = 0 THEN 'unique' ELSE CONCAT('index ', index_name) END,
                ' (', GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ', '), ')')
            FROM information_schema.statistics s WHERE table_schema = DATABASE() AND s.table_name <> 'schema_migrations'
                AND NOT EXISTS (SELECT 1 FROM information_schema.table_constraints c WHERE c.table_schema = DATABASE()
                    AND c.table_name = s.table_name AND c.constraint_name = s.index_name AND c.constraint_type = 'FOREIGN KEY')
            GROUP BY s.table_name, index_name, non_unique
            """));
        facts.AddRange(await db.QueryToListAsync<string>(
            """
            SELECT CONCAT(table_name, ': foreign key (', GROUP_CONCAT(column_name ORDER BY ordinal_position SEPARATOR ', '), ') to ',
                referenced_table_name, ' (', GROUP_CONCAT(referenced_column_name ORDER BY ordinal_position SEPARATOR ', '), ')')
            FROM information_schema.key_column_usage
            WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL
            GROUP BY table_name, constraint_name, referenced_table_name
            """));

        // MariaDB makes an index of its own for a foreign key that has none.
        facts.RemoveAll(f => f.Contains(": index ", StringComparison.Ordinal) && !f.Contains("_by_", StringComparison.Ordinal)
            && facts.Any(k => k.StartsWith($"{f.Split(':')[0]}: foreign key {f[f.IndexOf('(', StringComparison.Ordinal)..]} to", StringComparison.Ordinal)));
        facts.AddRange((await db.QueryToListAsync<CheckOfTable>(
            "SELECT table_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()"))
            .Select(c => $"{c.TableName}: check {Plain(c.CheckClause)}"));
        return [.. facts.Order(StringComparer.Ordinal)];
    }

    /// <summary>The clauses of <c>CHECK (…)</c>, whose brackets may be nested.</summary>
    private static IEnumerable<string> Checks(string sql)
    {
        foreach (Match start in Regex.Matches(sql, @"CHECK\s*\("))
        {
            var depth = 1;
            var end = start.Index + start.Length;
            for (; depth > 0; end++)
            {
                depth += sql[end] == '(' ? 1 : sql[end] == ')' ? -1 : 0;
            }

            yield return Plain(sql[(start.Index + start.Length)..(end - 1)]);
        }
    }

    /// <summary>Both databases print clauses in a way of their own.</summary>
    private static string Plain(string clause) => Regex.Replace(clause.Replace("`", "", StringComparison.Ordinal), @"[\s()]+", "").ToLowerInvariant();

    [GeneratedRegex(@"\.(\w+_)?id char| \.id char|\.(union|person)_id ")]
    private static partial Regex IdColumn();

    private sealed record IndexOfTable
    {
        public required string Name { get; init; }

        public required long IsUnique { get; init; }

        public required string Origin { get; init; }
    }

    private sealed record KeyOfTable
    {
        public required long Id { get; init; }

        public required string Parent { get; init; }

        public required string Child { get; init; }

        public required string Target { get; init; }

        public required long Seq { get; init; }
    }

    private sealed record CheckOfTable
    {
        public required string TableName { get; init; }

        public required string CheckClause { get; init; }
    }
}
