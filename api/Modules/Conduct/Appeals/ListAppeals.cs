using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Conduct.Appeals;

/// <summary>The officer's list of appeals against points that her unions gave. Looking is audited.</summary>
internal static class ListAppeals
{
    public const string Deed = "read_conduct_appeal";

    /// <param name="Name">Masked; null for somebody without a registration form.</param>
    /// <param name="SourceTitle">What the points were given for; null when the record is gone.</param>
    /// <param name="MayDecide">False for her own appeal and for records that she made or looked after.</param>
    /// <param name="Answer">What the person was told with the decision.</param>
    public sealed record Item(
        string Id, AppealState State, string UnionId, string? Name, ConductKind Kind, int Weight, DateTimeOffset PointsAt, string SourceKind, string? SourceTitle, string Reason, string? Answer, bool MayDecide, DateTimeOffset CreatedAt, DateTimeOffset? DecidedAt);

    /// <summary>守约记分申诉清单 (appeals of my unions), newest first.</summary>
    /// <param name="state">open, accepted or refused; all when not given.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? state, int? take, string? after, Caller caller, Reach reach, Database database, ConductSources sources, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var (rows, seen) = await FindAsync(StateOf(state), reach, mark, count, database, sources, cancellation);

        // Reasons may speak of illness or family: each look is written down before the answer leaves.
        var now = clock.Milliseconds();
        await database.TransactAsync(
            db => db.InsertManyAsync(rows.Take(count).Select(r => Audit.RowOf(caller, Deed, "conduct_appeal", r.Appeal.Id, now, r.Appeal.PersonId))), cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, r => ItemOf(r, seen[r.Point.Id], caller, cipher), r => r.Appeal.Id));
    }

    private static AppealState? StateOf(string? state) => state switch
    {
        null => null,
        "open" => AppealState.Open,
        "accepted" => AppealState.Accepted,
        "refused" => AppealState.Refused,
        _ => throw Refusal.OfField("state", "状态只能是 open、accepted 或 refused。"),
    };

    private static async Task<(List<Row> Rows, Dictionary<string, SourceSeen?> Seen)> FindAsync(
        AppealState? state, Reach reach, string? mark, int count, Database database, ConductSources sources, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var (points, records, ancestors) = (db.ConductPoints, db.MemberRecords, db.UnionAncestors);
        var rows = await (
            from appeal in db.ConductAppeals
            join point in points on appeal.PointId equals point.Id
            from record in records.LeftJoin(r => r.PersonId == appeal.PersonId)
            where ancestors.Any(u => u.UnionId == appeal.UnionId && reach.UnionIds.Contains(u.AncestorId))
                && (state == null || appeal.State == state)
                && (mark == null || appeal.Id.CompareTo(mark) < 0)
            orderby appeal.Id descending
            select new Row(appeal, point, record.Name)).Take(count + 1).ToListAsync(cancellation);
        var seen = new Dictionary<string, SourceSeen?>();
        foreach (var point in rows.Select(r => r.Point).DistinctBy(p => p.Id))
        {
            seen[point.Id] = await sources.DescribeAsync(db, point, cancellation);
        }

        return (rows, seen);
    }

    private static Item ItemOf(Row row, SourceSeen? source, Caller caller, FieldCipher cipher) => new(
        row.Appeal.Id,
        row.Appeal.State,
        row.Appeal.UnionId,
        row.Name is null ? null : Masking.Name(row.Name),
        row.Point.Kind,
        row.Point.Weight,
        Instants.At(row.Point.At),
        row.Point.SourceKind,
        source?.Title,
        cipher.Open(ConductAppealRow.ReasonPlace, row.Appeal.Id, row.Appeal.ReasonSealed),
        row.Appeal.AnswerSealed is { } answer ? cipher.Open(ConductAppealRow.AnswerPlace, row.Appeal.Id, answer) : null,
        row.Appeal.State == AppealState.Open && DecideAppeal.MayDecide(row.Appeal, source, caller.PersonId),
        Instants.At(row.Appeal.CreatedAt),
        Instants.At(row.Appeal.DecidedAt));

    private sealed record Row(ConductAppealRow Appeal, ConductPointRow Point, string? Name);
}
