using System.Diagnostics;
using LinqToDB;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Messages;
using WeChatUnion.Api.Modules.Messages.Delivering;
using WeChatUnion.Tests.House;
using WeChatUnion.WeChatStandIn;

namespace WeChatUnion.Tests.Messages;

/// <summary>The process of a county that has chosen its templates.</summary>
public sealed class MessagingSqliteProcess : SqliteProcess
{
    protected override async Task<Dictionary<string, string>> DatabaseSettingsAsync() =>
        DeliveryCrashTests.Connect(await base.DatabaseSettingsAsync(), WeChat);
}

/// <inheritdoc cref="MessagingSqliteProcess"/>
public sealed class MessagingMariaDbProcess : MariaDbProcess
{
    protected override async Task<Dictionary<string, string>> DatabaseSettingsAsync() =>
        DeliveryCrashTests.Connect(await base.DatabaseSettingsAsync(), WeChat);
}

public sealed class DeliveryCrashOnSqlite(MessagingSqliteProcess house, ITestOutputHelper output) : DeliveryCrashTests(house, output), IClassFixture<MessagingSqliteProcess>
{
    private const int MostControlRuns = 5;

    private readonly MessagingSqliteProcess house = house;

    /// <summary>The control: a database that marks a message as sent when it is claimed. What is done wrong is the program's part, so one database will do.</summary>
    [Fact]
    public async Task Control_who_marks_before_sending_loses_some()
    {
        await house.Execute(
            "CREATE TRIGGER mark_first AFTER UPDATE OF state ON deliveries WHEN NEW.state = 'sending' BEGIN UPDATE deliveries SET state = 'sent' WHERE id = NEW.id; END");
        try
        {
            for (var run = 0; run < MostControlRuns; run++)
            {
                if ((await RunAsync()).ContainsValue(0))
                {
                    return;
                }
            }

            Assert.Fail($"Nobody missed a message in {MostControlRuns} runs.");
        }
        finally
        {
            await house.Execute("DROP TRIGGER mark_first");
        }
    }
}

public sealed class DeliveryCrashOnMariaDb(MessagingMariaDbProcess house, ITestOutputHelper output) : DeliveryCrashTests(house, output), IClassFixture<MessagingMariaDbProcess>;

/// <summary>The program is killed between sending and marking, and again between claiming and sending.</summary>
[Trait(Soak.Trait, "yes")]
public abstract class DeliveryCrashTests(ProcessHouse house, ITestOutputHelper output)
{
    private const string Token = "/cgi-bin/stable_token";
    private const string Repeatable = "place_offered";
    private const string Once = "broadcast";

    private static readonly int Count = Soak.Size(inRun: 300, inSoak: 5_000);
    private static readonly int Kills = Soak.Size(inRun: 1, inSoak: 3);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Few at a time, so that a kill finds some waiting; more patience with the platform than the token is held back.</summary>
    internal static Dictionary<string, string> Connect(Dictionary<string, string> settings, StandIn weChat) =>
        new(settings.Concat(MessagesHouse.SettingsFor(weChat))) { ["Messages:MostInFlight"] = "32", ["WeChat:TimeoutSeconds"] = "60" };

    [Fact]
    public async Task No_notice_is_missing_and_only_an_unknown_outcome_makes_a_second_one()
    {
        var people = await RunAsync();
        var rows = (await house.Texts($"SELECT CONCAT(person_id, ' ', kind, ' ', state, ' ', unknowns) FROM deliveries WHERE person_id >= '{people.Keys.Min()}'"))
            .Select(r => r.Split(' ')).Where(r => people.ContainsKey(r[0])).ToList();
        Assert.Equal(Count, rows.Count);
        Assert.All(rows, row =>
        {
            var (arrived, isUnknown) = (people[row[0]], row[3] != "0");
            if (row[1] == Repeatable)
            {
                Assert.Equal("sent", row[2]);
                Assert.True(arrived == 1 || (arrived > 1 && isUnknown), $"{string.Join(' ', row)} arrived {arrived} times");
            }
            else
            {
                Assert.True(row[2] == "sent" ? arrived == 1 : row[2] == "unknown" && isUnknown && arrived <= 1, $"{string.Join(' ', row)} arrived {arrived} times");
            }
        });
        output.WriteLine($"{Count} notices, {people.Values.Sum(n => Math.Max(0, n - 1))} arrived twice, {rows.Count(r => r[2] == "unknown")} have an unknown outcome and are not repeated.");
    }

    /// <returns>How often each person's message arrived.</returns>
    private protected async Task<Dictionary<string, int>> RunAsync()
    {
        var weChat = house.WeChat.Subscriptions;
        weChat.AcceptsAll = true;
        weChat.Delay = TimeSpan.FromMilliseconds(100);
        var before = weChat.Count;
        var people = await TellAsync();
        for (var kill = 1; kill <= Kills; kill++)
        {
            // Sent, and not marked yet.
            await UntilAsync(() => Task.FromResult(weChat.Count - before >= Count * kill / (Kills + 3)));
            await KillAsync();

            // Claimed, and not sent: the token does not come before a busy machine has got as far as the kill.
            var open = await NumberAsync("SELECT COUNT(*) FROM deliveries WHERE state = 'waiting'");
            Assert.NotEqual(0, open);
            house.WeChat.Faults.Delay(Token, TimeSpan.FromSeconds(20));
            await house.Api.StartAsync();
            await UntilAsync(async () => await NumberAsync("SELECT COUNT(*) FROM deliveries WHERE state = 'waiting'") < open);
            await KillAsync();
            house.WeChat.Faults.Clear();
            await house.Api.StartAsync();
        }

        await UntilAsync(async () => await NumberAsync("SELECT COUNT(*) FROM deliveries WHERE state IN ('waiting', 'sending')") == 0);
        await Task.Delay(weChat.Delay * 2);
        var arrived = weChat.Sent.CountBy(m => m.OpenId).ToDictionary();
        return people.ToDictionary(p => p.Key, p => arrived.GetValueOrDefault(p.Value));
    }

    /// <summary>The dead node's lease is over at once.</summary>
    private async Task KillAsync()
    {
        house.Api.Kill();
        await house.Execute("UPDATE deliveries SET claimed_until = 0 WHERE state = 'sending'");
    }

    /// <returns>Each person's openid.</returns>
    private async Task<Dictionary<string, string>> TellAsync()
    {
        var cipher = new FieldCipher(new PrivacySettings
        {
            CurrentFieldKey = "k1",
            FieldKeys = new Dictionary<string, string> { ["k1"] = house.Settings["Privacy:FieldKeys:k1"] },
        });
        using var signal = new DeliverySignal();
        var templates = new Dictionary<string, string> { ["place_offered"] = MessagesHouse.TemplateId("place_offered"), ["union_message"] = MessagesHouse.TemplateId("union_message") };
        var messenger = new Messenger(cipher, new Dispatch(new MessagesSettings { Templates = templates }, new WeChatSettings(), cipher, signal));
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var people = Enumerable.Range(0, Count).ToDictionary(_ => Ids.New(), _ => $"o{Guid.NewGuid():N}"[..28]);
        await house.Database.TransactAsync(
            async db =>
            {
                await db.InsertManyAsync(people.Keys.Select(id => new PersonRow { Id = id, CreatedAt = now }));
                await db.InsertManyAsync(people.Select(p => new WeChatAccountRow { AppId = new StandInOptions().AppId, OpenId = p.Value, PersonId = p.Key, CreatedAt = now }));
                await db.InsertManyAsync(people.Keys.SelectMany(id => templates.Keys.Select(t => new CreditRow
                {
                    PersonId = id,
                    Template = t,
                    Credits = 100,
                    ReportsAhead = 0,
                    PushesAhead = 0,
                    AheadAt = now,
                    UpdatedAt = now,
                })));

                // Urgent: whatever hour it is.
                await messenger.AddAsync(
                    db,
                    [
                        .. people.Keys.Select((id, i) => new Notice(id, i % 2 == 0 ? Repeatable : Once, "候补有名额了", "有一个名额为您保留。", Ids.New())
                        {
                            Importance = Importance.Urgent,
                        }),
                    ],
                    now);
            },
            CancellationToken.None);
        return people;
    }

    private async Task<long> NumberAsync(string sql) => long.Parse((await house.Texts(sql))[0], System.Globalization.CultureInfo.InvariantCulture);

    private async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var patience = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (patience.Elapsed >= Patience)
            {
                Assert.Fail(house.Api.Complaints());
            }

            await Task.Delay(5);
        }
    }
}
