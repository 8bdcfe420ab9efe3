using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>The verified facts of some people as they are now, for one activity.</summary>
internal sealed class PeoplesFacts
{
    /// <summary>The purpose of the consent by which somebody declares to be single (单身承诺).</summary>
    private const string SingleDeclaration = "single_declaration";

    private readonly Dictionary<string, MemberFacts> members;
    private readonly HashSet<string>? singles;
    private readonly Dictionary<string, int> points;
    private readonly DateOnly day;
    private readonly long now;

    private PeoplesFacts(
        Dictionary<string, MemberFacts> members, HashSet<string>? singles, Dictionary<string, int> points, DateOnly day, long now)
    {
        this.members = members;
        this.singles = singles;
        this.points = points;
        this.day = day;
        this.now = now;
    }

    public static async Task<PeoplesFacts> ReadAsync(
        Db db, ConductLedger ledger, Turn turn, IReadOnlyCollection<string> people, long now, CancellationToken cancellation) => new(
            await MemberFacts.ReadAsync(db, people, cancellation),
            AsksWhoIsSingle(turn) ? await SinglesAsync(db, people, cancellation) : null,
            await ledger.LivingAsync(db, people, now, cancellation),
            Instants.DateOf(turn.Activity.StartsAt),
            now);

    public int PointsOf(string personId) => points.GetValueOrDefault(personId);

    public (MemberFacts Member, FactsSeen Seen) Of(string personId)
    {
        var member = members[personId];
        return (member, Eligibility.See(member, singles?.Contains(personId), PointsOf(personId), day, now));
    }

    private static bool AsksWhoIsSingle(Turn turn) =>
        turn.Activity.Kind == ActivityKind.Singles || turn.Groups.Any(g => g.Rules.SinglesOnly == true);

    private static async Task<HashSet<string>> SinglesAsync(Db db, IReadOnlyCollection<string> people, CancellationToken cancellation) =>
        [.. await db.QueryAmongAsync<string>(
            "SELECT person_id FROM consents WHERE person_id IN (@among) AND live_purpose = @purpose", people, cancellation, ("purpose", SingleDeclaration))];
}
