using CsCheck;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

/// <summary>
/// Random sequences of everything that moves places, driven through the slices, against a model of two pages. What is
/// generated are small numbers, so that a sequence that goes wrong shrinks to a short one.
/// </summary>
[Trait(Soak.Trait, "yes")]
public sealed class PlacesModelTests(SqliteHouse house) : IClassFixture<SqliteHouse>
{
    /// <summary>The first begins with a sequence that finds it; those after make it shorter. Were sequences made otherwise one day, a later run would find it.</summary>
    private const int ControlSequences = 40;
    private const int MostControlRuns = 25;

    private static readonly int Sequences = Soak.Size(inRun: 50, inSoak: 6_000);

    [Fact]
    public async Task Places_people_and_lines_are_as_the_model_says_after_every_deed()
    {
        var stage = await PlacesStage.BuildAsync(house);
        await SampleAsync(stage, Sequences);
    }

    /// <summary>The control: a promoter that takes the last of the line first is found, and by a short sequence.</summary>
    [Fact]
    public Task Control_a_line_served_from_its_end_is_found_and_shrunk() =>
        SeeFoundAsync("ORDER BY\n\t[e].[line]", "ORDER BY\n\t[e].[line] DESC", "line True", "cWJ9Ti8vCNY4");

    /// <summary>The control: who loses her place for want of capacity stands behind those who never had one.</summary>
    [Fact]
    public Task Control_the_newest_put_back_at_the_end_of_the_line_are_found_and_shrunk() =>
        SeeFoundAsync("MIN([e].[line])", "1000 + MAX([e].[line])", nameof(Deed.Capacity), "a0LWON-BnHl3");

    /// <param name="word">Stands in the shortest sequence that goes wrong.</param>
    /// <param name="seed">Of a sequence that goes wrong.</param>
    private static async Task SeeFoundAsync(string statement, string instead, string word, string seed)
    {
        var own = new SqliteHouse();
        await own.InitializeAsync();
        try
        {
            var stage = await PlacesStage.BuildAsync(own);
            using var broken = own.Guards.Off(statement, instead);
            Exception? found = null;
            for (var run = 0; run < MostControlRuns && found is null; run++)
            {
                found = await Record.ExceptionAsync(() => SampleAsync(stage, ControlSequences, run == 0 ? seed : null));
            }

            Assert.True(own.Guards.Hits > 0, "The statement reads otherwise now.");
            Assert.Contains(word, Assert.IsType<CsCheckException>(found).Message, StringComparison.Ordinal);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static Task SampleAsync(PlacesStage stage, int sequences, string? seed = null) => Plan.Any.SampleAsync(
        async plan =>
        {
            if (await stage.PlayAsync(plan) is { } difference)
            {
                Assert.Fail(difference);
            }
        },
        seed: seed,
        iter: sequences,
        threads: 1);
}
