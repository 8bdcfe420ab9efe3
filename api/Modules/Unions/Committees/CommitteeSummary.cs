using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Unions.Committees;

/// <summary>Somebody in a committee.</summary>
/// <param name="PersonKind">This and the next two: of the union's chair only.</param>
/// <param name="UntilOn">Null while in office.</param>
public sealed record PostSummary(
    CommitteeBody Body, CommitteePost Post, string Name, PersonKind? PersonKind, bool? IsFullTime, bool? IsDirectlyElected, DateOnly SinceOn, DateOnly? UntilOn);

/// <summary>A union's present committee.</summary>
/// <param name="TermNumber">届次.</param>
/// <param name="EndsOn">届满日期.</param>
/// <param name="ChairVacantSince">Null while there is a chair.</param>
/// <param name="ChairDueOn">By then the chair is to be filled.</param>
public sealed record CommitteeSummary(
    string Id,
    int TermNumber,
    int TermYears,
    DateOnly ElectedOn,
    DateOnly EndsOn,
    TermState Term,
    DateOnly? ChairVacantSince,
    DateOnly? ChairDueOn,
    IReadOnlyList<PostSummary> Posts)
{
    internal static async Task<CommitteeSummary?> ReadAsync(Db db, string unionId, DateOnly today, CancellationToken cancellation)
    {
        var committee = await db.Committees.FirstOrDefaultAsync(c => c.CurrentUnionId == unionId, cancellation);
        if (committee is null)
        {
            return null;
        }

        var posts = await db.Posts.Where(p => p.CommitteeId == committee.Id).OrderBy(p => p.Id).ToListAsync(cancellation);
        var vacantSince = VacantSince(committee, posts);
        var endsOn = Instants.Date(committee.EndsOn);
        return new CommitteeSummary(
            committee.Id,
            committee.TermNumber,
            committee.TermYears,
            Instants.Date(committee.ElectedOn),
            endsOn,
            Terms.StateOf(endsOn, today),
            vacantSince,
            vacantSince?.AddMonths(Terms.ChairWithinMonths),
            [.. posts.Select(p => new PostSummary(
                p.Body, p.Post, p.Name, p.PersonKind, p.IsFullTime, p.IsDirectlyElected, Instants.Date(p.SinceOn), Instants.DateOrNone(p.UntilOn)))]);
    }

    /// <summary>Committee id → since when it has no chair; those with a chair are left out.</summary>
    internal static async Task<Dictionary<string, DateOnly>> VacanciesAsync(
        Db db, IReadOnlyList<CommitteeRow> committees, CancellationToken cancellation)
    {
        var ids = committees.Select(c => c.Id).ToArray();
        var chairs = await db.Posts
            .Where(p => ids.Contains(p.CommitteeId) && p.Body == CommitteeBody.Committee && p.Post == CommitteePost.Chair)
            .ToListAsync(cancellation);
        return committees
            .Select(c => (c.Id, Since: VacantSince(c, chairs.Where(p => p.CommitteeId == c.Id))))
            .Where(v => v.Since is not null)
            .ToDictionary(v => v.Id, v => v.Since!.Value);
    }

    /// <summary>Since the last chair went, or since the election where none was chosen.</summary>
    private static DateOnly? VacantSince(CommitteeRow committee, IEnumerable<PostRow> posts)
    {
        var chairs = posts.Where(p => p is { Body: CommitteeBody.Committee, Post: CommitteePost.Chair }).ToList();
        return chairs.Any(p => p.ChairedCommitteeId is not null)
            ? null
            : Instants.Date(chairs.Max(p => p.UntilOn) ?? committee.ElectedOn);
    }
}
