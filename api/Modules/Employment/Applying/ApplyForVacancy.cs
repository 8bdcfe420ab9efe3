using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>
/// A worker applies for an offered vacancy, once. Her agreement that this employer sees her résumé is given with it; whether
/// the vacancy is offered is decided by the statement that takes its row.
/// </summary>
internal static class ApplyForVacancy
{
    private const string StillOffered =
        """
        UPDATE vacancies SET hired = hired
        WHERE id = @id AND state = 'published' AND ends_at > @now
            AND EXISTS (SELECT 1 FROM employers e WHERE e.id = vacancies.employer_id AND e.state = 'verified' AND e.verified_until > @now)
        """;

    /// <param name="DisclosesResume">I agree that this employer sees my résumé; not needed while another application to it is open.</param>
    /// <param name="DisclosesPhone">I agree that it sees my phone as well.</param>
    public sealed record Request(bool? DisclosesResume, bool? DisclosesPhone);

    /// <param name="AnswerDueAt">By then the employer should have answered; I am told if it has not.</param>
    public sealed record Response(string Id, VacancyApplicationState State, DateTimeOffset AnswerDueAt);

    /// <summary>投递简历 (apply for a vacancy). Repeating it changes nothing.</summary>
    /// <response code="409">vacancy_not_offered, job_seeking_consent_needed, no_resume, disclosure_needed.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, EmploymentSettings settings, IMessenger messenger, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            return TypedResults.Ok(await database.TransactAsync(Work, cancellation));
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Twice at once: the other one is in by now.
            return TypedResults.Ok(await database.TransactAsync(Work, cancellation));
        }

        async Task<Response> Work(Db db)
        {
            var now = clock.Milliseconds();
            var isOffered = settings.IsPublicationOn && await db.ExecuteAsync(StillOffered, new { id, now }, cancellation) > 0;
            var mine = await db.VacancyApplications.FirstOrDefaultAsync(a => a.VacancyId == id && a.PersonId == caller.PersonId, cancellation);
            if (mine is not null && mine.State != VacancyApplicationState.Withdrawn)
            {
                return new Response(mine.Id, mine.State, Instants.At(mine.AnswerDueAt));
            }

            var vacancy = await db.Vacancies.FirstOrDefaultAsync(v => v.Id == id && v.PublishedAt != null, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
            if (!isOffered)
            {
                throw new Refusal(EmploymentProblems.VacancyNotOffered);
            }

            await DiscloseAsync(db, vacancy.EmployerId, request, caller, now, cancellation);
            var dueAt = await AnswerDueAtAsync(db, settings, now, cancellation);
            var made = await SaveAsync(db, mine, id, caller, dueAt, now, cancellation);
            var isNews = mine is null || await IsNewsAsync(db, made, now, cancellation);
            await JobSeeking.StepAsync(db, made, VacancyApplicationState.Sent, Ids.New(), caller.PersonId, now, cancellation);
            await Audit.WriteAsync(db, caller, "apply_for_vacancy", "vacancy_application", made, now);
            if (isNews)
            {
                await ClerkNotices.TellAsync(
                    db, messenger, vacancy.EmployerId, "收到新的投递", $"“{vacancy.Title}”收到一份新的投递,请在时限内查看并答复。", vacancy.Id, now, cancellation);
            }

            return new Response(made, VacancyApplicationState.Sent, Instants.At(dueAt));
        }
    }

    /// <exception cref="Refusal">Nothing to disclose, or not agreed.</exception>
    private static async Task DiscloseAsync(Db db, string employerId, Request request, Caller caller, long now, CancellationToken cancellation)
    {
        var consent = await JobSeeking.NeedConsentAsync(db, caller.PersonId, cancellation);
        if (!await db.Resumes.AnyAsync(r => r.PersonId == caller.PersonId, cancellation))
        {
            throw new Refusal(EmploymentProblems.NoResume);
        }

        // The row is taken, so that a withdrawal waits and then finds this application too. What was agreed for earlier
        // applications has reached its end with them.
        var isUnderWay = (await JobSeeking.OpenAsync(db, caller.PersonId, employerId, cancellation)).Count > 0;
        var live = await db.EmployerDisclosures.FirstOrDefaultAsync(d => d.LivePersonId == caller.PersonId && d.EmployerId == employerId, cancellation);
        var phoneGivenAt = request.DisclosesPhone == true ? live?.PhoneGivenAt ?? now : isUnderWay ? live?.PhoneGivenAt : null;
        var isLive = live is not null && await db.EmployerDisclosures.Where(d => d.Id == live.Id && d.LivePersonId != null)
            .Set(d => d.PhoneGivenAt, phoneGivenAt).UpdateAsync(cancellation) > 0;
        if (!(isLive && isUnderWay) && request.DisclosesResume != true)
        {
            throw new Refusal(EmploymentProblems.DisclosureNeeded);
        }

        if (!isLive)
        {
            await db.InsertAsync(
                new EmployerDisclosureRow
                {
                    Id = Ids.New(),
                    PersonId = caller.PersonId,
                    EmployerId = employerId,
                    LivePersonId = caller.PersonId,
                    Version = consent.Version,
                    TextHash = consent.TextHash,
                    Channel = JobSeeking.Channel,
                    GivenAt = now,
                    PhoneGivenAt = request.DisclosesPhone == true ? now : null,
                },
                token: cancellation);
            await Audit.WriteAsync(db, caller, "disclose_to_employer", "employer", employerId, now);
        }
        else if (live!.PhoneGivenAt is null && phoneGivenAt is not null)
        {
            await Audit.WriteAsync(db, caller, "show_phone_to_employer", "employer", employerId, now);
        }
    }

    private static async Task<long> AnswerDueAtAsync(Db db, EmploymentSettings settings, long now, CancellationToken cancellation)
    {
        var days = await WorkingDays.ReadAsync(db, cancellation);
        return Instants.StartOf(days.After(Instants.DateOf(now), settings.AnswerWorkingDays).AddDays(1));
    }

    /// <summary>An employer that had not opened it knows nothing of the withdrawal: within a day one notice is enough.</summary>
    private static async Task<bool> IsNewsAsync(Db db, string applicationId, long now, CancellationToken cancellation)
    {
        var last = await db.VacancyApplicationSteps.Where(s => s.ApplicationId == applicationId)
            .OrderByDescending(s => s.Id).Take(2).ToListAsync(cancellation);
        return last is not [{ State: VacancyApplicationState.Withdrawn }, { State: VacancyApplicationState.Sent } sent]
            || now - sent.At > (long)TimeSpan.FromDays(1).TotalMilliseconds;
    }

    /// <summary>A new row, or the withdrawn one sent again.</summary>
    private static async Task<string> SaveAsync(
        Db db, VacancyApplicationRow? withdrawn, string vacancyId, Caller caller, long dueAt, long now, CancellationToken cancellation)
    {
        if (withdrawn is not null)
        {
            await db.VacancyApplications.Where(a => a.Id == withdrawn.Id)
                .Set(a => a.State, VacancyApplicationState.Sent).Set(a => a.AnswerDueAt, dueAt).Set(a => a.ToldAt, (long?)null)
                .Set(a => a.InterviewAt, (long?)null).Set(a => a.InterviewPlace, (string?)null)
                .Set(a => a.Version, withdrawn.Version + 1).Set(a => a.UpdatedAt, now).UpdateAsync(cancellation);
            return withdrawn.Id;
        }

        var row = new VacancyApplicationRow
        {
            Id = Ids.New(),
            VacancyId = vacancyId,
            PersonId = caller.PersonId,
            State = VacancyApplicationState.Sent,
            AnswerDueAt = dueAt,
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await db.InsertAsync(row, token: cancellation);
        return row.Id;
    }
}

/// <summary>She takes an application back; the employer does not see it any more.</summary>
internal static class TakeBackApplication
{
    /// <summary>撤回投递 (take an application back). Repeating it changes nothing.</summary>
    /// <response code="409">application_decided.</response>
    internal static async Task<NoContent> Handle(
        string id, Caller caller, IMessenger messenger, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var mine = await db.VacancyApplications.FirstOrDefaultAsync(a => a.VacancyId == id && a.PersonId == caller.PersonId, cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                if (mine.State != VacancyApplicationState.Withdrawn && !await JobSeeking.WithdrawAsync(db, messenger, caller, mine, clock.Milliseconds(), cancellation))
                {
                    throw new Refusal(EmploymentProblems.ApplicationDecided) { Present = new { mine.State, mine.Version } };
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
