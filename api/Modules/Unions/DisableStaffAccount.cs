using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>
/// Somebody leaves, or must not go on: sessions, grants and links end in one transaction, and what she signed in with
/// is wiped. She comes back by a fresh link only.
/// </summary>
internal static class DisableStaffAccount
{
    /// <param name="Reason">E.g. left the union; kept sealed.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 200)] string? Reason);

    /// <param name="Id">The disabling.</param>
    public sealed record Response(string Id, string AccountId, DateTimeOffset DisabledAt);

    /// <summary>停用账号 (disable an account), at once.</summary>
    /// <response code="409">own_account, account_disabled, grants_beyond_reach.</response>
    internal static async Task<Created<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, FieldCipher cipher, SessionStore sessions, Database database, CancellationToken cancellation)
    {
        IReadOnlyList<SessionRow> ended = [];
        var made = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, disablingId, now) =>
            {
                var disabling = new StaffDisablingRow
                {
                    Id = disablingId,
                    PersonId = id,
                    ReasonSealed = cipher.Seal(StaffDisablingRow.ReasonPlace, disablingId, request.Reason!),
                    DisabledBy = caller.PersonId,
                    DisabledAt = now,
                };
                ended = await DisableAsync(db, disabling, caller, cancellation);
            },
            cancellation);
        await sessions.BuryAsync(ended);

        await using var db = database.Open();
        var row = await db.StaffDisablings.FirstAsync(d => d.Id == made, cancellation);
        return TypedResults.Created("/api/v1/office/staff-accounts", new Response(row.Id, row.PersonId, Instants.At(row.DisabledAt)));
    }

    private static async Task<IReadOnlyList<SessionRow>> DisableAsync(
        Db db, StaffDisablingRow disabling, Caller caller, CancellationToken cancellation)
    {
        var (id, now) = (disabling.PersonId, disabling.DisabledAt);
        var (account, grants) = await db.HoldWholeAccountAsync(caller, id, cancellation);
        if (account.DisabledAt is not null)
        {
            throw new Refusal(StaffProblems.AccountDisabled);
        }

        await db.StaffAccounts.Where(a => a.PersonId == id)
            .Set(a => a.DisabledAt, now)
            .Set(a => a.PasswordHash, "")
            .Set(a => a.TotpSealed, (string?)null)
            .UpdateAsync(cancellation);
        await Identity.Grants.EndAsync(db, grants, id, caller.PersonId, now);
        await StaffLinks.WithdrawForAsync(db, id, now);
        await StaffLinks.WithdrawMadeByAsync(db, id, now);
        await db.InsertAsync(disabling, token: cancellation);
        await Audit.WriteAsync(db, caller, "disable_staff", "staff_account", id, now);
        return await SessionStore.DeleteAsync(db, s => s.PersonId == id && s.Kind == SessionKind.Staff);
    }
}
