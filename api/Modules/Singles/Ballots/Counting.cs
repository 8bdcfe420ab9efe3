namespace WeChatUnion.Api.Modules.Singles.Ballots;

/// <summary>
/// Counts a round (domain/singles.md 2.5): who chose each other. Of those, pairs (牵手) are taken in the order of the sum of
/// their ranks, then of the later of their two last hand-ins, then of the man's number, then of the woman's; who is in a pair
/// already is skipped. The rest are mutual interests (互有好感). What only one side chose is not in the answer at all.
/// </summary>
internal static class Counting
{
    /// <param name="Choices">Numbers of the other sex in order of liking.</param>
    internal sealed record Ballot(int Number, IReadOnlyList<int> Choices, long HandedInAt);

    internal sealed record Mutual(int Man, int Woman, bool IsPair);

    /// <param name="mayMeet">False for a man and a woman of whom one has blocked the other: as if they had not chosen each other.</param>
    /// <returns>In the order in which they were decided.</returns>
    public static IReadOnlyList<Mutual> Count(
        IEnumerable<Ballot> men, IEnumerable<Ballot> women, Func<int, int, bool> mayMeet)
    {
        var byNumber = women.ToDictionary(w => w.Number);
        var mutual = from man in men
                     from choice in man.Choices.Select((number, rank) => (Number: number, Rank: rank))
                     let woman = byNumber.GetValueOrDefault(choice.Number)
                     where woman is not null
                     let rank = RankIn(woman.Choices, man.Number)
                     where rank >= 0 && mayMeet(man.Number, woman.Number)
                     orderby choice.Rank + rank, Math.Max(man.HandedInAt, woman.HandedInAt), man.Number, woman.Number
                     select (Man: man.Number, Woman: woman.Number);
        var (takenMen, takenWomen) = (new HashSet<int>(), new HashSet<int>());
        return [.. mutual.Select(m => new Mutual(m.Man, m.Woman, IsFree(m.Man, m.Woman)))];

        bool IsFree(int man, int woman)
        {
            if (takenMen.Contains(man) || takenWomen.Contains(woman))
            {
                return false;
            }

            takenMen.Add(man);
            takenWomen.Add(woman);
            return true;
        }
    }

    private static int RankIn(IReadOnlyList<int> choices, int number)
    {
        for (var rank = 0; rank < choices.Count; rank++)
        {
            if (choices[rank] == number)
            {
                return rank;
            }
        }

        return -1;
    }
}
