using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment.Words;

/// <summary>
/// Loads <c>seeds/reference/word-rules.json</c>. A line that an officer has touched since is hers and stays as she left it.
/// </summary>
internal sealed class LoadWordRules(Database database, TimeProvider clock) : IReferenceData
{
    private const int Untouched = 1;

    public Task LoadAsync(CancellationToken cancellation) => database.TransactAsync(
        async db =>
        {
            var now = clock.Milliseconds();
            var known = await db.WordRules.Where(r => r.SeedKey != null).ToDictionaryAsync(r => r.SeedKey!, cancellation);
            foreach (var line in Lines())
            {
                var row = line.Into(now);
                if (!known.TryGetValue(line.Key, out var there))
                {
                    await db.InsertAsync(row, token: cancellation);
                }
                else if (there.Version <= Untouched)
                {
                    // An older node keeps no compiled line for longer than it runs, so the version may stay.
                    await db.UpdateAsync(row with { Id = there.Id, CreatedAt = there.CreatedAt, UpdatedAt = there.UpdatedAt }, token: cancellation);
                }
            }
        },
        cancellation);

    internal static IReadOnlyList<Line> Lines()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "seeds", "reference", "word-rules.json"));
        return JsonSerializer.Deserialize<List<Line>>(file, ContractJson.Stored)!;
    }

    /// <summary>As the file has it: patterns as lists.</summary>
    internal sealed record Line(
        string Key, WordClass Class, WordLevel Level, IReadOnlyList<string> Patterns, IReadOnlyList<string>? Exceptions, IReadOnlyList<string>? Clears, string? Alike, bool? IsNegatable, string Law, string Advice, string FromOn)
    {
        public WordRuleRow Into(long now) => new()
        {
            Id = Ids.New(),
            SeedKey = Key,
            Class = Class,
            Level = Level,
            Patterns = string.Join('\n', Patterns),
            Exceptions = string.Join('\n', Exceptions ?? []),
            Clears = string.Join('\n', Clears ?? []),
            Alike = Alike ?? "",
            IsNegatable = IsNegatable ?? false,
            Law = Law,
            Advice = Advice,
            FromOn = FromOn,
            Version = Untouched,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}
