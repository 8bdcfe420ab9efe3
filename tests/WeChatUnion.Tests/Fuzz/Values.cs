using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Fuzz;

/// <summary>Values that fit a schema, as far as they can from what is known to exist.</summary>
internal sealed partial class Values(Random random, Pool pool, TestHouse house)
{
    private static readonly string[] Words =
    [
        "新乡县", "工会", "车间调整", "本人申请", "张伟", "阿依古丽·买买提", "𠮷野家", "𡈽木工程", "O'Brien", "100%_通过", @"盘\名单", "=1+1", "a,b;\"c\"",
        "e\u0301te\u0301", "\u202e倒着写\u202c", "\u200b零宽", "👩‍🏭工友", "<b>粗</b>", "{{7*7}}", "${jndi:x}", "' OR 1=1 --", "line\nbreak", "  两边空白  ",
    ];

    private static readonly string[] Edges =
        ["0001-01-01", "9999-12-31", "2024-02-29", "1900-01-01", "1970-01-01", "2026-11-24", "2026-11-25", "2026-11-23", "2038-01-19", "2100-02-28"];

    /// <summary>The record that the request is about; its version is the one that fits.</summary>
    public string Owner { get; set; } = "";

    public Func<string, string?>? Special { get; set; }

    public bool Chance(int percent) => random.Next(100) < percent;

    public T One<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public JsonNode? Fitting(JsonElement document, JsonElement schema, string name = "", string description = "")
    {
        if (schema.TryGetProperty("description", out var told))
        {
            description = told.GetString()!;
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Fitting(document, new SchemaCheck(document, false).Resolve(reference.GetString()!), name, description);
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            return Fitting(document, choices.EnumerateArray().ElementAt(random.Next(choices.GetArrayLength())), name, description);
        }

        if (schema.TryGetProperty("enum", out var words))
        {
            return One(words.EnumerateArray().ToArray()).GetString();
        }

        var types = SchemaCheck.Types(schema);
        if (types.Contains("null") && Chance(35))
        {
            return null;
        }

        return types.FirstOrDefault(t => t != "null") switch
        {
            "object" => FittingObject(document, schema),
            "array" => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Fitting(document, schema.GetProperty("items"), name))]),
            "integer" => Number(schema, name),
            "boolean" => Chance(50),
            "null" => null,
            _ => Text(schema, name, description),
        };
    }

    /// <summary>A text for a parameter or a field.</summary>
    public string Text(JsonElement schema, string name, string description = "")
    {
        if (Special?.Invoke(name) is { } special)
        {
            return special;
        }

        var format = schema.TryGetProperty("format", out var f) ? f.GetString() : null;
        if (format == "date")
        {
            return Chance(70) ? Day(random.Next(-400, 60)) : One(Edges);
        }

        if (format == "date-time")
        {
            return Chance(70) ? $"{Day(random.Next(-40, 3))}T{random.Next(24):00}:{random.Next(60):00}:00+08:00"
                : $"{One(Edges)}T{One<string>(["00:00:00Z", "23:59:59+14:00", "23:59:59.9999999-12:00", "12:00:00-14:00", "00:00:00+14:00"])}";
        }

        if (TableName().Match(description) is { Success: true } table && Chance(95) && pool.AnyCode(table.Groups[1].Value, random) is { } code)
        {
            return code;
        }

        return Known(schema, name) ?? (schema.TryGetProperty("pattern", out var pattern) ? OfForm(pattern.GetString()!) : Free(schema));
    }

    /// <summary>An id that stands behind a fixed part of a route.</summary>
    public string? Id(string collection)
    {
        var choices = new[] { "/" + collection, "/" + collection.Replace("membership-", "", StringComparison.Ordinal), collection == "staff-accounts" ? "/persons" : "" }
            .Select(k => pool.Any(k, random)).OfType<string>().ToArray();
        return choices.Length > 0 && Chance(90) ? One(choices) : pool.AnyId(random);
    }

    /// <summary>A text of one of the forms that the documents use.</summary>
    public string OfForm(string pattern)
    {
        var text = new StringBuilder();
        var alternative = Choice().Replace(pattern.Trim('^', '$'), m => One(m.Groups[1].Value.Split('|')));
        foreach (Match piece in Piece().Matches(alternative))
        {
            var letters = piece.Groups["letters"].Success ? LettersOf(piece.Groups["letters"].Value) : piece.Groups["one"].Value;
            var least = piece.Groups["least"].Success ? int.Parse(piece.Groups["least"].Value, CultureInfo.InvariantCulture) : 1;
            var most = piece.Groups["most"].Success ? int.Parse(piece.Groups["most"].Value, CultureInfo.InvariantCulture) : piece.Groups["plus"].Success ? 24 : least;
            for (var count = random.Next(least, most + 1); count > 0; count--)
            {
                text.Append(letters[random.Next(letters.Length)]);
            }
        }

        return text.ToString();
    }

    private static string LettersOf(string set)
    {
        var letters = new StringBuilder();
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                for (var letter = set[i]; letter <= set[i + 2]; letter++)
                {
                    letters.Append(letter);
                }

                i += 2;
            }
            else
            {
                letters.Append(set[i]);
            }
        }

        return letters.ToString();
    }

    private string Day(int fromToday) =>
        DateOnly.FromDateTime(house.Clock.GetUtcNow().UtcDateTime.AddHours(8)).AddDays(fromToday).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private JsonObject FittingObject(JsonElement document, JsonElement schema)
    {
        var made = new JsonObject();
        var required = schema.TryGetProperty("required", out var r) ? r.EnumerateArray().Select(n => n.GetString()!).ToHashSet() : [];
        if (schema.TryGetProperty("properties", out var members))
        {
            foreach (var member in members.EnumerateObject())
            {
                if (required.Contains(member.Name) || member.Name == "version" || Chance(50))
                {
                    made[member.Name] = Fitting(document, member.Value, member.Name);
                }
            }
        }

        return made;
    }

    private JsonNode Number(JsonElement schema, string name)
    {
        if (name == "version" && Chance(90))
        {
            return pool.VersionOf(Owner) ?? random.Next(4);
        }

        var least = schema.TryGetProperty("minimum", out var l) ? l.GetInt32() : -3;
        var most = schema.TryGetProperty("maximum", out var m) ? m.GetInt32() : 1000;
        return Chance(20) ? One<int>([least, most]) : random.Next(least, most + 1);
    }

    /// <summary>What exists under this name, or under the collection that it points to.</summary>
    private string? Known(JsonElement schema, string name)
    {
        if (Chance(15))
        {
            return null;
        }

        var text = name switch
        {
            "unionId" or "parentId" or "targetUnionId" => pool.Any("/unions", random),
            "recordId" or "record" => pool.AnyId(random),
            "person" or "subject" or "viewer" => pool.Any("/persons", random),
            "recordKind" => One<string>(["membership_application", "person", "membership"]),
            "field" => One<string>(["id_number", "phone", "name"]),
            "after" => pool.Any("next", random),
            "idNumber" => MadeUp.IdNumber(),
            "name" when !schema.TryGetProperty("pattern", out _) => Chance(60) ? pool.Any("name", random) : MadeUp.Name(),
            "division" => One<string>(["410721", "410721101", "41", "4107"]),
            "role" => pool.Any("role", random),
            "purpose" => One<string>(["membership", "counselling", "publication"]),
            "state" => pool.Any("state", random),
            _ => pool.Any(name, random),
        };
        return text;
    }

    private string Free(JsonElement schema)
    {
        var least = schema.TryGetProperty("minLength", out var l) ? l.GetInt32() : 0;
        var most = schema.TryGetProperty("maxLength", out var m) ? m.GetInt32() : 80;
        var text = new StringBuilder();
        var aim = Chance(10) ? most : Chance(10) ? least : random.Next(least, Math.Min(most, least + 30) + 1);
        while (text.Length < aim)
        {
            text.Append(One(Words));
        }

        // Cut between whole characters.
        var length = Math.Min(aim, text.Length);
        if (length > 0 && char.IsHighSurrogate(text[length - 1]))
        {
            text[length - 1] = '字';
        }

        return text.ToString(0, length);
    }

    [GeneratedRegex("Code of the table `(\\w+)`")]
    private static partial Regex TableName();

    [GeneratedRegex(@"\(([^()]*)\)")]
    private static partial Regex Choice();

    [GeneratedRegex(@"(\[(?<letters>[^\]]+)\]|(?<one>.))(\{(?<least>\d+)(,(?<most>\d+))?\}|(?<plus>\+))?")]
    private static partial Regex Piece();
}
