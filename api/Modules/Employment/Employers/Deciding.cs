using LinqToDB;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Employment.Employers;

/// <summary>Ends an undecided registration, once.</summary>
internal static class Deciding
{
    public static async Task TakeAsync(
        Db db, RegistrationRow row, RegistrationState state, string? employerId, string? reasonSealed, Caller? decidedBy, long now, CancellationToken cancellation)
    {
        var taken = await db.EmployerRegistrations.Where(r => r.Id == row.Id && r.State == RegistrationState.Submitted && r.Version == row.Version)
            .Set(r => r.State, state)
            .Set(r => r.EmployerId, employerId ?? row.EmployerId)
            .Set(r => r.OpenPersonId, (string?)null)

            // Nobody needs the picture of her identity card from here on; the file goes with the next clearing.
            .Set(r => r.IdentityFileId, (string?)null)
            .Set(r => r.ReasonSealed, reasonSealed)
            .Set(r => r.DecidedBy, decidedBy == null ? null : decidedBy.PersonId)
            .Set(r => r.DecidedAt, now)
            .Set(r => r.Version, row.Version + 1)
            .Set(r => r.UpdatedAt, now)
            .UpdateAsync(cancellation);
        if (taken == 0)
        {
            throw new Refusal(EmploymentProblems.RegistrationDecided) { Present = new { row.State, row.Version } };
        }
    }

    public static string? Seal(FieldCipher cipher, string id, string? reason) =>
        reason is null ? null : cipher.Seal(RegistrationRow.ReasonPlace, id, reason);
}
