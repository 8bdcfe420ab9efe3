using System.Security.Cryptography;
using WeChatUnion.Api.Modules.Singles.Ballots;

namespace WeChatUnion.Tests.Singles;

/// <summary>A ballot opens for its round, its person and its closing key; whatever else is tried is an error that is expected.</summary>
public sealed class BallotSealTests
{
    private const string Round = "0123456789abcdef0123456789abcdef";
    private const string Person = "fedcba9876543210fedcba9876543210";

    private static readonly byte[] BallotKey = RandomNumberGenerator.GetBytes(32);

    private readonly BallotSeal.NewRound round = BallotSeal.Open(Round, BallotKey);

    [Fact]
    public void A_ballot_says_what_was_chosen_and_opens_for_nobody_else()
    {
        var ballot = BallotSeal.Seal(round.PublicKey, Round, Person, [3, 150, 1]);
        Assert.Equal([3, 150, 1], Open(ballot, Round, Person));
        Assert.ThrowsAny<CryptographicException>(() => Open(ballot, Round, Round));
        Assert.ThrowsAny<CryptographicException>(() => Open(ballot, Person, Person));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("????")]
    [InlineData("AAAA")]
    public void What_is_no_ballot_does_not_open(string content) => Assert.ThrowsAny<CryptographicException>(() => Open(content, Round, Person));

    [Fact]
    public void A_changed_ballot_does_not_open_wherever_it_was_changed()
    {
        var ballot = Convert.FromBase64String(BallotSeal.Seal(round.PublicKey, Round, Person, [7]));
        for (var i = 0; i < ballot.Length; i++)
        {
            var changed = (byte[])ballot.Clone();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => Open(Convert.ToBase64String(changed), Round, Person));
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

    private IReadOnlyList<int> Open(string content, string roundId, string personId)
    {
        using var key = BallotSeal.Unwrap(Round, round.PublicKey, round.PrivateKeyWrapped, round.ClosingKey, BallotKey)!;
        using var imported = key.Import();
        return BallotSeal.Open(imported, key.Point, roundId, personId, content);
    }
}
