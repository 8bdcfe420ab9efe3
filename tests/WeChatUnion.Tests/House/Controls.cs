using System.Text.RegularExpressions;
using LinqToDB.Data;

namespace WeChatUnion.Tests.House;

/// <summary>
/// Takes promises out of a database, to see that the tests would notice. Only ever in a database of the control's own.
/// </summary>
internal static class Controls
{
    extension(TestHouse house)
    {
        /// <summary>Drops the UNIQUE that stands in the column's own line of the migration.</summary>
        public async Task DropUnique(string table, string column)
        {
            await using var db = house.Database.Open();
            if (!house.Database.IsSqlite)
            {
                // A foreign key may lean on the index, so a plain one takes its place.
                await db.ExecuteAsync($"ALTER TABLE {table} ADD INDEX control_{column} ({column}), DROP INDEX {column}");
                return;
            }

            await Rebuild(house, table, $@"(\n\s*{column} [^,\n]*?) UNIQUE");
        }

        /// <summary>Drops a named CHECK.</summary>
        public Task DropCheck(string table, string name) => house.Database.IsSqlite
            ? Rebuild(house, table, $@"(),\s*CONSTRAINT {name} CHECK \([^\n]*\)(?=\n)")
            : house.Execute($"ALTER TABLE {table} DROP CONSTRAINT {name}");

        /// <summary>Drops the UNIQUE over two columns; another index begins with the first one, so no foreign key leans on this.</summary>
        public async Task DropUniqueOfTwo(string table, string first, string second)
        {
            if (house.Database.IsSqlite)
            {
                await Rebuild(house, table, $@"(),\s*UNIQUE \({first}, {second}\)");
                return;
            }

            var index = await house.Text(
                "SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND non_unique = 0 "
                + $"AND table_name = '{table}' AND seq_in_index = 2 AND column_name = '{second}'");
            await house.DropIndex(table, index);
        }

        /// <summary>Drops an index that stands in a statement of its own, such as the UNIQUE of a former index.</summary>
        public Task DropIndex(string table, string index) =>
            house.Execute(house.Database.IsSqlite ? $"DROP INDEX {index}" : $"DROP INDEX {index} ON {table}");

        /// <summary>Undoes every approval's guarded update behind its back: the next officer finds the application as if under review.</summary>
        public async Task DefeatApprovalGuard() => await house.Execute(
            house.Database.IsSqlite
                ? """
                  CREATE TRIGGER control AFTER UPDATE ON membership_applications WHEN NEW.state = 'approved'
                  BEGIN
                      UPDATE membership_applications SET state = OLD.state, version = OLD.version WHERE id = OLD.id;
                  END
                  """
                : """
                  CREATE TRIGGER control BEFORE UPDATE ON membership_applications FOR EACH ROW
                  BEGIN
                      IF NEW.state = 'approved' THEN
                          SET NEW.state = OLD.state, NEW.version = OLD.version;
                      END IF;
                  END
                  """);
    }

    /// <summary>SQLite drops no constraint: the table is built anew without it. The first group of the pattern stays.</summary>
    private static async Task Rebuild(TestHouse house, string table, string constraint)
    {
        await using var db = house.Database.Open();
        var definition = (await db.QueryToListAsync<string>($"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{table}'"))[0];
        var indexes = await db.QueryToListAsync<string>($"SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = '{table}' AND sql IS NOT NULL");
        var loosened = Regex.Replace(definition, constraint, "$1");
        Assert.NotEqual(definition, loosened);
        await db.ExecuteAsync("PRAGMA foreign_keys = OFF");
        await db.ExecuteAsync(Regex.Replace(loosened, $"^CREATE TABLE \"?{table}\"?", "CREATE TABLE control"));
        await db.ExecuteAsync($"INSERT INTO control SELECT * FROM {table}");
        await db.ExecuteAsync($"DROP TABLE {table}");
        await db.ExecuteAsync($"ALTER TABLE control RENAME TO {table}");
        foreach (var index in indexes)
        {
            await db.ExecuteAsync(index);
        }

        await db.ExecuteAsync("PRAGMA foreign_keys = ON");
    }
}
