using System.Security.Cryptography;
using System.Text;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Demo;

/// <summary>Loads <c>seeds/demo/staff.csv</c> with generated passwords, which are written down once.</summary>
internal sealed class DemoStaff(Database database, Passwords passwords, TimeProvider clock)
{
    private const string PasswordLetters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int PasswordLength = 16;

    public async Task LoadAsync(string accountsFile)
    {
        var text = new StringBuilder();
        foreach (var cells in ReferenceFile.Read("staff.csv", "demo"))
        {
            var password = RandomNumberGenerator.GetString(PasswordLetters, PasswordLength);
            if (await AddAsync(cells, password))
            {
                text.Append(cells[0].PadRight(20)).Append(password).Append("  ").AppendLine(cells[1]);
            }
        }

        if (text.Length > 0)
        {
            await using var file = new StreamWriter(new FileStream(accountsFile, OwnerOnly()));
            await file.WriteAsync(text.ToString());
        }
    }

    private static FileStreamOptions OwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private async Task<bool> AddAsync(string[] cells, string password)
    {
        await using (var reading = database.Open())
        {
            if (await reading.StaffAccounts.AnyAsync(a => a.Name == cells[0]))
            {
                return false;
            }
        }

        var hash = passwords.Hash(password);
        var role = System.Text.Json.JsonSerializer.Deserialize<Role>($"\"{cells[2]}\"", ContractJson.Stored);
        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var personId = Ids.New();
                var union = await db.Unions.FirstAsync(u => u.SeedKey == cells[3]);
                await db.InsertAsync(new PersonRow { Id = personId, CreatedAt = now });
                await db.InsertAsync(new StaffAccountRow
                {
                    PersonId = personId,
                    Name = cells[0],
                    DisplayName = cells[1],
                    PasswordHash = hash,
                    IsDemo = true,
                    CreatedAt = now,
                });
                await Grants.GiveAsync(db, personId, role, union.Id, null, now, CancellationToken.None);
            },
            CancellationToken.None);
        return true;
    }
}
