using System.Net;
using EvolveDb;
using EvolveDb.Configuration;
using MySqlConnector;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Operations;

/// <summary>
/// Two nodes on one MariaDB and one Redis, each a process. The later schema is a migration file of the test's own, run
/// by the same tool into the same table, as the next release's migrate command would.
/// </summary>
[Trait(Soak.Trait, "yes")]
public sealed class RollingUpgradeTests(MariaDbProcess house) : IClassFixture<MariaDbProcess>, IAsyncLifetime
{
    private static readonly int Notes = Soak.Size(inRun: 40, inSoak: 2_000);
    private static readonly int Kills = Soak.Size(inRun: 1, inSoak: 20);

    private readonly string migrations = Directory.CreateTempSubdirectory("wu").FullName;
    private readonly ApiProcess second = new(house.Settings);

    public async ValueTask InitializeAsync() => await second.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await second.DisposeAsync();
        Directory.Delete(migrations, recursive: true);
    }

    [Fact]
    public async Task Two_nodes_serve_while_one_is_upgraded_and_while_one_is_killed()
    {
        var officer = await house.Staff($"officer-{Guid.NewGuid():N}", Role.MembershipOfficer, "zhaipo");
        var papers = Papers.New();
        await papers.ApplyAsync(house, await house.Worker(papers.User));
        var found = await officer.Post("/api/v1/office/member-searches", new { idNumber = papers.IdNumber, reason = "核实入会申请人" });
        var application = found.MustBe(HttpStatusCode.OK).Items.Single().GetProperty("applicationId").GetString()!;
        await using var load = new Load([house.Api.Address, second.Address], officer.Token!, application);
        load.Start();
        await load.UntilAnsweredAsync(Notes);

        // The upgrade: one node stops, the schema grows, the node comes back, then the other.
        Assert.Equal(0, await house.Api.StopAsync(TimeSpan.FromSeconds(30)));
        Migrate(9001, "ALTER TABLE membership_contacts ADD COLUMN later_word VARCHAR(20) NULL;");
        await load.UntilAnsweredAsync(Notes);
        Assert.Equal(HttpStatusCode.OK, (await second.Anonymous().Get("/health/ready")).Status);
        await house.Api.StartAsync();
        Assert.Equal(0, await second.StopAsync(TimeSpan.FromSeconds(30)));
        await load.UntilAnsweredAsync(Notes);
        await second.StartAsync();

        for (var kill = 0; kill < Kills; kill++)
        {
            var node = kill % 2 == 0 ? second : house.Api;
            await load.UntilAnsweredAsync(Notes / 3);
            node.Kill();
            await load.UntilAnsweredAsync(Notes / 3);
            await node.StartAsync();
        }

        await load.StopAsync();
        Assert.True(load.Detours > 0, "Nobody noticed the kills: they came at no time that matters.");
        var kept = await house.Texts($"SELECT id FROM membership_contacts WHERE application_id = '{application}'");
        Assert.Equal(load.Answered.Keys.Order(), kept.Order());
        Assert.Equal(kept.Count, (await house.Texts($"SELECT id FROM audit_entries WHERE deed = 'record_contact' AND record_id = '{application}'")).Count);
        Assert.Equal("", house.Api.Complaints() + second.Complaints());

        // A schema that older nodes cannot live with takes them out of the line, and says why.
        Migrate(9002, "UPDATE schema_state SET oldest_node = 9002 WHERE id = 1;");
        foreach (var node in new[] { house.Api, second })
        {
            var ready = await node.Anonymous().Get("/health/ready");
            Assert.Equal("schema", ready.MustBe(HttpStatusCode.ServiceUnavailable)["cause"]);
        }
    }

    private void Migrate(int number, string sql)
    {
        foreach (var name in typeof(Schema).Assembly.GetManifestResourceNames().Where(n => n.Contains(".Migrations.mysql.", StringComparison.Ordinal)))
        {
            using var script = typeof(Schema).Assembly.GetManifestResourceStream(name)!;
            using var file = File.Create(Path.Combine(migrations, name.Split(".Migrations.mysql.")[1]));
            script.CopyTo(file);
        }

        File.WriteAllText(Path.Combine(migrations, $"V{number}__later.sql"), sql);
        using var connection = new MySqlConnection(house.Database.ConnectionString);
        connection.Open();
        var evolve = new Evolve(connection)
        {
            Locations = [migrations],
            MetadataTableName = "schema_migrations",
            IsEraseDisabled = true,
            TransactionMode = TransactionKind.CommitEach,
        };
        evolve.Migrate();
        Assert.Equal(1, evolve.NbMigration);
    }
}
