using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Vacancies;
using WeChatUnion.Api.Modules.Employment.Words;
using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <param name="From">In which states it may be done.</param>
/// <param name="Words">Firm and title → what the worker is told.</param>
internal sealed record ApplicationMove(
    IReadOnlyList<VacancyApplicationState> From, Func<VacancyApplicationRow, VacancyApplicationRow> Change, Func<string, string, (string Title, string Text)> Words)
{
    /// <summary>What the firm writes to her in its own words, by field: read as a vacancy is, but by the machine alone.</summary>
    public IReadOnlyList<(string Field, string? Text)> Texts { get; init; } = [];
}

/// <summary>Moves applications between their states: one guarded update, a step, an audit row, a notice.</summary>
internal sealed class ApplicationDeeds(Idempotency idempotency, VacancyDeeds vacancies, IMessenger messenger)
{
    public Task MoveAsync<TRequest>(
        string id, int version, TRequest request, IdempotencyKey key, Caller caller, ApplicationMove move, CancellationToken cancellation) =>
        idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var (applicant, vacancy, _) = await Applicants.FindAsync(db, id, caller, cancellation);
                var before = applicant.Application;
                if (await db.IsOneHumanAsync(before.PersonId, caller.PersonId, cancellation))
                {
                    throw new Refusal(EmploymentProblems.OwnApplication);
                }

                if (!move.From.Contains(before.State))
                {
                    throw new Refusal(EmploymentProblems.WrongApplicationState) { Present = new { before.State, before.Version } };
                }

                await RefuseUnlawfulWordsAsync(db, move, now, cancellation);
                var after = move.Change(before) with { Version = version + 1, UpdatedAt = now };
                if (after.State == VacancyApplicationState.Accepted)
                {
                    await RefuseBeyondHeadcountAsync(db, vacancy.Id, cancellation);
                }
                else if (after.State == VacancyApplicationState.Hired)
                {
                    await CountHiredAsync(db, vacancy.Id, caller, now, cancellation);
                }

                var taken = await db.VacancyApplications.Where(a => a.Id == id && a.Version == version && a.State == before.State)
                    .Set(a => a.Version, after.Version).UpdateAsync(cancellation);
                if (taken == 0)
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { before.State, before.Version } };
                }

                await db.UpdateAsync(after, token: cancellation);
                await JobSeeking.StepAsync(db, id, after.State, stepId, caller.PersonId, now, cancellation);
                await Audit.WriteAsync(
                    db, caller, $"application_{JsonNamingPolicy.SnakeCaseLower.ConvertName(after.State.ToString())}", "vacancy_application", id, now, before.PersonId);
                var firm = await db.Employers.Where(e => e.Id == vacancy.EmployerId).Select(e => e.Name).FirstAsync(cancellation);
                var (title, text) = move.Words(firm, VacancyTitles.ToWorkers(vacancy));
                await messenger.AddAsync(db, new Notice(before.PersonId, ApplicationNotices.Answer, title, text, id), now);
            },
            cancellation);

    private static async Task RefuseUnlawfulWordsAsync(Db db, ApplicationMove move, long now, CancellationToken cancellation)
    {
        if (move.Texts.Count == 0)
        {
            return;
        }

        var findings = WordCheck.Find(move.Texts, await WordRules.OnAsync(db, Instants.DateOf(now), cancellation));
        if (findings.Any(f => f.StandsAgainst))
        {
            throw new Refusal(EmploymentProblems.WordsNotAllowed) { Present = new { findings } };
        }
    }

    /// <summary>Nobody is told that she is accepted who could not be hired.</summary>
    private static async Task RefuseBeyondHeadcountAsync(Db db, string vacancyId, CancellationToken cancellation)
    {
        // The vacancy's row first: of two at once the second counts the first.
        await db.ExecuteAsync("UPDATE vacancies SET hired = hired WHERE id = @vacancyId", new { vacancyId }, cancellation);
        var vacancy = await db.Vacancies.FirstAsync(v => v.Id == vacancyId, cancellation);
        var accepted = await db.VacancyApplications.CountAsync(a => a.VacancyId == vacancyId && a.State == VacancyApplicationState.Accepted, cancellation);
        if (vacancy.Hired + accepted >= vacancy.Headcount)
        {
            throw new Refusal(EmploymentProblems.HeadcountReached);
        }
    }

    /// <summary>One of the headcount is found, the last one by exactly one of two at once; with it the vacancy is filled.</summary>
    private async Task CountHiredAsync(Db db, string vacancyId, Caller caller, long now, CancellationToken cancellation)
    {
        if (await db.ExecuteAsync("UPDATE vacancies SET hired = hired + 1 WHERE id = @vacancyId AND hired + 1 <= headcount", new { vacancyId }, cancellation) == 0)
        {
            throw new Refusal(EmploymentProblems.HeadcountReached);
        }

        var vacancy = await db.Vacancies.FirstAsync(v => v.Id == vacancyId, cancellation);
        if (vacancy.Hired == vacancy.Headcount && vacancy.State is (VacancyState.Published or VacancyState.Paused))
        {
            await vacancies.MoveAsync(
                db, vacancy, vacancy.Version, v => v with { State = VacancyState.Filled }, VacancyStepKind.Filling, Ids.New(), null, null, caller, now, cancellation);
        }
    }
}
