using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Employers;

/// <summary>Whose clerk is she, whose union is it, may it offer vacancies.</summary>
internal static class Firms
{
    /// <summary>The employer whose clerk the caller is, or null.</summary>
    public static Task<EmployerRow?> FirmOfAsync(this Db db, string personId, CancellationToken cancellation) =>
        db.FirstAsync<EmployerRow>("SELECT e.* FROM employers e JOIN employer_clerks c ON c.employer_id = e.id WHERE c.person_id = @personId", new { personId }, cancellation);

    /// <exception cref="Refusal">No employer, for an account that has the role alone.</exception>
    public static async Task<EmployerRow> MyFirmAsync(this Db db, Caller caller, CancellationToken cancellation) =>
        await db.FirmOfAsync(caller.PersonId, cancellation) ?? throw new Refusal(EmploymentProblems.NoEmployer);

    /// <summary>An employer in an officer's reach; anything else is not there.</summary>
    public static async Task<EmployerRow> EmployerInReachAsync(this Db db, string id, Reach reach, CancellationToken cancellation) =>
        await db.Employers.FirstOrDefaultAsync(e => e.Id == id, cancellation) is { } employer && await db.IsInReachAsync(reach, employer.UnionId, cancellation)
            ? employer
            : throw new Refusal(CommonProblems.NotFound);

    /// <summary>
    /// The union's own record of this firm, found by its credit code; else the union of its place: the nearest one above it
    /// that is nobody's firm. One that is known already stays with its union.
    /// </summary>
    public static async Task<(string UnionId, bool IsMatched)> UnionForAsync(Db db, string creditCode, string division, CancellationToken cancellation)
    {
        var own = await db.Unions.Where(UnionReads.IsOpen).FirstOrDefaultAsync(u => u.EmployerCreditCode == creditCode, cancellation);
        if (own is not null)
        {
            return (own.Id, true);
        }

        if (await db.Employers.Where(e => e.CreditCode == creditCode).Select(e => e.UnionId).FirstOrDefaultAsync(cancellation) is { } known)
        {
            return (known, false);
        }

        var unions = await db.Unions.Where(UnionReads.IsOpen)
            .Where(u => u.EmployerName == null && !u.IsHolding && division.StartsWith(u.DivisionCode))
            .Select(u => new { u.Id, u.DivisionCode }).ToListAsync(cancellation);
        var nearest = unions.OrderByDescending(u => u.DivisionCode.Length).ThenBy(u => u.Id, StringComparer.Ordinal).FirstOrDefault()
            ?? throw new Refusal(EmploymentProblems.NoUnionForPlace);
        return (nearest.Id, false);
    }

    /// <summary>A verification holds for a year, its last day included.</summary>
    public static long VerifiedUntil(long now) => Instants.StartOf(Instants.DateOf(now).AddYears(1).AddDays(1));

    public static void RefuseUnlessOffering(EmployerRow employer, long now)
    {
        if (employer.State == EmployerState.Suspended)
        {
            throw new Refusal(EmploymentProblems.EmployerSuspended);
        }

        if (employer.VerifiedUntil <= now)
        {
            throw new Refusal(EmploymentProblems.VerificationOver);
        }
    }

    /// <summary>Changes the employer's state; its vacancies are read again by every node.</summary>
    public static async Task MoveAsync(
        Db db, FieldCipher cipher, EmployerRow employer, EmployerState state, EmployerStepKind step, string stepId, string? reason, Caller caller, long now, CancellationToken cancellation)
    {
        var moved = await db.Employers.Where(e => e.Id == employer.Id && e.State == employer.State && e.Version == employer.Version)
            .Set(e => e.State, state)
            .Set(e => e.Version, employer.Version + 1)
            .Set(e => e.UpdatedAt, now)
            .UpdateAsync(cancellation);
        if (moved == 0)
        {
            throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { employer.State, employer.Version } };
        }

        await StepAsync(db, cipher, employer.Id, step, stepId, reason, caller, now);
        await ChangedAsync(db, employer.Id, cancellation);
    }

    public static async Task StepAsync(Db db, FieldCipher cipher, string employerId, EmployerStepKind step, string stepId, string? reason, Caller caller, long now)
    {
        await db.InsertAsync(new EmployerStepRow
        {
            Id = stepId,
            EmployerId = employerId,
            Kind = step,
            PersonId = caller.PersonId,
            ReasonSealed = reason is null ? null : cipher.Seal(EmployerStepRow.ReasonPlace, stepId, reason),
            At = now,
        });
        await Audit.WriteAsync(db, caller, $"employer_{step.ToString().ToLowerInvariant()}", "employer", employerId, now);
    }

    /// <summary>What is seen of an employer's vacancies has changed.</summary>
    public static async Task ChangedAsync(Db db, string employerId, CancellationToken cancellation)
    {
        var turn = await Vacancies.Turns.TakeAsync(db, cancellation);
        await db.ExecuteAsync("UPDATE vacancies SET turn = @turn WHERE employer_id = @employerId", cancellation, new DataParameter("turn", turn), new DataParameter("employerId", employerId));
    }
}
