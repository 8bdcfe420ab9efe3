using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>The officer opens one application. Reading it is audited; numbers stay masked.</summary>
internal static class GetApplication
{
    public const string Deed = "read_application";

    /// <param name="By">Display name of staff; null when the applicant did it herself.</param>
    public sealed record Step(StepKind Kind, DateTimeOffset At, string? By, string? Reason);

    /// <param name="Version">Give this back with the decision.</param>
    /// <param name="Phone">Masked.</param>
    public sealed record Response(
        string Id,
        int Version,
        ApplicationState State,
        UnionSummary Union,
        RegistrationForm Form,
        string? Phone,
        DateTimeOffset SubmittedAt,
        DateOnly ContactDueOn,
        int ContactCount,
        IReadOnlyList<Step> Steps);

    /// <summary>查看入会申请 (one application).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Caller caller, Reach reach, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        var application = await database.TransactAsync(
            async writing =>
            {
                var found = await Decisions.FindAsync(writing, id, reach, cancellation);
                await Audit.WriteAsync(writing, caller, Deed, "membership_application", id, clock.Milliseconds(), found.PersonId);
                return found;
            },
            cancellation);

        await using var db = database.Open();
        var record = await db.MemberRecords.FirstAsync(r => r.PersonId == application.PersonId, cancellation);
        var union = await db.Unions.FirstAsync(u => u.Id == application.UnionId, cancellation);
        var person = await db.Persons.FirstAsync(p => p.Id == application.PersonId, cancellation);
        return TypedResults.Ok(new Response(
            application.Id,
            application.Version,
            application.State,
            UnionSummary.Of(union),
            RegistrationForm.Of(record, cipher),
            person.PhoneSealed is { } phone ? Masking.Phone(cipher.Open(SetPhone.Place, person.Id, phone)) : null,
            Instants.At(application.SubmittedAt!.Value),
            Instants.Date(application.ContactDueOn!),
            await db.Contacts.CountAsync(c => c.ApplicationId == id, cancellation),
            await StepsAsync(db, application, cipher, cancellation)));
    }

    private static async Task<IReadOnlyList<Step>> StepsAsync(Db db, ApplicationRow application, FieldCipher cipher, CancellationToken cancellation)
    {
        var officers = db.StaffAccounts;
        var steps = await (from step in db.Steps
                           from officer in officers.LeftJoin(o => o.PersonId == step.PersonId)
                           where step.ApplicationId == application.Id
                           orderby step.Id
                           select new { step, officer }).ToListAsync(cancellation);
        return [.. steps.Select(s => new Step(
            s.step.Kind,
            Instants.At(s.step.At),
            s.step.PersonId == application.PersonId ? null : s.officer?.DisplayName,
            s.step.Reason(cipher)))];
    }
}
