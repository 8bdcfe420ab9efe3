using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Employment.Employers;
using WeChatUnion.Api.Modules.Employment.Words;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Employment.Vacancies;

/// <summary>For whom somebody keeps vacancies: a clerk for her own firm alone, an officer for the firms in her reach.</summary>
internal sealed record VacancyDesk(EmployerRow? Firm, Reach? Officer)
{
    public static async Task<VacancyDesk> OfAsync(Db db, Caller caller, CancellationToken cancellation)
    {
        if (await db.FirmOfAsync(caller.PersonId, cancellation) is { } firm)
        {
            return new VacancyDesk(firm, null);
        }

        var unions = await db.UnionsForAsync(caller, Policies.KeepEmployers, cancellation);
        return unions.Length > 0 ? new VacancyDesk(null, new Reach(unions)) : throw new Refusal(EmploymentProblems.NoEmployer);
    }

    /// <summary>The vacancy with its employer if it is hers to keep; anything else is not there.</summary>
    public async Task<(VacancyRow Vacancy, EmployerRow Employer)> FindAsync(Db db, string id, CancellationToken cancellation)
    {
        var vacancy = await db.Vacancies.FirstOrDefaultAsync(v => v.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        if (Firm is not null)
        {
            return vacancy.EmployerId == Firm.Id ? (vacancy, Firm) : throw new Refusal(CommonProblems.NotFound);
        }

        return (vacancy, await db.EmployerInReachAsync(vacancy.EmployerId, Officer!, cancellation));
    }

    /// <summary>The employer for whom a new vacancy is written.</summary>
    public async Task<EmployerRow> EmployerAsync(Db db, string? employerId, CancellationToken cancellation) => (Firm, employerId) switch
    {
        ({ } firm, null) => firm,
        ({ } firm, _) => firm.Id == employerId ? firm : throw new Refusal(CommonProblems.NotFound),
        (null, { } id) => await db.EmployerInReachAsync(id, Officer!, cancellation),
        _ => throw Refusal.OfField("employerId", "请选择用人单位。"),
    };
}

/// <summary>Moves vacancies between their states: one guarded update with the turn, a step, an audit row.</summary>
internal sealed class VacancyDeeds(FieldCipher cipher)
{
    /// <summary>Reads the texts against the list of the day and records what was found.</summary>
    public async Task<(string CheckId, IReadOnlyList<Finding> Findings)> CheckAsync(Db db, VacancyRow vacancy, long now, CancellationToken cancellation)
    {
        var findings = WordCheck.Find(VacancyDetails.Of(vacancy).Texts(), await WordRules.OnAsync(db, Instants.DateOf(now), cancellation));
        var row = new VacancyCheckRow
        {
            Id = Ids.New(),
            VacancyId = vacancy.Id,
            Findings = JsonSerializer.Serialize(findings, ContractJson.Stored),
            Blocks = findings.Count(f => f.StandsAgainst),
            At = now,
        };
        await db.InsertAsync(row, token: cancellation);
        return (row.Id, findings);
    }

    /// <param name="change">What else the move sets.</param>
    public async Task MoveAsync(
        Db db, VacancyRow vacancy, int version, Func<VacancyRow, VacancyRow> change, VacancyStepKind step, string stepId, string? reason, string? checkId, Caller caller, long now, CancellationToken cancellation)
    {
        // Only what is offered, or was until now, is read anew by every node.
        var after = change(vacancy);
        var isSeen = vacancy.State == VacancyState.Published || after.State == VacancyState.Published;
        var turn = isSeen ? await Turns.TakeAsync(db, cancellation) : vacancy.Turn;
        var taken = await db.Vacancies.Where(v => v.Id == vacancy.Id && v.Version == version && v.State == vacancy.State)
            .Set(v => v.Version, version + 1).UpdateAsync(cancellation);
        if (taken == 0)
        {
            throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { vacancy.State, vacancy.Version } };
        }

        await db.UpdateAsync(after with { Version = version + 1, Turn = turn, UpdatedAt = now }, token: cancellation);
        await db.InsertAsync(
            new VacancyStepRow
            {
                Id = stepId,
                VacancyId = vacancy.Id,
                Kind = step,
                PersonId = caller.PersonId,
                ReasonSealed = reason is null ? null : cipher.Seal(VacancyStepRow.ReasonPlace, stepId, reason),
                CheckId = checkId,
                At = now,
            },
            token: cancellation);
        await Audit.WriteAsync(db, caller, $"vacancy_{JsonNamingPolicy.SnakeCaseLower.ConvertName(step.ToString())}", "vacancy", vacancy.Id, now);
    }

    public static void RefuseUnlessIn(VacancyRow vacancy, params VacancyState[] states)
    {
        if (!states.Contains(vacancy.State))
        {
            throw new Refusal(EmploymentProblems.WrongVacancyState) { Present = new { vacancy.State, vacancy.Version } };
        }
    }
}
