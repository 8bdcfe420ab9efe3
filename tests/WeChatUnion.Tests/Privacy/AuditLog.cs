using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Privacy;

/// <summary>What tests do with the audit log: write, seal, verify, and tamper with it behind the program's back.</summary>
internal static class AuditLog
{
    private static readonly string[] Tables = ["audit_days", "audit_entries", "audit_seals"];

    public static void MustBeTheOwnersAlone(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    extension(TestHouse house)
    {
        /// <summary>Writes deeds of somebody with every column set.</summary>
        public Task WriteDeeds(int count) => house.Database.TransactAsync(
            async db =>
            {
                var caller = new Caller(Ids.New(), Ids.New(), SessionKind.Staff, "10.1.2.3") { Role = "membership_officer", UnionId = Ids.New() };
                for (var i = 0; i < count; i++)
                {
                    await Audit.WriteAsync(db, caller, "read_application", "membership_application", Ids.New(), house.Now(), Ids.New());
                }
            },
            CancellationToken.None);

        public long Now() => house.Clock.Milliseconds();

        /// <summary>Lets what was written grow old enough and seals it.</summary>
        public async Task Seal()
        {
            house.Clock.Advance(TimeSpan.FromSeconds(6));
            await house.Services.GetRequiredService<SealAudit>().RunAsync(CancellationToken.None);
        }

        public async Task<List<string>> AuditFaults()
        {
            var found = new List<string>();
            await foreach (var fault in house.Services.GetRequiredService<AuditFaults>().FindAsync(CancellationToken.None))
            {
                found.Add(fault);
            }

            return found;
        }

        /// <summary>Seals what is left and finds nothing wrong.</summary>
        public async Task AuditMustBeClean()
        {
            await house.Seal();
            Assert.Empty(await house.AuditFaults());
            Assert.Equal(0, await house.Services.GetRequiredService<AuditFaults>().WaitingAsync(CancellationToken.None));
        }

        public async Task<(int ExitCode, string Told)> Command(string name, params string[] arguments)
        {
            using var output = new StringWriter();
            var command = house.Services.GetServices<ICommand>().Single(c => c.Name == name);
            return (await command.RunAsync(arguments, output, CancellationToken.None), output.ToString());
        }

        public string HeadFile(string day) => Path.Combine(house.Folder, "audit-heads", day + ".json");

        public async Task KeepCopy()
        {
            foreach (var table in Tables)
            {
                await house.Execute($"CREATE TABLE {table}_copy AS SELECT * FROM {table}");
            }
        }

        /// <summary>Puts everything back as it was when the copy was made.</summary>
        public async Task PutBack()
        {
            foreach (var table in Tables.Reverse())
            {
                await house.Execute($"DELETE FROM {table}");
            }

            foreach (var table in Tables)
            {
                await house.Execute($"INSERT INTO {table} SELECT * FROM {table}_copy");
            }
        }

        internal async Task<List<SealRow>> Seals(string day)
        {
            await using var db = house.Database.Open();
            return await db.GetTable<SealRow>().Where(s => s.Day == day).OrderBy(s => s.Position).ToListAsync();
        }
    }
}
