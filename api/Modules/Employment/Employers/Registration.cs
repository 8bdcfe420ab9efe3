using System.Linq.Expressions;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Employment.Employers;

/// <summary>A registration of a firm or its yearly renewal, as its clerk sees it.</summary>
/// <param name="IsMatched">The credit code stands in the union's record of organisations.</param>
/// <param name="Reason">Why it was rejected.</param>
/// <param name="IsAccountSetUp">Whether the clerk has used her one-time link.</param>
public sealed record Registration(
    string Id, int Version, RegistrationKind Kind, RegistrationState State, string CreditCode, string Name, string EmployerKind, string DivisionCode, string Address, bool IsMatched, string ClerkName, string? Reason, bool IsAccountSetUp, DateTimeOffset CreatedAt, DateTimeOffset? DecidedAt)
{
    internal const string PhoneForm = "^[0-9][0-9-]{5,18}[0-9]$";
    internal const string PhoneAdvice = "请填写联系电话,7 到 20 位数字,可含短横线。";

    /// <summary>A person has one that is not decided yet; of two at once the UNIQUE refuses the second.</summary>
    internal static async Task OpenAsync(Db db, RegistrationRow row, CancellationToken cancellation)
    {
        if (await db.EmployerRegistrations.AnyAsync(r => r.OpenPersonId == row.OpenPersonId, cancellation))
        {
            throw new Refusal(EmploymentProblems.RegistrationOpen);
        }

        try
        {
            await db.InsertAsync(row, token: cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(EmploymentProblems.RegistrationOpen);
        }
    }

    internal static async Task<Registration> ReadAsync(
        Db db, FieldCipher cipher, Expression<Func<RegistrationRow, bool>> which, CancellationToken cancellation)
    {
        var row = await db.EmployerRegistrations.FirstOrDefaultAsync(which, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        return Of(row, cipher, await IsSetUpAsync(db, row.LinkId, cancellation));
    }

    internal static Registration Of(RegistrationRow r, FieldCipher cipher, bool isSetUp) => new(
        r.Id, r.Version, r.Kind, r.State, r.CreditCode, r.Name, r.EmployerKind, r.DivisionCode, r.Address, r.IsMatched, r.ClerkName, ReasonOf(r, cipher), isSetUp, Instants.At(r.CreatedAt), Instants.At(r.DecidedAt));

    internal static string? ReasonOf(RegistrationRow r, FieldCipher cipher) =>
        r.ReasonSealed is { } reason ? cipher.Open(RegistrationRow.ReasonPlace, r.Id, reason) : null;

    internal static async Task<bool> IsSetUpAsync(Db db, string? linkId, CancellationToken cancellation) =>
        linkId is not null && await db.StaffLinks.AnyAsync(l => l.Id == linkId && l.UsedAt != null, cancellation);
}
