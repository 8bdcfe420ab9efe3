using System.Text.Json;
using System.Text.RegularExpressions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Fuzz;

/// <summary>A parameter as the document describes it; <paramref name="In"/> is path, query or header.</summary>
internal sealed record Parameter(string Name, string In, JsonElement Schema);

/// <summary>One operation of the two documents, with who passes it by the matrix of routes × roles.</summary>
internal sealed record Operation(string Method, string Route, JsonElement Document, JsonElement Description, IReadOnlyList<string> Passes)
{
    private readonly Regex form = new("^" + Regex.Replace(Route, @"\{\w+\}", "[^/]+") + @"/?\z", RegexOptions.IgnoreCase);

    public string Name => $"{Method} {Route}";

    public bool NeedsKey => Parameters.Any(p => p.In == "header");

    public IReadOnlyList<Parameter> Parameters { get; } = Description.TryGetProperty("parameters", out var parameters)
        ? [.. parameters.EnumerateArray().Select(p =>
            new Parameter(p.GetProperty("name").GetString()!, p.GetProperty("in").GetString()!, p.GetProperty("schema")))]
        : [];

    /// <summary>Null when there is no body, or one that is no JSON.</summary>
    public JsonElement? RequestSchema { get; } = Description.TryGetProperty("requestBody", out var body)
        && body.GetProperty("content").TryGetProperty("application/json", out var json)
            ? json.GetProperty("schema")
            : null;

    /// <summary>Content types of a body that is a file itself.</summary>
    public IReadOnlyList<string> RequestFiles { get; } = Description.TryGetProperty("requestBody", out var file)
        ? [.. file.GetProperty("content").EnumerateObject().Select(c => c.Name).Where(n => n != "application/json")]
        : [];

    /// <summary>Null when the document does not know the status.</summary>
    public JsonElement? Response(int status) =>
        Description.GetProperty("responses").TryGetProperty($"{status}", out var response) ? response : null;

    /// <summary>Whether the router, which takes capitals and a last slash, would take the path for this route.</summary>
    public bool Takes(string method, string path) => method.Equals(Method, StringComparison.OrdinalIgnoreCase) && form.IsMatch(path);
}

/// <summary>What was promised: both documents, the matrix of roles and the codes of errors.md.</summary>
internal static class Contract
{
    public static IReadOnlyList<Operation> Operations { get; } = [.. Read("worker"), .. Read("office")];

    public static IReadOnlySet<string> Codes { get; } =
        Regex.Matches(File.ReadAllText(Path.Combine(Sources.Root, "miniprogram-contract", "errors.md")), @"^\| (\d{3}) \| `(\w+)`", RegexOptions.Multiline)
            .Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value}").ToHashSet();

    private static IEnumerable<Operation> Read(string name)
    {
        var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Sources.Root, "miniprogram-contract", "openapi", $"{name}.json"))).RootElement;
        var matrix = Matrix();
        return document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()
                .Select(o => (Method: o.Name.ToUpperInvariant(), path.Name, o.Value)))
            .Select(o => new Operation(o.Method, o.Name, document, o.Value, matrix[$"{o.Method} {o.Name}"]));
    }

    /// <summary>Of routes.csv; a route's constraints are left out, as in the documents.</summary>
    private static Dictionary<string, string[]> Matrix() =>
        File.ReadLines(Path.Combine(Sources.Root, "tests", "WeChatUnion.Tests", "House", "routes.csv")).Skip(1)
            .Select(line => (First: line.IndexOf(',', StringComparison.Ordinal), Last: line.LastIndexOf(','), Line: line))
            .ToDictionary(
                l => $"{l.Line[..l.First]} {Regex.Replace(l.Line[(l.First + 1)..l.Last], @"\{(\w+)[^/]*\}", "{$1}")}",
                l => l.Line[(l.Last + 1)..].Split(' ')
                    .SelectMany(p => p == "staff" ? Enum.GetValues<Role>().Select(r => r.Word()) : [p]).ToArray());
}
