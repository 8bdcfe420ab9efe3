using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Who proves herself with more than a password, and the proof: a TOTP code or a recovery code.</summary>
internal static class SecondFactor
{
    public const string TotpPlace = "staff_accounts.totp";

    /// <summary>
    /// Every role that reads personal data, and the three administrators, whose word gives others that reading; a test
    /// compares this list with the policies.
    /// </summary>
    public static readonly IReadOnlySet<Role> Roles = new HashSet<Role>
    {
        Role.SecurityAdministrator, Role.SystemAdministrator, Role.Auditor, Role.MembershipOfficer, Role.ActivityOrganiser,
        Role.Counsellor, Role.CounsellingSupervisor, Role.CrisisDuty, Role.EmploymentOfficer, Role.Employer, Role.UnionChair,
    };

    /// <summary>Throws unless the account's second factor is proved, or it has none and needs none.</summary>
    /// <remarks>
    /// Demo accounts need none, so that a newcomer's first day stays one script; they exist in Development only and
    /// Production refuses their sign-in altogether (<see cref="SignInStaff"/>).
    /// </remarks>
    public static async Task ProveAsync(
        Db db, FieldCipher cipher, StaffAccountRow account, string? totpCode, string? recoveryCode, long now, CancellationToken cancellation)
    {
        if (account.TotpSealed is null)
        {
            var grants = account.IsDemo ? [] : await db.GrantsOfAsync(account.PersonId, cancellation);
            if (grants.Any(g => Roles.Contains(g.Role)))
            {
                throw new Refusal(StaffProblems.TotpNotSetUp);
            }

            return;
        }

        var isProved = (totpCode, recoveryCode) switch
        {
            ({ } code, _) => await TotpCodes.UseAsync(db, account.PersonId, cipher.Open(TotpPlace, account.PersonId, account.TotpSealed), code, now),
            (_, { } code) => await RecoveryCodes.UseAsync(db, account.PersonId, code, now),
            _ => throw new Refusal(StaffProblems.TotpNeeded),
        };
        if (!isProved)
        {
            throw new Refusal(StaffProblems.WrongTotpCode);
        }
    }

    /// <summary>Two proofs at once are one too many: which one was meant to be spent?</summary>
    public static void RefuseBoth(string? totpCode, string? recoveryCode)
    {
        if (totpCode is not null && recoveryCode is not null)
        {
            throw Refusal.OfField("recoveryCode", "动态口令和恢复码只填一项。");
        }
    }
}
