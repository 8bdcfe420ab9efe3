using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Employment.Vacancies;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>
/// What time alone brings about: whoever got no answer within the limit is told so, and three months after her contract she
/// is asked whether she is still there. Each once.
/// </summary>
internal sealed class FollowUps(Database database, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    /// <summary>Months after the contract (domain/employment.md 4.2).</summary>
    public const int Months = 3;

    private const int MostAtOnce = 200;

    private const string Late =
        """
        SELECT a.id, a.person_id, v.title, v.state, e.name FROM vacancy_applications a
        JOIN vacancies v ON v.id = a.vacancy_id JOIN employers e ON e.id = v.employer_id
        WHERE a.state IN ('sent', 'seen') AND a.answer_due_at <= @now AND a.told_at IS NULL ORDER BY a.id LIMIT @most
        """;

    private const string Due =
        """
        SELECT a.id, a.person_id, v.title, v.state, e.name FROM vacancy_applications a
        JOIN vacancies v ON v.id = a.vacancy_id JOIN employers e ON e.id = v.employer_id
        WHERE a.follow_up_due_at <= @now AND a.state = 'hired' AND a.asked_at IS NULL ORDER BY a.id LIMIT @most
        """;

    public static bool IsAsked(VacancyApplicationRow application, long now) =>
        application is { State: VacancyApplicationState.Hired, IsStillThere: null } && application.FollowUpDueAt <= now;

    public async Task RunAsync(CancellationToken cancellation)
    {
        await TellAllAsync(
            Late,
            "UPDATE vacancy_applications SET told_at = @now WHERE id = @id AND told_at IS NULL AND state IN ('sent', 'seen')",
            r => new Notice(r.PersonId, ApplicationNotices.Late, "单位还未答复您的投递", $"{r.Name}未在时限内答复您对“{VacancyTitles.ToWorkers(r.Title, r.State)}”的投递。您可以继续等待,也可以撤回后投递其他岗位。", r.Id),
            cancellation);
        await TellAllAsync(
            Due,
            "UPDATE vacancy_applications SET asked_at = @now WHERE id = @id AND asked_at IS NULL AND state = 'hired' AND follow_up_due_at <= @now",
            r => new Notice(r.PersonId, ApplicationNotices.FollowUp, "入职三个月回访", $"您在{r.Name}入职已满三个月,请在“我的投递”中告诉我们是否仍在岗。遇到困难请联系工会。", r.Id),
            cancellation);
    }

    private async Task TellAllAsync(string find, string take, Func<Row, Notice> notice, CancellationToken cancellation)
    {
        int count;
        do
        {
            var now = clock.Milliseconds();
            await using var db = database.Open();
            var rows = await db.QueryToListAsync<Row>(find, new { now, most = MostAtOnce }, cancellation);
            count = rows.Count;
            foreach (var row in rows)
            {
                await database.TransactAsync(
                    async writing =>
                    {
                        if (await writing.ExecuteAsync(take, new { now, id = row.Id }, cancellation) > 0)
                        {
                            await messenger.AddAsync(writing, notice(row), now);
                        }
                    },
                    cancellation);
            }
        }
        while (count == MostAtOnce);
    }

    private sealed record Row
    {
        public required string Id { get; init; }

        public required string PersonId { get; init; }

        public required string Title { get; init; }

        public required VacancyState State { get; init; }

        public required string Name { get; init; }
    }
}

/// <summary>Kinds of notices about applications; that somebody looks for work is nobody else's business.</summary>
internal static class ApplicationNotices
{
    public const string Answer = "application_answer";
    public const string Late = "application_late";
    public const string FollowUp = "application_follow_up";

    /// <summary>Whoever waits for an answer about a vacancy that an officer took down is warned, in its firm's name and without its words.</summary>
    public static async Task TellTakenDownAsync(Db db, IMessenger messenger, VacancyRow vacancy, long now, CancellationToken cancellation)
    {
        var waiting = await db.QueryToListAsync<VacancyApplicationRow>(
            "SELECT * FROM vacancy_applications WHERE vacancy_id = @Id AND state IN ('sent', 'seen', 'invited', 'accepted') ORDER BY id", new { vacancy.Id }, cancellation);
        if (waiting.Count > 0)
        {
            var firm = await db.Employers.Where(e => e.Id == vacancy.EmployerId).Select(e => e.Name).FirstAsync(cancellation);
            var text = $"您向{firm}投递的岗位已由工会下架。请不要向单位交钱或交出证件;您可以撤回投递,遇到问题请投诉或联系工会。";
            await messenger.AddAsync(db, [.. waiting.Select(a => new Notice(a.PersonId, Answer, "您投递的岗位已下架", text, a.Id))], now);
        }
    }
}
