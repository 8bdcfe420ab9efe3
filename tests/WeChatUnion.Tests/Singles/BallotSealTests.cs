using System.Security.Cryptography;
using WeChatUnion.Api.Modules.Singles.Ballots;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Tests.Singles;

/// <summary>A ballot opens for its round, its person and its closing key; whatever else is tried is an error that is expected.</summary>
public sealed class BallotSealTests
{
    private const string Round = "0123456789abcdef0123456789abcdef";
    private const string Person = "fedcba9876543210fedcba9876543210";

    private static readonly BallotPlace Hers = new(Round, Person, new Plate(Plate.Woman, 3), 1_700_000_000_000);

    private static readonly byte[] BallotKey = RandomNumberGenerator.GetBytes(32);

    private readonly BallotSeal.NewRound round = BallotSeal.Open(Round, BallotKey);

    [Fact]
    public void A_ballot_says_what_was_chosen_and_opens_for_nobody_else()
    {
        var ballot = BallotSeal.Seal(round.PublicKey, BallotKey, Hers, [3, 150, 1]);
        Assert.Equal([3, 150, 1], Open(ballot, Hers));
        foreach (var other in new[] { Hers with { PersonId = Round }, Hers with { RoundId = Person }, Hers with { Plate = new Plate(Plate.Woman, 4) }, Hers with { HandedInAt = 1 } })
        {
            Assert.ThrowsAny<CryptographicException>(() => Open(ballot, other));
        }
    }

    /// <summary>Whoever writes to the database alone has neither a ballot that opens for him nor one of his making that counts.</summary>
    [Fact]
    public void Without_the_key_of_the_configuration_a_foreign_point_reads_nothing_and_nothing_is_forged()
    {
        var foreignKey = RandomNumberGenerator.GetBytes(32);
        var foreign = BallotSeal.Open(Round, foreignKey);
        var caught = BallotSeal.Seal(foreign.PublicKey, BallotKey, Hers, [3]);
        using var key = BallotSeal.Unwrap(Round, foreign.PublicKey, foreign.PrivateKeyWrapped, foreign.ClosingKey, foreignKey)!;
        using var imported = key.Import();
        Assert.Equal([3], BallotSeal.Open(key, imported, Hers, BallotSeal.Seal(foreign.PublicKey, foreignKey, Hers, [3])));
        Assert.ThrowsAny<CryptographicException>(() => BallotSeal.Open(key, imported, Hers, caught));
        Assert.ThrowsAny<CryptographicException>(() => Open(BallotSeal.Seal(round.PublicKey, foreignKey, Hers, [3]), Hers));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3, 3)]
    public void What_no_guest_can_choose_does_not_open(params int[] choices) =>
        Assert.ThrowsAny<CryptographicException>(() => Open(BallotSeal.Seal(round.PublicKey, BallotKey, Hers, choices), Hers));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("????")]
    [InlineData("AAAA")]
    public void What_is_no_ballot_does_not_open(string content) => Assert.ThrowsAny<CryptographicException>(() => Open(content, Hers));

    [Fact]
    public void A_changed_ballot_does_not_open_wherever_it_was_changed()
    {
        var ballot = Convert.FromBase64String(BallotSeal.Seal(round.PublicKey, BallotKey, Hers, [7]));
        for (var i = 0; i < ballot.Length; i++)
        {
            var changed = (byte[])ballot.Clone();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => Open(Convert.ToBase64String(changed), Hers));
        }
    }

    [Fact]
    public void A_stored_key_that_was_changed_is_like_a_wrong_closing_key()
    {
        foreach (var stored in new[] { "", "abc", round.PrivateKeyWrapped[..^4] + "AAAA", Convert.ToBase64String(new byte[60]) })
        {
            Assert.Null(BallotSeal.Unwrap(Round, round.PublicKey, stored, round.ClosingKey, BallotKey));
        }

        Assert.Null(BallotSeal.Unwrap(Round, "abc", round.PrivateKeyWrapped, round.ClosingKey, BallotKey));
        Assert.Null(BallotSeal.Unwrap(Round, Convert.ToBase64String(new byte[64]), round.PrivateKeyWrapped, round.ClosingKey, BallotKey));
    }

    private IReadOnlyList<int> Open(string content, BallotPlace place)
    {
        using var key = BallotSeal.Unwrap(Round, round.PublicKey, round.PrivateKeyWrapped, round.ClosingKey, BallotKey)!;
        using var imported = key.Import();
        return BallotSeal.Open(key, imported, place, content);
    }
}
