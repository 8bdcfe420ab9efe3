using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members.Corrections;
using WeChatUnion.Api.Modules.Members.Standing;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Register;

/// <summary>The officer opens one membership with its history. Reading it is audited; numbers stay masked.</summary>
internal static class GetMembership
{
    /// <param name="Version">Give this back with a deed.</param>
    /// <param name="IsCounted">In the member statistics.</param>
    /// <param name="Phone">Masked.</param>
    public sealed record Response(
        string Id,
        int Version,
        string MemberNumber,
        MembershipState State,
        bool IsCounted,
        bool PaysDues,
        bool Votes,
        DateOnly JoinedOn,
        UnionSummary Union,
        RegistrationForm Form,
        string? Phone,
        IReadOnlyList<ChangeSummary> Changes);

    /// <summary>查看会籍 (one membership).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Caller caller, Reach reach, Database database, FieldCipher cipher, Correcting correcting, TimeProvider clock, CancellationToken cancellation)
    {
        var membership = await database.TransactAsync(
            async writing =>
            {
                var found = await MembershipDeeds.FindAsync(writing, id, reach, cancellation);
                await Audit.WriteAsync(writing, caller, "read_membership", "membership", id, clock.Milliseconds());
                return found;
            },
            cancellation);

        await using var db = database.Open();
        var record = await db.MemberRecords.FirstAsync(r => r.PersonId == membership.PersonId, cancellation);
        var union = await db.Unions.FirstAsync(u => u.Id == membership.UnionId, cancellation);
        var person = await db.Persons.FirstAsync(p => p.Id == membership.PersonId, cancellation);
        return TypedResults.Ok(new Response(
            membership.Id,
            membership.Version,
            membership.MemberNumber,
            membership.State,
            membership.State.IsCounted(),
            membership.State.PaysDues(),
            membership.State.Votes(),
            Instants.Date(membership.JoinedOn),
            UnionSummary.Of(union),
            RegistrationForm.Of(record, cipher),
            person.PhoneSealed is { } phone ? Masking.Phone(cipher.Open(SetPhone.Place, person.Id, phone)) : null,
            await ChangeSummary.ReadAsync(db, db.Memberships.Where(m => m.Id == id), cipher, correcting, cancellation)));
    }
}
