using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Messages;

namespace WeChatUnion.Tests.House;

/// <summary>
/// What phones were promised: the committed contract is the one that this program keeps. An intended change is
/// accepted by <c>miniprogram-contract/accept</c>, which runs these tests with <see cref="AcceptSwitch"/> set.
/// </summary>
public sealed class ContractTests
{
    private const string AcceptSwitch = "ACCEPT_CONTRACT";
    private const string HowToAccept = "If the change is intended, run miniprogram-contract/accept and commit what it writes.";

    private static readonly string Root = FindRoot();

    private static readonly JsonSerializerOptions Indented = new(ContractJson.Stored) { WriteIndented = true };

    [Theory]
    [InlineData("worker")]
    [InlineData("office")]
    public void The_committed_OpenAPI_document_is_the_one_the_build_writes(string name) =>
        MustBeCommitted($"openapi/{name}.json", File.ReadAllText(Path.Combine(Root, "api", "obj", "openapi", $"WeChatUnion.Api_{name}.json")));

    [Fact]
    public void Errors_md_lists_every_problem_code() => MustBeCommitted("errors.md", ErrorsInWords());

    [Fact]
    public void Subscribe_templates_json_lists_every_template_and_when_to_ask_for_it() => MustBeCommitted("subscribe-templates.json", TemplatesInJson());

    /// <summary>What WeChat accepts of a template's title and keys; a wrong prefix would be refused at the first message.</summary>
    [Fact]
    public void A_template_has_five_fields_at_most_of_kinds_that_WeChat_knows() => Assert.All(NoticeKinds.Templates, t =>
    {
        Assert.InRange(t.Fields.Count, 1, 5);
        Assert.All(t.Fields, f => Assert.Matches("^(thing|phrase|name|character_string|number|time|date|letter|symbol|phone_number|car_number|amount)[1-9]$", f.Key));
        Assert.Equal(t.Fields.Count, t.Fields.Select(f => f.Key).Distinct().Count());
        Assert.NotEmpty(t.Moments);
    });

    [Fact]
    public void A_problem_code_stands_for_one_problem()
    {
        var twice = ProblemClasses().SelectMany(c => FieldsOf(c)).GroupBy(p => p.Code).Where(g => g.Count() > 1).Select(g => g.Key);

        Assert.Empty(twice);
    }

    [Fact]
    public void A_problem_has_a_snake_case_code_a_refusing_status_and_a_Chinese_sentence()
    {
        Assert.All(ProblemClasses().SelectMany(c => FieldsOf(c)), p =>
        {
            Assert.Matches("^[a-z][a-z0-9]*(_[a-z0-9]+)*$", p.Code);
            Assert.InRange(p.Status, 400, 503);
            Assert.Matches(@"\p{IsCJKUnifiedIdeographs}.*[。?!]$", p.Detail);
        });
    }

    [Fact]
    public void Every_problem_stands_in_the_list_of_its_class()
    {
        Assert.All(ProblemClasses(), c => Assert.Equal(FieldsOf(c).Select(p => p.Code).Order(), AllOf(c).Select(p => p.Code).Order()));
    }

    [Theory]
    [InlineData("worker")]
    [InlineData("office")]
    public void An_operation_has_a_name_of_its_own_and_says_what_it_does(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "miniprogram-contract", "openapi", $"{name}.json")));
        var operations = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o => (Route: $"{o.Name} {path.Name}", o.Value))).ToArray();

        Assert.All(operations, o => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", o.Value.TryGetProperty("summary", out var s) ? s.GetString() : o.Route));
        Assert.Equal(operations.Length, operations.Select(o => o.Value.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.DoesNotContain(operations, o => o.Route.StartsWith("patch", StringComparison.Ordinal));
    }

    /// <summary>All classes that hold problems, the common ones first, then by their place in the code.</summary>
    private static Type[] ProblemClasses() =>
        [.. typeof(Problem).Assembly.GetTypes()
            .Where(t => FieldsOf(t).Length > 0)
            .OrderBy(t => t != typeof(CommonProblems)).ThenBy(t => t.FullName, StringComparer.Ordinal)];

    private static Problem[] FieldsOf(Type type) =>
        [.. type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(f => f.FieldType == typeof(Problem))
            .Select(f => (Problem)f.GetValue(null)!)];

    private static IReadOnlyList<Problem> AllOf(Type type)
    {
        var all = type.GetField("All", BindingFlags.Static | BindingFlags.Public);
        Assert.True(all is not null, $"{type.Name} has problems but no list All.");
        return (IReadOnlyList<Problem>)all.GetValue(null)!;
    }

    private static string ErrorsInWords()
    {
        var text = new StringBuilder(
            """
            # 错误码 · Error codes

            Every refusal is `application/problem+json` with `status`, `code`, `detail` (the sentence for the person), `traceId`
            and, where fields are at fault, `errors` (field → sentences). Programs look at `code`; a sentence may be worded
            anew, a code stays. With a wait, `Retry-After` says after how many seconds to send the same request again.

            """);
        foreach (var type in ProblemClasses())
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {type.Name[..^"Problems".Length]}\n\n| status | code | sentence | wait |\n|---|---|---|---|\n");
            foreach (var problem in AllOf(type).OrderBy(p => p.Status))
            {
                text.Append(CultureInfo.InvariantCulture, $"| {problem.Status} | `{problem.Code}` | {problem.Detail} | {WaitOf(problem)} |\n");
            }
        }

        return text.ToString();
    }

    private static string TemplatesInJson() => JsonSerializer.Serialize(
        NoticeKinds.Templates.Select(t => new
        {
            t.Name,
            t.Title,
            Fields = t.Fields.Select(f => new { f.Key, f.Label }),
            t.Moments,
            Kinds = NoticeKinds.All.Where(k => k.Template == t).Select(k => k.Name).Order(StringComparer.Ordinal),
        }),
        Indented);

    private static string WaitOf(Problem problem) =>
        problem.RetryAfterSeconds is { } seconds ? $"{seconds} s" : problem.Status == 429 ? "as told" : "";

    private static void MustBeCommitted(string file, string built)
    {
        var path = Path.Combine(Root, "miniprogram-contract", file);
        built = built.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(AcceptSwitch) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, built);
            return;
        }

        var committed = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (committed != built)
        {
            Assert.Fail($"miniprogram-contract/{file} differs from this program {FirstDifference(committed, built)}. {HowToAccept}");
        }
    }

    private static string FirstDifference(string committed, string built)
    {
        var (before, after) = (committed.Split('\n'), built.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(before.Length, after.Length))
            .First(i => before.ElementAtOrDefault(i) != after.ElementAtOrDefault(i));
        return $"at line {line + 1}: “{before.ElementAtOrDefault(line)}” became “{after.ElementAtOrDefault(line)}”";
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WeChatUnion.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run inside the repository: WeChatUnion.sln was not found above them.");
    }
}
