using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>
/// What she disclosed to an employer ends by itself (PIPL art. 19: no longer than the purpose needs): so many days after the
/// last of her applications there was decided or withdrawn, or when nobody has touched an open one for a year.
/// </summary>
internal sealed class EndDisclosures(Database database, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    /// <summary>Longer than the employer may correct a hiring, which counts whole days.</summary>
    public const int DaysAfter = CorrectHiring.WithinDays + 1;

    /// <summary>As long as a résumé is kept for an application that nobody answers.</summary>
    private const int DaysWithoutAnswer = 365;

    private const string Over =
        """
        live_person_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM vacancy_applications a JOIN vacancies v ON v.id = a.vacancy_id
            WHERE a.person_id = employer_disclosures.person_id AND v.employer_id = employer_disclosures.employer_id
                AND a.updated_at > CASE WHEN a.state IN ('sent', 'seen', 'invited', 'accepted') THEN @unanswered ELSE @decided END)
        """;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var (decided, unanswered) = (now - Days(DaysAfter), now - Days(DaysWithoutAnswer));
        await using var db = database.Open();
        var rows = await db.QueryToListAsync<Row>(
            $"SELECT id, person_id, employer_id FROM employer_disclosures WHERE given_at <= @decided AND {Over} ORDER BY id", new { decided, unanswered }, cancellation);
        await Due.ForEachAsync(rows, row => database.TransactAsync(EndAsync(row), cancellation));

        Func<Db, Task> EndAsync(Row row) => async writing =>
        {
            // Judged again in the statement: she may have applied meanwhile.
            var ended = await writing.ExecuteAsync(
                $"UPDATE employer_disclosures SET live_person_id = NULL, withdrawn_at = @now WHERE id = @id AND {Over}", new { id = row.Id, now, decided, unanswered }, cancellation);
            if (ended > 0)
            {
                await Audit.WriteAsync(writing, Operator.Here(), "end_employer_disclosure", "employer", row.EmployerId, now, row.PersonId);
                await WithdrawOpenAsync(writing, row, now, cancellation);
            }
        };
    }

    /// <summary>An application that nobody sees any more holds no place, and she may apply anew.</summary>
    private async Task WithdrawOpenAsync(Db db, Row row, long now, CancellationToken cancellation)
    {
        foreach (var open in await JobSeeking.OpenAsync(db, row.PersonId, row.EmployerId, cancellation))
        {
            if (await JobSeeking.TakeBackAsync(db, open, row.PersonId, now, cancellation))
            {
                await messenger.AddAsync(
                    db,
                    new Notice(row.PersonId, ApplicationNotices.Answer, "投递已自动撤回", "您的一份投递一年没有进展,已自动撤回,单位不再看到您的信息。仍有意向的,可以重新投递。", open.Id),
                    now);
            }
        }
    }

    private static long Days(int days) => (long)TimeSpan.FromDays(days).TotalMilliseconds;

    private sealed record Row
    {
        public required string Id { get; init; }

        public required string PersonId { get; init; }

        public required string EmployerId { get; init; }
    }
}
