using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(WeChatUnion.Tests.House.LongestFirst))]

namespace WeChatUnion.Tests.House;

/// <summary>
/// Those classes first that take more than half a minute: begun last, they would run on alone while a processor has nothing
/// to do. All others come in disorder.
/// </summary>
internal sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        nameof(ReleaseTests), nameof(FirstDayTests), "RollingUpgradeTests", "RestoreDrill", "RotateKeys", "TalkModel", "Fuzz", "CountingNodes", "Canary",
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(RankOf).ThenBy(c => c.UniqueID, StringComparer.Ordinal)];

    private static int RankOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var rank = Array.FindIndex(Long, l => collection.TestCollectionDisplayName.Contains("." + l, StringComparison.Ordinal));
        return rank < 0 ? Long.Length : rank;
    }
}
