using System.Text.RegularExpressions;
using WeChatUnion.Api.Modules.Messages;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

/// <summary>Whatever the module tells people is nobody else's business: its kinds stand among the sensitive ones that stay in the inbox.</summary>
public sealed partial class NoticesTests
{
    [Fact]
    public void Every_kind_of_notice_of_singles_evenings_is_sensitive_and_stands_in_no_list_of_staff()
    {
        var kinds = Directory.EnumerateFiles(Path.Combine(Sources.Root, "api", "Modules", "Singles"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith("SinglesProblems.cs", StringComparison.Ordinal))
            .SelectMany(f => KindAndTitle().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).Distinct().ToList();
        Assert.True(kinds.Count >= 9, $"only {string.Join(' ', kinds)} were found");
        Assert.All(kinds, kind => Assert.Contains(kind, NoticeKinds.Untold));
    }

    /// <summary>A word of the program followed by a Chinese title; not a field with what is wrong with it.</summary>
    [GeneratedRegex("(?<!OfField\\()\"([a-z]+_[a-z_]+)\",[^;\"]{0,60}\"[\u4e00-\u9fff]")]
    private static partial Regex KindAndTitle();
}
