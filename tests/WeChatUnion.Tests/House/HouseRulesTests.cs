using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;

namespace WeChatUnion.Tests.House;

/// <summary>What a machine can check of how the house is built.</summary>
public sealed partial class HouseRulesTests
{
    /// <summary>From the lowest to the highest: lower never refers to higher.</summary>
    private static readonly string[] Modules =
        ["Identity", "Unions", "Oversight", "Members", "Conduct", "Messages", "Activities", "Counselling", "Employment", "Singles"];

    private static readonly string[] ForbiddenWords = ["Common", "Shared", "Utils", "Util", "Helpers", "Helper", "Services", "Core", "Jobs", "Manager"];

    [Fact]
    public void Requests_are_public_sealed_records_in_an_internal_static_class()
    {
        var requests = ProgramTypes().Where(t => t.Name == "Request").ToArray();
        Assert.NotEmpty(requests);
        Assert.All(requests, t => Assert.True(
            t is { IsNestedPublic: true, IsSealed: true, DeclaringType: { IsNotPublic: true, IsAbstract: true, IsSealed: true } } && IsRecord(t) && t.IsClass,
            t.FullName));

        // A body by another name would escape the rule, and validation skips what is not public without a word.
        Assert.Empty(Bodies().Where(t => t.Name != "Request").Select(t => t.FullName));
    }

    [Fact]
    public void Requests_carry_our_own_attributes_with_Chinese_sentences()
    {
        var attributes = ProgramTypes().Where(t => t.Name == "Request").SelectMany(Nested).Distinct()
            .SelectMany(t => t.GetProperties().Cast<ICustomAttributeProvider>().Concat(t.GetConstructors().SelectMany(c => c.GetParameters())))
            .SelectMany(p => p.GetCustomAttributes(inherit: true)).OfType<ValidationAttribute>().ToArray();
        Assert.NotEmpty(attributes);
        Assert.Empty(attributes.Where(a => a.GetType().Assembly != typeof(Program).Assembly).Select(a => a.GetType().FullName).Distinct());

        // Those that look a value up build their sentence there, and the tests of their slices read it.
        var own = attributes.Where(a => a.GetType().GetMethod("IsValid", BindingFlags.Instance | BindingFlags.NonPublic, [typeof(object), typeof(ValidationContext)])!.DeclaringType != a.GetType());
        Assert.All(own, a => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", a.FormatErrorMessage("x")));
    }

    [Fact]
    public void Modules_refer_to_lower_ones_only_and_Infrastructure_to_none() => Assert.Empty(WrongArrows(Sources.Program));

    [Theory]
    [InlineData("api/Modules/Identity/X.cs", "using WeChatUnion.Api.Modules.Members;")]
    [InlineData("api/Modules/Members/X.cs", "var x = WeChatUnion.Api.Modules.Messages.ListMessages.Handle;")]
    [InlineData("api/Modules/Members/X.cs", "var x = Messages.ListMessages.Handle;")]
    [InlineData("api/Infrastructure/X.cs", "using WeChatUnion.Api.Modules.Identity;")]
    [InlineData("api/Infrastructure/Cache/X.cs", "var x = Modules.Identity.Policies.Worker;")]
    [InlineData("api/Modules/Elsewhere/X.cs", "")]
    public void An_arrow_upwards_is_found(string path, string line) => Assert.NotEmpty(WrongArrows([(path, line)]));

    [Fact]
    public void Time_comes_from_TimeProvider_only()
    {
        Assert.Empty(Sources.Program.Where(f => WallClock().IsMatch(f.Text)).Select(f => f.Path));
        Assert.Matches(WallClock(), "var now = DateTimeOffset.UtcNow;");
    }

    [Fact]
    public void Nothing_is_named_after_a_drawer()
    {
        var names = Sources.Program.SelectMany(f => f.Path.Split('/').Select(p => p.Replace(".cs", "", StringComparison.Ordinal))).Distinct();
        Assert.Empty(names.Intersect(ForbiddenWords));
        Assert.Empty(ProgramTypes().Where(t => ForbiddenWords.Any(w => w.Length > 4 && t.Name.EndsWith(w, StringComparison.Ordinal))).Select(t => t.FullName));
    }

    [Fact]
    public void Slices_stay_under_two_hundred_lines() => Assert.Empty(
        Sources.Program
            .Where(f => f.Path.StartsWith("api/Modules/", StringComparison.Ordinal) && !f.Path.EndsWith("/Tables.cs", StringComparison.Ordinal))
            .Where(f => f.Text.Count(c => c == '\n') >= 200)
            .Select(f => f.Path));

    [Fact]
    public void No_word_is_left_for_later() => Assert.Empty(
        Sources.Program.Where(f => LeftForLater().IsMatch(f.Text)).Select(f => f.Path));

    private static IEnumerable<string> WrongArrows(IEnumerable<(string Path, string Text)> files)
    {
        foreach (var (path, text) in files)
        {
            var isModule = path.StartsWith("api/Modules/", StringComparison.Ordinal);
            if (!isModule && !path.StartsWith("api/Infrastructure/", StringComparison.Ordinal))
            {
                // Program, schedule and demo county stand above all modules.
                continue;
            }

            var place = isModule ? Array.IndexOf(Modules, path.Split('/')[2]) : -1;
            if (isModule && place < 0)
            {
                yield return $"{path}: no such module";
                continue;
            }

            foreach (var higher in Modules.Skip(place + 1))
            {
                if (Regex.IsMatch(text, $@"\bModules\.{higher}\b|(?<![\w.""])(?<!namespace .*){higher}\.[A-Z]\w+\."))
                {
                    yield return $"{path} refers to {higher}";
                }
            }
        }
    }

    private static IEnumerable<Type> ProgramTypes() => typeof(Program).Assembly.GetTypes()
        .Where(t => t.Namespace?.StartsWith("WeChatUnion.Api", StringComparison.Ordinal) == true && !t.Name.Contains('<', StringComparison.Ordinal));

    /// <summary>What handlers take from the body: the records among their parameters that are nobody's service.</summary>
    private static IEnumerable<Type> Bodies() => ProgramTypes()
        .Where(t => t is { IsAbstract: true, IsSealed: true } && t.Namespace!.Contains(".Modules.", StringComparison.Ordinal))
        .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
        .Where(m => m.Name.StartsWith("Handle", StringComparison.Ordinal))
        .SelectMany(m => m.GetParameters())
        .Select(p => p.ParameterType)
        .Where(t => IsRecord(t) && t.DeclaringType is not null)
        .Distinct();

    private static IEnumerable<Type> Nested(Type request) => request.GetProperties()
        .Select(p => p.PropertyType.IsGenericType ? p.PropertyType.GetGenericArguments()[0] : p.PropertyType)
        .Where(IsRecord).SelectMany(Nested).Prepend(request);

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Now|UtcNow|Today)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex LeftForLater();
}
