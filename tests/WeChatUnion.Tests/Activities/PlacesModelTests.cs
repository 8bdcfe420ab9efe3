using CsCheck;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

/// <summary>An SQLite house whose outbox nobody works off: the model speaks of places only.</summary>
public sealed class QuietHouse : TestHouse
{
    protected override Task<Dictionary<string, string>> SettingsAsync() =>
        Task.FromResult(new Dictionary<string, string> { ["Database:Kind"] = "sqlite" });

    protected override void Configure(IWebHostBuilder host) =>
        host.ConfigureTestServices(s => s.Remove(s.Single(d => d.ImplementationType == typeof(OutboxLoop))));
}

/// <summary>
/// Random sequences of everything that moves places, driven through the slices, against a model of a page. What is
/// generated are small numbers, so that a sequence that goes wrong shrinks to a short one.
/// </summary>
[Trait(Soak.Trait, "yes")]
public sealed class PlacesModelTests(QuietHouse house) : IClassFixture<QuietHouse>
{
    /// <summary>Found within the first few; the others make it shorter.</summary>
    private const int ControlSequences = 60;
    private const int MostControlRuns = 5;

    private static readonly int Sequences = Soak.Size(inRun: 200, inSoak: 6_000);

    private static readonly Gen<Plan> Plans = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool, Gen.Bool, Deeds().Array[1, 20], (men, women, hasLine, merges, deeds) => new Plan(men, women, hasLine, merges, deeds));

    [Fact]
    public async Task Places_people_and_lines_are_as_the_model_says_after_every_deed()
    {
        var stage = await PlacesStage.BuildAsync(house);
        await Plans.SampleAsync(async plan => Assert.Null(await stage.PlayAsync(plan)), iter: Sequences, threads: 1);
    }

    /// <summary>The control: a promoter that takes the last of the line first is found, and by a short sequence.</summary>
    [Fact]
    public async Task Control_a_line_served_from_its_end_is_found_and_shrunk()
    {
        var own = new QuietHouse();
        await own.InitializeAsync();
        try
        {
            var stage = await PlacesStage.BuildAsync(own);
            using var broken = own.Guards.Off("ORDER BY\n\t[e].[line]", "ORDER BY\n\t[e].[line] DESC");
            Exception? found = null;
            for (var run = 0; run < MostControlRuns && found is null; run++)
            {
                found = await Record.ExceptionAsync(
                    () => Plans.SampleAsync(async plan => Assert.Null(await stage.PlayAsync(plan)), iter: ControlSequences, threads: 1));
            }

            Assert.True(own.Guards.Hits > 0, "The statement reads otherwise now.");
            Assert.Contains("Cancel", Assert.IsType<CsCheckException>(found).Message, StringComparison.Ordinal);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static Gen<Deed> Deeds() => Gen.Frequency(
        (10, Gen.Select(Person(), Gen.Int[0, 2], Gen.Int[0, 1], (p, group, guests) => (Deed)new Deed.SignUp(p, group, guests))),
        (4, Person().Select(p => (Deed)new Deed.Cancel(p))),
        (4, Gen.Select(Person(), Gen.Bool, (p, accepts) => (Deed)new Deed.Answer(p, accepts))),
        (2, Gen.Int[1, 30].Select(hours => (Deed)new Deed.Wait(hours))),
        (1, Gen.Const((Deed)new Deed.Merge())));

    private static Gen<int> Person() => Gen.Int[0, PlacesStage.People - 1];
}
