namespace WeChatUnion.Tests.Employment.Words;

/// <summary>How much of the unlawful the check finds, and how much of the lawful it stops.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private const double LeastRecall = 0.98;
    private const double MostFalseBlocks = 0.02;

    [Theory]
    [InlineData("first")]
    public void The_check_finds_what_is_unlawful_and_lets_pass_what_is_not(string part)
    {
        var measured = Corpus.Measure(Corpus.Read(part), Corpus.Rules);
        output.WriteLine($"word-check {part}: {measured}");
        Assert.True(
            measured.Recall >= LeastRecall && measured.FalseBlocks <= MostFalseBlocks,
            $"{measured}\nmissed:\n{string.Join('\n', measured.Missed)}\nblocked:\n{string.Join('\n', measured.Blocked)}");
    }
}
