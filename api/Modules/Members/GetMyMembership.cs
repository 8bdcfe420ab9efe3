using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>Where do I stand with the union: my application with its steps, my membership.</summary>
internal static class GetMyMembership
{
    /// <param name="Kind">What happened.</param>
    /// <param name="Reason">For a return or a rejection.</param>
    public sealed record Step(StepKind Kind, DateTimeOffset At, string? Reason);

    /// <param name="Version">Give this back when changing, submitting or withdrawing.</param>
    /// <param name="ContactDueOn">By this day the union speaks with me.</param>
    public sealed record Application(
        string Id, int Version, ApplicationState State, UnionSummary? Union, RegistrationForm? Form, DateTimeOffset? SubmittedAt, DateOnly? ContactDueOn, IReadOnlyList<Step> Steps);

    public sealed record Membership(string Id, string MemberNumber, MembershipState State, DateOnly JoinedOn, UnionSummary Union);

    /// <param name="Application">The newest one; null when I never applied.</param>
    /// <param name="Membership">The living one; null when I am not a member.</param>
    public sealed record Response(Application? Application, Membership? Membership);

    /// <summary>我的会籍 (my membership).</summary>
    internal static async Task<Ok<Response>> Handle(Caller caller, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return TypedResults.Ok(new Response(
            await ApplicationAsync(db, caller, cipher, cancellation), await MembershipAsync(db, caller, cancellation)));
    }

    private static async Task<Application?> ApplicationAsync(Db db, Caller caller, FieldCipher cipher, CancellationToken cancellation)
    {
        var application = await db.Applications.Where(a => a.PersonId == caller.PersonId)
            .OrderByDescending(a => a.Id).FirstOrDefaultAsync(cancellation);
        if (application is null)
        {
            return null;
        }

        var record = await db.MemberRecords.FirstOrDefaultAsync(r => r.PersonId == caller.PersonId, cancellation);
        var union = await db.Unions.FirstOrDefaultAsync(u => u.Id == application.UnionId, cancellation);
        var steps = await db.Steps.Where(s => s.ApplicationId == application.Id).OrderBy(s => s.Id).ToListAsync(cancellation);
        return new Application(
            application.Id,
            application.Version,
            application.State,
            union is null ? null : UnionSummary.Of(union),
            record is null ? null : RegistrationForm.Of(record, cipher),
            Instants.At(application.SubmittedAt),
            Instants.DateOrNone(application.ContactDueOn),
            [.. steps.Select(s => new Step(s.Kind, Instants.At(s.At), s.Reason(cipher)))]);
    }

    private static async Task<Membership?> MembershipAsync(Db db, Caller caller, CancellationToken cancellation)
    {
        var membership = await db.Memberships.FirstOrDefaultAsync(m => m.LivePersonId == caller.PersonId, cancellation);
        if (membership is null)
        {
            return null;
        }

        var union = await db.Unions.FirstAsync(u => u.Id == membership.UnionId, cancellation);
        return new Membership(
            membership.Id, membership.MemberNumber, membership.State, Instants.Date(membership.JoinedOn), UnionSummary.Of(union));
    }
}
