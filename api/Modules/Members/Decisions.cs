using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>What approval, return and rejection have in common.</summary>
internal sealed class Decisions(FieldCipher cipher, IMessenger messenger)
{
    /// <summary>The application if it is in reach and was handed in; a draft, also a withdrawn one, is the applicant's own affair.</summary>
    public static async Task<ApplicationRow> FindAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var application = await db.Applications.FirstOrDefaultAsync(
            a => a.Id == id && a.SubmittedAt != null, cancellation);
        return application?.UnionId is { } unionId && await db.IsInReachAsync(reach, unionId, cancellation)
            ? application
            : throw new Refusal(CommonProblems.NotFound);
    }

    /// <summary>
    /// Moves a submitted application of the version the officer read into <paramref name="state"/>. The guarded update
    /// decides between two officers; nobody decides on her own application (maker is not checker).
    /// </summary>
    public static async Task<ApplicationRow> TakeAsync(
        Db db, string id, int version, ApplicationState state, Reach reach, Caller caller, long now, CancellationToken cancellation)
    {
        var application = await FindAsync(db, id, reach, cancellation);
        await RefuseOwnAsync(db, application, caller, cancellation);
        if (application.State != ApplicationState.Submitted)
        {
            throw new Refusal(MembersProblems.NotUnderReview) { Present = new { application.State, application.Version } };
        }

        var isOpen = state == ApplicationState.Returned;
        var taken = await db.Applications
            .Where(a => a.Id == id && a.Version == version && a.State == ApplicationState.Submitted)
            .Set(a => a.State, state)
            .Set(a => a.Version, version + 1)
            .Set(a => a.OpenPersonId, isOpen ? application.OpenPersonId : null)
            .Set(a => a.OpenIdNumberIndex, a => isOpen ? a.OpenIdNumberIndex : null)
            .Set(a => a.OpenIdNumberFormerIndex, a => isOpen ? a.OpenIdNumberFormerIndex : null)
            .Set(a => a.UpdatedAt, now)
            .UpdateAsync(cancellation);
        return taken == 1
            ? application
            : throw await ChangedApplication.ReadAsync(db, id, cancellation);
    }

    /// <summary>Writes the step with its reason, the audit row and the notice to the applicant.</summary>
    public async Task RecordAsync(
        Db db, string stepId, ApplicationRow application, StepKind kind, string? reason, string deed, Notice notice, Caller caller, long now)
    {
        await db.InsertAsync(new StepRow
        {
            Id = stepId,
            ApplicationId = application.Id,
            Kind = kind,
            PersonId = caller.PersonId,
            ReasonSealed = reason is null ? null : cipher.Seal(StepRow.ReasonPlace, stepId, reason),
            At = now,
        });
        await Audit.WriteAsync(db, caller, deed, "membership_application", application.Id, now, application.PersonId);
        await messenger.AddAsync(db, notice, now);
    }

    /// <summary>The same human may hold a staff account and apply as a worker, under one person or under two.</summary>
    private static async Task RefuseOwnAsync(Db db, ApplicationRow application, Caller caller, CancellationToken cancellation)
    {
        if (application.MadeBy == caller.PersonId || await db.IsOneHumanAsync(caller.PersonId, application.PersonId, cancellation))
        {
            throw new Refusal(MembersProblems.OwnApplication);
        }
    }
}

internal static class StepReasons
{
    public static string? Reason(this StepRow step, FieldCipher cipher) =>
        step.ReasonSealed is { } stored ? cipher.Open(StepRow.ReasonPlace, step.Id, stored) : null;
}
