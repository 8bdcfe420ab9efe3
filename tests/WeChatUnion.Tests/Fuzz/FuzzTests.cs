using System.Globalization;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Employment.Words;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Fuzz;

[Trait(Soak.Trait, "yes")]
public sealed class FuzzOnSqlite(SqliteHouse house, ITestOutputHelper output) : FuzzTests(house, output, inRun: 2000, secondsInRun: 30), IClassFixture<SqliteHouse>;

[Trait(Soak.Trait, "yes")]
public sealed class FuzzOnMariaDb(MariaDbHouse house, ITestOutputHelper output) : FuzzTests(house, output, inRun: 1000, secondsInRun: 30), IClassFixture<MariaDbHouse>;

/// <summary>
/// Both documents, every role, fitting and nasty values. WECHATUNION_FUZZ_SEED takes another seed,
/// WECHATUNION_FUZZ_REQUESTS and WECHATUNION_FUZZ_SECONDS other bounds than the usual ones.
/// </summary>
public abstract class FuzzTests(TestHouse house, ITestOutputHelper output, int inRun, int secondsInRun)
{
    private const int InSoak = 100_000;

    internal static int Seed => Setting("SEED") ?? 20261124;

    [Fact]
    public async Task Whatever_is_sent_by_whomever_is_answered_as_the_documents_say()
    {
        await using (var db = house.Database.Open())
        {
            // The list of words takes seconds of the processor, once a process; on a busy machine more than a request may.
            await WordRules.OnAsync(db, house.Clock.Today(), CancellationToken.None);
        }

        await using var run = new FuzzRun(house, Seed, Contract.Operations);
        var requests = Setting("REQUESTS") ?? Soak.Size(inRun, InSoak);
        await run.RunAsync(requests, TimeSpan.FromSeconds(Setting("SECONDS") ?? Soak.Size(secondsInRun, 3600)));

        output.WriteLine(run.Figures);
        Assert.True(run.Faults.Count == 0, run.Figures + "\n" + string.Join("\n", run.Faults.Values));
        Assert.True(run.Sent > 500, $"Only {run.Sent} requests in {secondsInRun} s.");
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable("WECHATUNION_FUZZ_" + name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
