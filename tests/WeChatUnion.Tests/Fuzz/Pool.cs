using System.Text.Json;

namespace WeChatUnion.Tests.Fuzz;

/// <summary>
/// What answers told so far: ids by the collection they belong to, texts by the name of their field, the newest
/// version of each record, and the code tables. A later request finds by it what an earlier one made.
/// </summary>
internal sealed class Pool
{
    private const int Kept = 60;

    private readonly Dictionary<string, List<string>> texts = [];
    private readonly Dictionary<string, int> versions = [];
    private readonly Dictionary<string, List<string>> tables = [];

    public void Add(string name, string text)
    {
        if (!texts.TryGetValue(name, out var known))
        {
            texts[name] = known = [];
        }

        if (!known.Contains(text))
        {
            known.Add(text);
            if (known.Count > Kept)
            {
                known.RemoveAt(0);
            }
        }
    }

    public string? Any(string name, Random random) =>
        texts.TryGetValue(name, out var known) ? known[random.Next(known.Count)] : null;

    /// <summary>An id of whatever kind.</summary>
    public string? AnyId(Random random) =>
        texts.Keys.Where(k => k.StartsWith('/')).ToArray() is { Length: > 0 } kinds ? Any(kinds[random.Next(kinds.Length)], random) : null;

    public int? VersionOf(string record) => versions.TryGetValue(record, out var version) ? version : null;

    public string? AnyCode(string table, Random random) =>
        tables.TryGetValue(table, out var codes) ? codes[random.Next(codes.Count)] : null;

    /// <param name="collection">The last fixed part of the route, to which ids named just <c>id</c> belong.</param>
    /// <param name="owner">The record that the answer is about when it names none: the path's id, or the caller.</param>
    /// <param name="answer">The whole body.</param>
    public void Learn(string collection, string owner, JsonElement answer)
    {
        if (collection == "code-tables" && answer.TryGetProperty("tables", out var all))
        {
            foreach (var table in all.EnumerateObject())
            {
                tables[table.Name] = [.. table.Value.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("code").GetString()!)];
            }

            return;
        }

        switch (answer.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var element in answer.EnumerateArray())
                {
                    Learn(collection, owner, element);
                }

                break;
            case JsonValueKind.Object:
                LearnObject(collection, owner, answer);
                break;
        }
    }

    private void LearnObject(string collection, string owner, JsonElement answer)
    {
        var record = answer.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString()! : owner;
        foreach (var member in answer.EnumerateObject())
        {
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.String when member.Value.GetString() is { Length: > 0 and < 200 } text:
                    Add(member.Name == "id" ? "/" + collection : member.Name, text);
                    if (member.Name.EndsWith("Id", StringComparison.Ordinal))
                    {
                        Add($"/{member.Name[..^2]}s", text);
                    }

                    break;
                case JsonValueKind.Number when member.Name == "version" && member.Value.TryGetInt32(out var version):
                    versions[record] = version;
                    versions[owner] = version;
                    break;
                case JsonValueKind.Object or JsonValueKind.Array:
                    // A nested record belongs to its own collection: "union": { "id" … } to the unions.
                    Learn(member.Name is "items" ? collection : member.Name.EndsWith('s') ? member.Name : member.Name + "s", record, member.Value);
                    break;
            }
        }
    }
}
