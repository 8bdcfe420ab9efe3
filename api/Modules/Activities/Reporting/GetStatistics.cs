using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Activities.Reporting;

/// <summary>
/// How many signed up, and who has a place by union, sex and age, from the facts stored with the sign-ups: as they
/// were verified then (work points 1, 3, 10, 12, 21, 28, 30). Small counts are not blurred, for the organiser sees the
/// list itself; the answer says when there are some.
/// </summary>
internal static class GetStatistics
{
    /// <summary>Fewer than this and people may be recognised.</summary>
    private const int Small = 5;

    private static readonly int[] AgeLimits = [18, 25, 35, 45, 55];

    public sealed record InState(EnrolmentState State, int Count);

    /// <param name="UnionId">Null: not a member when she signed up.</param>
    public sealed record InUnion(string? UnionId, string? UnionName, int Count);

    /// <param name="Sex">GB/T 2261.1: 1 男, 2 女; null: not verified.</param>
    public sealed record OfSex(string? Sex, int Count);

    /// <param name="From">周岁 on the day the activity begins; null with <paramref name="Below"/>: not verified.</param>
    /// <param name="Below">Below this age; null: no upper limit.</param>
    public sealed record InAgeBand(int? From, int? Below, int Count);

    /// <param name="SignUps">All sign-ups ever made, by their state now.</param>
    /// <param name="Enrolled">People who have a place; the three lists divide these.</param>
    /// <param name="Guests">Who come with them.</param>
    /// <param name="Attended">Of the enrolled, who was checked in for at least one session.</param>
    /// <param name="AttendanceRate">Attended by enrolled, 0 to 1; null before anybody was checked in.</param>
    /// <param name="HasSmallCounts">A count below five: people may be recognised, so it is not for publication.</param>
    public sealed record Response(
        IReadOnlyList<InState> SignUps, int Enrolled, int Guests, int Attended, double? AttendanceRate, IReadOnlyList<InUnion> ByUnion, IReadOnlyList<OfSex> BySex, IReadOnlyList<InAgeBand> ByAge, bool HasSmallCounts);

    /// <summary>报名统计 (statistics of an activity).</summary>
    internal static async Task<Ok<Response>> Handle(string id, Reach reach, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        await ActivityDrafts.FindAsync(db, id, reach, cancellation);
        var signUps = await db.Enrolments.Where(e => e.ActivityId == id).GroupBy(e => e.State)
            .Select(g => new InState(g.Key, g.Count())).ToListAsync(cancellation);
        var enrolled = await db.Enrolments.Where(e => e.ActivityId == id && e.State == EnrolmentState.Enrolled)
            .Select(e => new { e.Facts, e.Guests }).ToListAsync(cancellation);
        var attended = await AttendedAsync(db, id, cancellation);
        var facts = enrolled.ConvertAll(e => JsonSerializer.Deserialize<FactsSeen>(e.Facts, ContractJson.Stored)!);

        var (byUnion, bySex, byAge) = (await ByUnionAsync(db, facts, cancellation), BySex(facts), ByAge(facts));
        return TypedResults.Ok(new Response(
            [.. signUps.OrderBy(s => s.State)],
            enrolled.Count,
            enrolled.Sum(e => e.Guests),
            attended,
            attended > 0 ? (double)attended / enrolled.Count : null,
            byUnion,
            bySex,
            byAge,
            byUnion.Select(u => u.Count).Concat(bySex.Select(s => s.Count)).Concat(byAge.Select(a => a.Count)).Any(c => c < Small)));
    }

    private static Task<int> AttendedAsync(Db db, string id, CancellationToken cancellation)
    {
        var checkIns = db.CheckIns;
        return db.Enrolments.CountAsync(
            e => e.ActivityId == id && e.State == EnrolmentState.Enrolled && checkIns.Any(c => c.EnrolmentId == e.Id), cancellation);
    }

    private static async Task<List<InUnion>> ByUnionAsync(Db db, List<FactsSeen> facts, CancellationToken cancellation)
    {
        var counts = facts.GroupBy(f => f.UnionId ?? "").ToDictionary(g => g.Key, g => g.Count());
        var ids = counts.Keys.ToArray();
        var names = await db.Unions.Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, cancellation);
        return [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => new InUnion(c.Key.Length > 0 ? c.Key : null, names.GetValueOrDefault(c.Key), c.Value))];
    }

    private static List<OfSex> BySex(List<FactsSeen> facts) =>
        [.. facts.GroupBy(f => f.Sex).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new OfSex(g.Key, g.Count()))];

    private static List<InAgeBand> ByAge(List<FactsSeen> facts) =>
        [.. facts.GroupBy(f => BandOf(f.Age)).OrderBy(g => g.Key.From).Select(g => new InAgeBand(g.Key.From, g.Key.Below, g.Count()))];

    private static (int? From, int? Below) BandOf(int? age)
    {
        if (age is not { } years)
        {
            return (null, null);
        }

        var limit = Array.FindIndex(AgeLimits, l => years < l);
        return limit switch
        {
            0 => (0, AgeLimits[0]),
            < 0 => (AgeLimits[^1], null),
            _ => (AgeLimits[limit - 1], AgeLimits[limit]),
        };
    }
}
