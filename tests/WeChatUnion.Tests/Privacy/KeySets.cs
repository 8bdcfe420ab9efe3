using System.Security.Cryptography;
using LinqToDB.Data;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Privacy;

/// <summary>The settings of each step of a change of keys, beginning with those the program has.</summary>
internal sealed class KeySets(PrivacySettings old, string cipher)
{
    public const string NewId = "k2";

    private readonly string fieldKey = NewKey();
    private readonly string indexKey = NewKey();

    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The first step: everything under the old keys, but what the next nodes seal can be opened.</summary>
    public Dictionary<string, string> Reading() => new()
    {
        ["Privacy:CurrentFieldKey"] = old.CurrentFieldKey,
        [$"Privacy:FieldKeys:{old.CurrentFieldKey}"] = old.FieldKeys[old.CurrentFieldKey],
        [$"Privacy:FieldKeys:{NewId}"] = fieldKey,
        ["Privacy:IndexKey"] = old.IndexKey,
    };

    /// <summary>New values under the new keys; the old ones still known.</summary>
    public Dictionary<string, string> Both() => new(New())
    {
        [$"Privacy:FieldKeys:{old.CurrentFieldKey}"] = old.FieldKeys[old.CurrentFieldKey],
        ["Privacy:FormerIndexKey"] = old.IndexKey,
    };

    /// <summary>The old keys are gone.</summary>
    public Dictionary<string, string> New() => new()
    {
        ["Privacy:Cipher"] = cipher,
        ["Privacy:CurrentFieldKey"] = NewId,
        [$"Privacy:FieldKeys:{NewId}"] = fieldKey,
        ["Privacy:IndexKey"] = indexKey,
        ["Privacy:FormerIndexKey"] = "",

        // The tests look for everybody again and again.
        ["RateLimits:IdNumberSearchesPerHour"] = "1000000",
    };
}

internal static class KeyChanges
{
    /// <summary><c>rotate-keys</c> with a node's settings.</summary>
    public static async Task<(int ExitCode, string Output)> RotateKeys(this WebApplicationFactory<Program> node)
    {
        var output = new StringWriter();
        var command = node.Services.GetServices<ICommand>().Single(c => c.Name == "rotate-keys");
        return (await command.RunAsync([], output, CancellationToken.None), output.ToString());
    }

    public static async Task<string?> IndexKeyFault(this WebApplicationFactory<Program> node) =>
        await node.Services.GetRequiredService<IndexKeyCheck>().FaultAsync(CancellationToken.None);

    /// <summary>Values of all sealed columns that do not stand in the node's current form.</summary>
    public static async Task<List<string>> SealedOtherwise(this TestHouse house, WebApplicationFactory<Program> node)
    {
        var cipher = node.Services.GetRequiredService<FieldCipher>();
        await using var db = house.Database.Open();
        var others = new List<string>();
        foreach (var c in node.Services.GetServices<SealedColumn>())
        {
            others.AddRange((await db.QueryToListAsync<string>(
                $"SELECT {c.Column} FROM {c.Table} WHERE {c.Column} IS NOT NULL AND {c.Column} NOT LIKE '{(c.Cipher ?? cipher).CurrentForm}%'")).Select(v => $"{c.Table}.{c.Column} {v[..12]}"));
        }

        return others;
    }

    /// <summary>Opens every sealed value with the node's keys alone.</summary>
    /// <returns>How many there are.</returns>
    public static async Task<int> OpenEverything(this TestHouse house, WebApplicationFactory<Program> node)
    {
        var cipher = node.Services.GetRequiredService<FieldCipher>();
        await using var db = house.Database.Open();
        var count = 0;
        foreach (var c in node.Services.GetServices<SealedColumn>())
        {
            foreach (var row in await db.QueryToListAsync<Stored>($"SELECT {c.Key} AS record_key, {c.Column} AS value FROM {c.Table} WHERE {c.Column} IS NOT NULL"))
            {
                (c.Cipher ?? cipher).Open(c.Place, row.RecordKey, row.Value);
                count++;
            }
        }

        return count;
    }

    /// <summary>Everything that keys have to do with, to see whether it changed.</summary>
    public static async Task<List<string>> KeyedValues(this TestHouse house)
    {
        await using var db = house.Database.Open();
        var values = new List<string>();
        var columns = house.Services.GetServices<SealedColumn>().Select(c => (c.Table, c.Key, c.Column))
            .Concat(house.Services.GetServices<IndexedColumn>().SelectMany(c => new[] { (c.Table, c.Key, c.Column), (c.Table, c.Key, c.FormerColumn) }));
        foreach (var (table, key, column) in columns)
        {
            values.AddRange((await db.QueryToListAsync<Stored>($"SELECT {key} AS record_key, {column} AS value FROM {table} WHERE {column} IS NOT NULL"))
                .Select(r => $"{table}.{column} {r.RecordKey} {r.Value}"));
        }

        return [.. values.Order(StringComparer.Ordinal)];
    }

    private sealed record Stored
    {
        public required string RecordKey { get; init; }

        public required string Value { get; init; }
    }
}
