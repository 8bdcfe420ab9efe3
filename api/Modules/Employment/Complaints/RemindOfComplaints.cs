using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Complaints;

/// <summary>What stands on the officers' list of complaints is brought to them: on its last day, and once it is overdue. Each once.</summary>
internal sealed class RemindOfComplaints(Database database, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    private const string Untold = "state = 'open' AND ((due_on = @today AND told_due_at IS NULL) OR (due_on < @today AND told_overdue_at IS NULL))";

    private const string Waiting =
        $"SELECT id, employer_id, vacancy_id, due_on FROM vacancy_complaints WHERE due_on <= @today AND {Untold} ORDER BY due_on, id";

    private const string Take =
        $"""
        UPDATE vacancy_complaints
        SET told_due_at = COALESCE(told_due_at, @now), told_overdue_at = CASE WHEN due_on < @today THEN @now END
        WHERE id = @id AND {Untold}
        """;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var (now, today) = (clock.Milliseconds(), clock.Today().Stored());
        await Due.ForEachAsync(
            await DueAsync(today, cancellation),
            row => database.TransactAsync(db => TellAsync(db, row, today, now, cancellation), cancellation));
    }

    private async Task<List<Row>> DueAsync(string today, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return await db.QueryToListAsync<Row>(Waiting, new { today }, cancellation);
    }

    private async Task TellAsync(Db db, Row row, string today, long now, CancellationToken cancellation)
    {
        if (await db.ExecuteAsync(Take, new { id = row.Id, today, now }, cancellation) == 0)
        {
            return;
        }

        var vacancy = await db.Vacancies.Where(v => v.Id == row.VacancyId).Select(v => v.Title).FirstAsync(cancellation);
        var isOverdue = string.CompareOrdinal(row.DueOn, today) < 0;
        await OfficerNotices.TellAsync(
            db,
            messenger,
            row.EmployerId,
            isOverdue ? "岗位投诉超过时限" : "岗位投诉今天到期",
            isOverdue ? $"对“{vacancy}”的一起投诉应在 {row.DueOn} 前答复,现已超过时限,请立即处理。" : $"对“{vacancy}”的一起投诉今天是答复的最后一天,请处理。",
            row.Id,
            now,
            cancellation);
    }

    private sealed record Row
    {
        public required string Id { get; init; }

        public required string EmployerId { get; init; }

        public required string VacancyId { get; init; }

        public required string DueOn { get; init; }
    }
}

/// <summary>What the officers are told in whose reach a firm lies.</summary>
internal static class OfficerNotices
{
    public const string Kind = "vacancy_complaint";

    public static async Task TellAsync(
        Db db, IMessenger messenger, string employerId, string title, string text, string recordId, long now, CancellationToken cancellation)
    {
        var (roles, ancestors, employers) = (Policies.RolesOf(Policies.KeepEmployers), db.UnionAncestors, db.Employers);
        var officers = await db.Grants
            .Where(g => roles.Contains(g.Role) && ancestors.Any(n => n.AncestorId == g.UnionId && employers.Any(e => e.Id == employerId && e.UnionId == n.UnionId)))
            .Select(g => g.PersonId).Distinct().OrderBy(p => p).ToListAsync(cancellation);
        if (officers.Count > 0)
        {
            await messenger.AddAsync(db, [.. officers.Select(o => new Notice(o, Kind, title, text, recordId))], now);
        }
    }
}
