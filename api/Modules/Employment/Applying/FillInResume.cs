using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>A worker writes or changes her résumé. Employers to whom she applied read it as it is now.</summary>
internal static class FillInResume
{
    /// <param name="Version">As last answered; left out for the first time.</param>
    public sealed record Request(int? Version, [property: Needed] ResumeForm? Resume);

    /// <param name="Version">Give this back with the next change.</param>
    public sealed record Response(int Version);

    /// <summary>填写简历 (write my résumé).</summary>
    /// <response code="409">job_seeking_consent_needed, changed_meanwhile.</response>
    internal static async Task<Ok<Response>> Handle(
        Request request, Caller caller, CodeTables tables, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        request.Resume!.Check(tables);
        try
        {
            return TypedResults.Ok(new Response(await database.TransactAsync(Work, cancellation)));
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Written twice at once for the first time: the other one is there by now.
            return TypedResults.Ok(new Response(await database.TransactAsync(Work, cancellation)));
        }

        async Task<int> Work(Db db)
        {
            var now = clock.Milliseconds();
            await JobSeeking.NeedConsentAsync(db, caller.PersonId, cancellation);
            foreach (var division in request.Resume.Divisions ?? [])
            {
                await db.RefuseUnknownDivisionAsync(division, "resume.divisions", cancellation);
            }

            var row = await db.Resumes.FirstOrDefaultAsync(r => r.PersonId == caller.PersonId, cancellation);
            if (row is not null && ResumeForm.Of(row, cipher).IsSameAs(request.Resume))
            {
                return row.Version;
            }

            var version = await SaveAsync(db, row, request, caller, cipher, now, cancellation);
            await Audit.WriteAsync(db, caller, "fill_in_resume", "resume", caller.PersonId, now);
            return version;
        }
    }

    private static async Task<int> SaveAsync(Db db, ResumeRow? row, Request request, Caller caller, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        if (row?.Version != request.Version)
        {
            throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { row?.Version } };
        }

        var id = row?.Id ?? Ids.New();
        var after = new ResumeRow
        {
            Id = id,
            PersonId = caller.PersonId,
            DetailsSealed = request.Resume!.Seal(cipher, id),
            Version = (row?.Version ?? 0) + 1,
            CreatedAt = row?.CreatedAt ?? now,
            UpdatedAt = now,
        };
        if (row is null)
        {
            await db.InsertAsync(after, token: cancellation);
            return after.Version;
        }

        var taken = await db.Resumes.Where(r => r.Id == id && r.Version == row.Version)
            .Set(r => r.DetailsSealed, after.DetailsSealed).Set(r => r.Version, after.Version).Set(r => r.UpdatedAt, now).UpdateAsync(cancellation);
        return taken == 1 ? after.Version : throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { row.Version } };
    }
}

/// <summary>Her own résumé.</summary>
internal static class GetResume
{
    public sealed record Response(ResumeForm Resume, int Version, DateTimeOffset UpdatedAt);

    /// <summary>我的简历 (my résumé).</summary>
    /// <response code="409">no_resume: write it first.</response>
    internal static async Task<Ok<Response>> Handle(Caller caller, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var row = await db.Resumes.FirstOrDefaultAsync(r => r.PersonId == caller.PersonId, cancellation) ?? throw new Refusal(EmploymentProblems.NoResume);
        return TypedResults.Ok(new Response(ResumeForm.Of(row, cipher), row.Version, Instants.At(row.UpdatedAt)));
    }
}
