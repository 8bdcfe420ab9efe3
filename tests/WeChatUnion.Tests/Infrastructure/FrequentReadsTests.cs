using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Infrastructure;

public sealed class FrequentReadsOnSqlite(SqliteHouse house) : FrequentReadsTests(house), IClassFixture<SqliteHouse>;

public sealed class FrequentReadsOnMariaDb(MariaDbHouse house) : FrequentReadsTests(house), IClassFixture<MariaDbHouse>;

/// <summary>Reads that share a statement answer as each would alone.</summary>
public abstract class FrequentReadsTests(TestHouse house)
{
    private const int Many = 600;
    private const string Sql = "SELECT id, created_at FROM persons WHERE id = @key";

    private FrequentReads Reads => house.Services.GetRequiredService<FrequentReads>();

    [Fact]
    public async Task Many_who_ask_at_once_get_each_her_own_rows_and_who_is_unknown_none()
    {
        var people = await AddAsync(Many);

        var asked = people.Concat(people.Take(50)).Append((new string('f', 32), -1)).ToArray();
        var answers = await Task.WhenAll(asked.Select(p => Task.Run(() => ReadAsync(p.Item1))));

        Assert.All(asked.Zip(answers).SkipLast(1), pair => Assert.Equal(pair.First.Item2, Assert.Single(pair.Second)));
        Assert.Empty(answers[^1]);
    }

    [Fact]
    public async Task Whoever_asks_after_a_commit_finds_it_however_many_are_under_way()
    {
        var crowd = (await AddAsync(50)).Select(p => p.Id).ToArray();
        using var over = new CancellationTokenSource();
        var others = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; !over.IsCancellationRequested; i++)
            {
                Assert.Single(await ReadAsync(crowd[i % crowd.Length]));
            }
        })).ToArray();

        for (var i = 0; i < 60; i++)
        {
            var (id, at) = (await AddAsync(1))[0];
            Assert.Equal(at, Assert.Single(await ReadAsync(id)));
            await house.Execute($"DELETE FROM persons WHERE id = '{id}'");
            Assert.Empty(await ReadAsync(id));
        }

        await over.CancelAsync();
        await Task.WhenAll(others);
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_nothing_from_the_others_and_a_fault_comes_to_all_who_share_it()
    {
        var people = await AddAsync(40);
        using var impatient = new CancellationTokenSource();
        var waiting = people.Select((p, i) => i % 2 == 0 ? ReadAsync(p.Id) : ReadAsync(p.Id, impatient.Token)).ToArray();
        await impatient.CancelAsync();
        for (var i = 0; i < people.Length; i += 2)
        {
            Assert.Equal(people[i].At, Assert.Single(await waiting[i]));
        }

        using (house.Guards.Off("SELECT id, created_at, 1 FROM persons", "SELECT id FROM no_such_table"))
        {
            var failing = people.Select(p => Task.Run(() => Reads.ListAsync("SELECT id, created_at, 1 FROM persons WHERE id = @key", p.Id, r => r.GetInt64(1), CancellationToken.None))).ToArray();
            if (house.Database.IsSqlite)
            {
                // Each goes alone there, by a way that no guard stands in.
                await Task.WhenAll(failing);
            }
            else
            {
                await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(failing));
                Assert.All(failing, f => Assert.True(f.IsFaulted));
            }
        }

        Assert.Equal(people[0].At, Assert.Single(await ReadAsync(people[0].Id)));
    }

    private Task<List<long>> ReadAsync(string id, CancellationToken cancellation = default) =>
        Reads.ListAsync(Sql, id, row => row.GetInt64(1), cancellation);

    private async Task<(string Id, long At)[]> AddAsync(int count)
    {
        var people = Enumerable.Range(0, count).Select(i => (Id: Guid.CreateVersion7().ToString("N"), At: (long)Random.Shared.Next(1, int.MaxValue))).ToArray();
        await house.Execute($"INSERT INTO persons (id, created_at) VALUES {string.Join(", ", people.Select(p => $"('{p.Id}', {p.At})"))}");
        return people;
    }
}
