using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>
/// The applicant hands in the form, for the first time or again after a return. From now on the union has 15 working
/// days to speak with her (豫工惠 practice, domain/members.md 1.3) and is reminded at day 10.
/// </summary>
internal static class SubmitApplication
{
    public const string ConsentPurpose = "membership";

    private const int ContactWithinWorkingDays = 15;
    private const int RemindAfterWorkingDays = 10;
    private const int LeastAge = 16;

    /// <param name="Version">The application's version as last read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <param name="ContactDueOn">By this day the union speaks with the applicant.</param>
    public sealed record Response(ApplicationState State, int Version, DateTimeOffset SubmittedAt, DateOnly ContactDueOn);

    /// <summary>提交入会申请 (submit my application).</summary>
    /// <response code="409">application_incomplete names the missing fields; id_number_taken; too_young; union_not_open.</response>
    internal static async Task<Ok<Response>> Handle(
        Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, Database database, CancellationToken cancellation)
    {
        var stepId = await idempotency.OnceAsync(
            key, caller, request, (db, stepId, now) => SubmitAsync(db, stepId, now, request, caller, cancellation), cancellation);

        await using var db = database.Open();
        var step = await db.Steps.FirstAsync(s => s.Id == stepId, cancellation);
        var application = await db.Applications.FirstAsync(a => a.Id == step.ApplicationId, cancellation);
        return TypedResults.Ok(new Response(
            application.State, application.Version, Instants.At(application.SubmittedAt!.Value), Instants.Date(application.ContactDueOn!)));
    }

    private static async Task SubmitAsync(Db db, string stepId, long now, Request request, Caller caller, CancellationToken cancellation)
    {
        var open = await db.Applications.FirstOrDefaultAsync(a => a.OpenPersonId == caller.PersonId, cancellation)
            ?? throw new Refusal(MembersProblems.NoOpenApplication);
        if (open.State == ApplicationState.Submitted)
        {
            throw new Refusal(MembersProblems.UnderReview);
        }

        if (open.Version != request.Version)
        {
            throw await ChangedApplication.ReadAsync(db, open.Id, cancellation);
        }

        var record = await CheckCompleteAsync(db, open, caller, cancellation);
        CheckAge(record, Instants.DateOf(now));
        if (!await db.MayJoinAsync(open.UnionId!, cancellation))
        {
            throw new Refusal(MembersProblems.UnionClosed);
        }

        await TakeIdNumberAsync(db, open, record, now, cancellation);
        await db.InsertAsync(
            new StepRow
            {
                Id = stepId,
                ApplicationId = open.Id,
                Kind = open.State == ApplicationState.Returned ? StepKind.Resubmission : StepKind.Submission,
                PersonId = caller.PersonId,
                At = now,
            },
            token: cancellation);
        await Audit.WriteAsync(db, caller, "submit_application", "membership_application", open.Id, now);
    }

    private static async Task<MemberRecordRow> CheckCompleteAsync(Db db, ApplicationRow open, Caller caller, CancellationToken cancellation)
    {
        var record = await db.MemberRecords.FirstOrDefaultAsync(r => r.PersonId == caller.PersonId, cancellation);
        var hasPhone = await db.Persons.AnyAsync(p => p.Id == caller.PersonId && p.PhoneIndex != null, cancellation);
        var newestText = await db.ConsentTexts.Where(t => t.Purpose == ConsentPurpose).MaxAsync(t => (int?)t.Version, cancellation);
        var consent = await db.LiveConsentAsync(caller.PersonId, ConsentPurpose, cancellation);

        var missing = new Dictionary<string, string[]>();
        Need("identity", record?.IdNumberIndex is not null, "请填写身份信息。");
        Need("work", record?.EmploymentStatus is not null && open.UnionId is not null, "请填写工作单位并选择工会。");
        Need("profile", record?.Education is not null, "请填写个人情况。");
        Need("phone", hasPhone, "请绑定手机号。");
        Need("consent", consent is not null && consent.Version == newestText, "请阅读并同意告知同意书。");
        return missing.Count == 0 ? record! : throw new Refusal(MembersProblems.Incomplete) { Errors = missing };

        void Need(string field, bool isThere, string sentence)
        {
            if (!isThere)
            {
                missing[field] = [sentence];
            }
        }
    }

    private static void CheckAge(MemberRecordRow record, DateOnly today)
    {
        if (Instants.Date(record.BirthOn!).AddYears(LeastAge) > today)
        {
            throw new Refusal(MembersProblems.TooYoung);
        }
    }

    /// <summary>
    /// The ID number is taken by UNIQUE in the guarded update, then compared with living memberships: an approval
    /// releases the one and takes the other in one transaction, so at each moment one of the two speaks.
    /// </summary>
    private static async Task TakeIdNumberAsync(Db db, ApplicationRow open, MemberRecordRow record, long now, CancellationToken cancellation)
    {
        var calendar = await WorkingDays.ReadAsync(db, cancellation);
        var today = Instants.DateOf(now);
        try
        {
            var taken = await db.Applications
                .Where(a => a.Id == open.Id && a.Version == open.Version && a.State == open.State)
                .Set(a => a.State, ApplicationState.Submitted)
                .Set(a => a.Version, open.Version + 1)
                .Set(a => a.OpenIdNumberIndex, record.IdNumberIndex)
                .Set(a => a.OpenIdNumberFormerIndex, record.IdNumberFormerIndex)
                .Set(a => a.SubmittedAt, now)
                .Set(a => a.RemindOn, calendar.After(today, RemindAfterWorkingDays).Stored())
                .Set(a => a.ContactDueOn, calendar.After(today, ContactWithinWorkingDays).Stored())
                .Set(a => a.UpdatedAt, now)
                .UpdateAsync(cancellation);
            if (taken == 0)
            {
                throw await ChangedApplication.ReadAsync(db, open.Id, cancellation);
            }
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(MembersProblems.IdNumberTaken);
        }

        var isTaken = await db.Memberships.AnyAsync(
            m => m.LiveIdNumberIndex == record.IdNumberIndex || m.LiveIdNumberFormerIndex == record.IdNumberFormerIndex, cancellation);
        if (isTaken)
        {
            throw new Refusal(MembersProblems.IdNumberTaken);
        }
    }
}
