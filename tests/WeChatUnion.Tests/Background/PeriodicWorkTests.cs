using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Background;

public sealed class PeriodicWorkOnSqlite(SqliteHouse house) : PeriodicWorkTests(house), IClassFixture<SqliteHouse>;

public sealed class PeriodicWorkOnMariaDb(MariaDbHouse house) : PeriodicWorkTests(house), IClassFixture<MariaDbHouse>;

public abstract class PeriodicWorkTests(TestHouse house)
{
    [Fact]
    public async Task Of_many_nodes_one_runs_a_due_task_and_again_when_its_time_comes()
    {
        var task = new Counting();
        var nodes = Enumerable.Range(0, 8).Select(_ => NodeWith(task, TimeSpan.FromMinutes(10), "counting")).ToList();

        await Task.WhenAll(nodes.Select(n => Task.Run(() => n.RunDueAsync(CancellationToken.None))));
        Assert.Equal(1, task.Runs);

        house.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(nodes.Select(n => n.RunDueAsync(CancellationToken.None)));
        Assert.Equal(1, task.Runs);

        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(nodes.Select(n => Task.Run(() => n.RunDueAsync(CancellationToken.None))));
        Assert.Equal(2, task.Runs);
    }

    [Fact]
    public async Task A_task_that_fails_is_tried_again_after_a_minute_and_stops_nobody_else()
    {
        var failing = new Counting { Fails = true };
        var node = NodeWith(failing, TimeSpan.FromHours(1), "failing");

        Assert.Equal(1, await node.RunDueAsync(CancellationToken.None));
        Assert.Equal(0, await node.RunDueAsync(CancellationToken.None));
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        failing.Fails = false;
        Assert.Equal(1, await node.RunDueAsync(CancellationToken.None));
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await node.RunDueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_run_that_was_cut_off_is_taken_over_when_its_lease_ends()
    {
        await house.Execute(
            $"INSERT INTO periodic_runs (name, due_at, claimed_until) VALUES ('cut_off', 0, {house.Clock.GetUtcNow().AddMinutes(10).ToUnixTimeMilliseconds()})");
        var node = NodeWith(new Counting(), TimeSpan.FromHours(1), "cut_off");

        Assert.Equal(0, await node.RunDueAsync(CancellationToken.None));
        house.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1, await node.RunDueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Keys_are_forgotten_after_a_day_and_sessions_when_they_have_ended()
    {
        var worker = await house.Worker();
        var schedule = house.Services.GetRequiredService<PeriodicWorker>();
        await house.Execute(
            "INSERT INTO idempotency_keys (person_id, route, idempotency_key, body_hash, made_id, created_at) "
            + $"VALUES ('p', 'POST /old', 'k', 'h', 'm', {house.Clock.GetUtcNow().ToUnixTimeMilliseconds()})");
        await schedule.RunDueAsync(CancellationToken.None);
        Assert.Equal(1, await house.Number("SELECT COUNT(*) FROM idempotency_keys WHERE route = 'POST /old'"));

        house.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromMilliseconds(1));
        await schedule.RunDueAsync(CancellationToken.None);
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM idempotency_keys WHERE route = 'POST /old'"));
        (await worker.Get("/api/v1/me")).MustBe(System.Net.HttpStatusCode.OK);

        house.Clock.Advance(TimeSpan.FromDays(30));
        await schedule.RunDueAsync(CancellationToken.None);
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM sessions"));
    }

    private PeriodicWorker NodeWith(Counting task, TimeSpan every, string name) => new(
        house.Database,
        [new PeriodicEntry(name, every, typeof(Counting))],
        new ServiceCollection().AddSingleton(task).BuildServiceProvider(),
        house.Clock,
        NullLogger<PeriodicWorker>.Instance);

    private sealed class Counting : IPeriodicTask
    {
        private int runs;

        public int Runs => runs;

        public bool Fails { get; set; }

        public Task RunAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref runs);
            return Fails ? throw new InvalidOperationException("on purpose") : Task.CompletedTask;
        }
    }
}
