using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Fuzz;

/// <summary>One request, as it goes out.</summary>
internal sealed record Shot(Operation Operation, FuzzCaller Caller, string Method, string Target)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public byte[]? Body { get; init; }

    /// <summary>What was done to it; empty for a request as the document wants it.</summary>
    public string How { get; init; } = "";

    public bool MustBeRefused { get; init; }

    /// <summary>The caller's own token went along unharmed.</summary>
    public bool IsSignedIn { get; init; }

    /// <summary>The operation that the router finds, if any.</summary>
    public Operation? Reached { get; init; }

    /// <summary>To do the same by hand; the token is left to be filled in.</summary>
    public string AsCurl()
    {
        var line = new StringBuilder($"curl -i --path-as-is -X {Method} '$HOST{Quoted(Target)}'");
        foreach (var (name, value) in Headers)
        {
            var header = name == "Authorization" && IsSignedIn
                ? $" -H 'Authorization: Bearer $TOKEN' (as {Caller.Name})"
                : $" -H '{name}: {Quoted(Short(value))}'";
            line.Append(header);
        }

        if (Body is { } body)
        {
            line.Append(" --data-binary '").Append(Quoted(Short(Encoding.UTF8.GetString(body)))).Append('\'');
        }

        return line.Append(How.Length > 0 ? $"   # {How}" : "").ToString();
    }

    private static string Short(string text) => text.Length <= 700 ? text : $"{text[..700]}…({text.Length})";

    private static string Quoted(string text) => text.Replace("'", @"'\''", StringComparison.Ordinal);
}

/// <summary>Judges every answer by the documents and by the rules of the house.</summary>
internal sealed partial class Judge(IReadOnlyList<Applicant> canaries, IReadOnlyList<string> tables)
{
    private static readonly string[] ReadersOfNames = ["membership_officer", "union_chair"];

    /// <summary>Who may learn, with a reason, who somebody in danger is.</summary>
    private static readonly string[] BreakersOfGlass = ["crisis_duty", "counselling_supervisor"];

    private readonly Regex tableNames = new($@"\b({string.Join('|', tables)})\b");

    /// <summary>What is wrong with the answer; the kind first, so that equals are told once.</summary>
    public IEnumerable<string> Faults(Shot shot, HttpResponseMessage answer, string text)
    {
        var status = (int)answer.StatusCode;

        // What the server itself refuses never reaches the program: a broken request line, or headers without end.
        if (status is 400 or 414 or 431 or 413 && text.Length == 0 && answer.Headers.ConnectionClose == true)
        {
            return [];
        }

        return StatusFaults(shot, answer, status)
            .Concat(BodyFaults(shot, answer, status, text))
            .Concat(RightsFaults(shot, answer, status))
            .Concat(LeakFaults(shot, answer, text))
            .Concat(CanaryFaults(shot, text));
    }

    private static IEnumerable<string> StatusFaults(Shot shot, HttpResponseMessage answer, int status)
    {
        if (status >= 500)
        {
            yield return $"5xx: {status}";
        }
        else if (shot.Reached is { } operation ? operation.Response(status) is null : status is not (400 or 401 or 403 or 404 or 405))
        {
            yield return $"undocumented: {status}";
        }

        if (status is 429 or 503 && answer.Headers.RetryAfter is null)
        {
            yield return "no Retry-After";
        }

        if (status == 405 && answer.Content.Headers.Allow.Count == 0)
        {
            yield return "405 without Allow";
        }

        if (status < 300 && shot.MustBeRefused)
        {
            yield return "accepted: what nobody may accept";
        }

        if (status < 300 && shot is { Reached: { RequestSchema: { } schema } taken, Body: { } body })
        {
            foreach (var fault in RequestFaults(taken, schema, body))
            {
                yield return $"accepted: {fault}";
            }
        }
    }

    private static string[] RequestFaults(Operation operation, JsonElement schema, byte[] body)
    {
        try
        {
            using var read = JsonDocument.Parse(body);
            return [.. new SchemaCheck(operation.Document, IsAnswer: false).Faults(schema, read.RootElement)];
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return ["a body that cannot be read"];
        }
    }

    private static IEnumerable<string> BodyFaults(Shot shot, HttpResponseMessage answer, int status, string text)
    {
        var type = answer.Content.Headers.ContentType?.MediaType;
        if (shot.Method == "HEAD")
        {
            yield break;
        }

        if (status >= 400)
        {
            foreach (var fault in ProblemFaults(status, type, text))
            {
                yield return fault;
            }

            yield break;
        }

        if (shot.Reached?.Response(status) is not { } promised)
        {
            yield break;
        }

        if (!promised.TryGetProperty("content", out var content))
        {
            if (text.Length > 0)
            {
                yield return "body: there is one, and none is described";
            }

            yield break;
        }

        if (type is null || !content.TryGetProperty(type, out var media))
        {
            yield return $"body: of the type {type}, which is not described";
            yield break;
        }

        if (media.GetProperty("schema").TryGetProperty("format", out var format) && format.GetString() == "binary")
        {
            yield break;
        }

        foreach (var fault in Read(text) is { } body
            ? new SchemaCheck(shot.Reached.Document, IsAnswer: true).Faults(media.GetProperty("schema"), body)
            : ["no JSON"])
        {
            yield return $"body: {fault}";
        }
    }

    private static IEnumerable<string> ProblemFaults(int status, string? type, string text)
    {
        if (type != "application/problem+json" || Read(text) is not { ValueKind: JsonValueKind.Object } problem)
        {
            yield return $"problem: {status} is none";
            yield break;
        }

        var document = Contract.Operations[0].Document;
        foreach (var fault in new SchemaCheck(document, IsAnswer: true).Faults(document.GetProperty("components").GetProperty("schemas").GetProperty("Problem"), problem))
        {
            yield return $"problem: {fault}";
        }

        var code = problem.TryGetProperty("code", out var c) ? c.ToString() : "";
        if (!Contract.Codes.Contains($"{status} {code}"))
        {
            yield return $"problem: {status} {code} is not in errors.md";
        }

        if (!problem.TryGetProperty("detail", out var detail) || !Chinese().IsMatch(detail.ToString()))
        {
            yield return "problem: the detail is not Chinese";
        }

        if (problem.TryGetProperty("errors", out var errors)
            && errors.EnumerateObject().Any(e => e.Value.GetArrayLength() == 0 || e.Value.EnumerateArray().Any(s => !Chinese().IsMatch(s.ToString()))))
        {
            yield return "problem: a field's sentence is not Chinese";
        }
    }

    private static IEnumerable<string> RightsFaults(Shot shot, HttpResponseMessage answer, int status)
    {
        if (shot.Reached is not { } operation)
        {
            yield break;
        }

        // What the router itself judges (an id's form, the body's type) is the same for everybody and tells nothing.
        var passes = operation.Passes.Contains(shot.IsSignedIn ? shot.Caller.Role : "anonymous");
        if (!passes && status is not (404 or 415 or 429) && status != (shot.IsSignedIn ? 403 : 401)
            && !(status == 401 && shot.IsSignedIn))
        {
            yield return $"rights: {status} for somebody without any";
        }

        // What is open to everybody may be stored by everybody.
        if (shot.IsSignedIn && !operation.Passes.Contains("anonymous") && answer.Headers.CacheControl?.NoStore != true)
        {
            yield return "not no-store";
        }
    }

    private IEnumerable<string> LeakFaults(Shot shot, HttpResponseMessage answer, string text)
    {
        if (Internals().Match(text) is { Success: true } found)
        {
            yield return $"leak: {found.Value}";
        }

        // The auditor reads of which kind a record is, in a word of its own; an export names what it holds.
        var isExport = shot.Reached?.Route == "/api/v1/me/export";
        if (!isExport && tableNames.Match(RecordKind().Replace(text, "")) is { Success: true } table)
        {
            yield return $"leak: the table {table.Value}";
        }

        foreach (var (name, values) in answer.Headers)
        {
            if (name is "Server" or "X-Powered-By" || Internals().IsMatch(string.Join(' ', values)))
            {
                yield return $"leak: header {name}";
            }
        }
    }

    private IEnumerable<string> CanaryFaults(Shot shot, string text)
    {
        if (shot.Reached?.Route.EndsWith("identity-readings", StringComparison.Ordinal) == true && shot.IsSignedIn && BreakersOfGlass.Contains(shot.Caller.Role))
        {
            yield break;
        }

        foreach (var canary in canaries.Where(c => c != shot.Caller.Canary))
        {
            if (!shot.Target.Contains("unmaskings", StringComparison.Ordinal)
                && (text.Contains(canary.IdNumber, StringComparison.OrdinalIgnoreCase) || text.Contains(canary.PhoneNumber, StringComparison.Ordinal)))
            {
                yield return "canary: a number in full";
            }

            if (text.Contains(canary.Name, StringComparison.Ordinal) && !(shot.IsSignedIn && ReadersOfNames.Contains(shot.Caller.Role))
                && shot.Reached?.Route.EndsWith("member-code-checks", StringComparison.Ordinal) != true)
            {
                yield return "canary: a name";
            }
        }
    }

    private static JsonElement? Read(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Chinese();

    [GeneratedRegex("\"recordKind\":\"\\w+\"")]
    private static partial Regex RecordKind();

    [GeneratedRegex(@"\bSystem\.[A-Z]\w+|Exception\b|\bat [A-Z]\w+\.\w+|Microsoft\.|LinqToDB|linq2db|MySql|MariaDB|SQLite|Sqlite|Kestrel|StackExchange|WeChatUnion\.|\bSELECT\b|\bINSERT INTO\b|\bUPDATE \w+ SET\b|\bDELETE FROM\b|\.cs\b|/home/|/usr/|/tmp/|/var/|/root/|[A-Z]:\\\\|BytePositionInLine|LineNumber|could not be (converted|mapped)|\bstack ?trace\b")]
    private static partial Regex Internals();
}
