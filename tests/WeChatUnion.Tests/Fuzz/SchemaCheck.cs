using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WeChatUnion.Tests.Fuzz;

/// <summary>
/// Holds a value against a schema of our documents. A keyword that it does not know is an error of the test, so that a
/// document never promises more than is judged.
/// </summary>
/// <param name="Document">Where <c>$ref</c> points into.</param>
/// <param name="IsAnswer">
/// Answers say nothing that is not described, and tell instants with +08:00; of what is sent the program judges the
/// text that is left when it has normalised and trimmed it.
/// </param>
internal sealed record SchemaCheck(JsonElement Document, bool IsAnswer)
{
    private static readonly HashSet<string> Known =
    [
        "$ref", "type", "enum", "oneOf", "required", "properties", "additionalProperties", "items", "minLength", "maxLength", "minItems", "maxItems",
        "minimum", "maximum", "pattern", "format", "description", "default",
    ];

    /// <summary>Each fault with its JSON path; never the value.</summary>
    public IEnumerable<string> Faults(JsonElement schema, JsonElement value, string path = "$")
    {
        if (schema.EnumerateObject().FirstOrDefault(k => !Known.Contains(k.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
        {
            throw new InvalidOperationException($"The keyword {unknown.Name} is not judged.");
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Faults(Resolve(reference.GetString()!), value, path);
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var fits = choices.EnumerateArray().Select(c => Faults(c, value, path).ToArray()).ToArray();
            return fits.Count(f => f.Length == 0) == 1 ? [] : fits.LastOrDefault(f => f.Length > 0) ?? [$"{path} fits several schemas"];
        }

        return Types(schema) is { Length: > 0 } types && !types.Any(t => Is(t, value))
            ? [$"{path} is {value.ValueKind}, not {string.Join(" or ", types)}"]
            : value.ValueKind switch
            {
                JsonValueKind.Object => ObjectFaults(schema, value, path),
                JsonValueKind.Array => ArrayFaults(schema, value, path),
                JsonValueKind.String => TextFaults(schema, IsAnswer ? value.GetString()! : value.GetString()!.Normalize().Trim(), path),
                JsonValueKind.Number => NumberFaults(schema, value, path),
                _ => [],
            };
    }

    public JsonElement Resolve(string reference) =>
        reference["#/".Length..].Split('/').Aggregate(Document, (at, name) => at.GetProperty(name));

    public static string[] Types(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString()!)]
        : [type.GetString()!];

    private static bool Is(string type, JsonElement value) => (type, value.ValueKind) switch
    {
        ("null", JsonValueKind.Null) or ("boolean", JsonValueKind.True or JsonValueKind.False)
            or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number)
            or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) => true,
        ("integer", JsonValueKind.Number) => value.TryGetInt64(out _),
        _ => false,
    };

    private IEnumerable<string> ArrayFaults(JsonElement schema, JsonElement value, string path)
    {
        var count = value.GetArrayLength();
        string[] faults =
        [
            .. schema.TryGetProperty("minItems", out var least) && count < least.GetInt32() ? [$"{path} has too few items"] : Array.Empty<string>(),
            .. schema.TryGetProperty("maxItems", out var most) && count > most.GetInt32() ? [$"{path} has too many items"] : Array.Empty<string>(),
        ];
        return schema.TryGetProperty("items", out var items)
            ? faults.Concat(value.EnumerateArray().SelectMany((v, i) => Faults(items, v, $"{path}[{i}]")))
            : faults;
    }

    private IEnumerable<string> ObjectFaults(JsonElement schema, JsonElement value, string path)
    {
        var members = schema.TryGetProperty("properties", out var p) ? p : default;
        var others = schema.TryGetProperty("additionalProperties", out var a) ? a : default;
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Where(r => !value.TryGetProperty(r.GetString()!, out _)))
            {
                yield return $"{path}.{name.GetString()} is missing";
            }
        }

        foreach (var member in value.EnumerateObject())
        {
            if (members.ValueKind == JsonValueKind.Object && members.TryGetProperty(member.Name, out var content))
            {
                foreach (var fault in Faults(content, member.Value, $"{path}.{member.Name}"))
                {
                    yield return fault;
                }
            }
            else if (others.ValueKind == JsonValueKind.Object)
            {
                foreach (var fault in Faults(others, member.Value, $"{path}.*"))
                {
                    yield return fault;
                }
            }
            else if (others.ValueKind == JsonValueKind.False || (IsAnswer && members.ValueKind == JsonValueKind.Object))
            {
                yield return $"{path} has a member that is not described";
            }
        }
    }

    private IEnumerable<string> TextFaults(JsonElement schema, string text, string path)
    {
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(w => w.ValueEquals(text)))
        {
            yield return $"{path} is none of the words";
        }

        // The house counts UTF-16 units, as a phone does (LengthBetween), where JSON Schema counts characters.
        var letters = text.Length;
        if (schema.TryGetProperty("minLength", out var least) && letters < least.GetInt32())
        {
            yield return $"{path} is too short";
        }

        if (schema.TryGetProperty("maxLength", out var most) && letters > most.GetInt32())
        {
            yield return $"{path} is too long";
        }

        if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(text, pattern.GetString()!.Replace("$", @"\z", StringComparison.Ordinal)))
        {
            yield return $"{path} has not the form {pattern.GetString()}";
        }

        var format = schema.TryGetProperty("format", out var f) ? f.GetString() : null;
        var fits = format switch
        {
            null => true,
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "date-time" => IsInstant(text),
            _ => throw new InvalidOperationException($"The format {format} is not judged."),
        };
        if (!fits)
        {
            yield return $"{path} is no {format}";
        }
    }

    private bool IsInstant(string text) =>
        Regex.IsMatch(text, IsAnswer ? @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00\z" : @"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?\z")
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static IEnumerable<string> NumberFaults(JsonElement schema, JsonElement value, string path)
    {
        var number = value.GetDouble();
        if (schema.TryGetProperty("format", out var format) && format.GetString() == "int32" && !value.TryGetInt32(out _))
        {
            yield return $"{path} is no int32";
        }

        if (schema.TryGetProperty("minimum", out var least) && number < least.GetDouble())
        {
            yield return $"{path} is below its minimum";
        }

        if (schema.TryGetProperty("maximum", out var most) && number > most.GetDouble())
        {
            yield return $"{path} is above its maximum";
        }
    }
}
