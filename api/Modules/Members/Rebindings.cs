using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>What happens to accounts, codes and sessions when a member is re-bound (<see cref="RebindWeChat"/>).</summary>
internal sealed class Rebindings(WeChatSettings settings, FieldCipher cipher, LookupIndex index, IMessenger messenger)
{
    /// <summary>The consent that goes with filling in an application; alone it says nothing.</summary>
    private const string FormConsent = SubmitApplication.ConsentPurpose;

    /// <summary>Moves the WeChat account behind a code to the member.</summary>
    /// <returns>The sessions that ended: all of both persons.</returns>
    public async Task<IReadOnlyList<SessionRow>> MoveAsync(
        Db db, MembershipRow membership, string rebindingId, string code, string reason, Caller caller, long now, CancellationToken cancellation)
    {
        var leftId = await SpendCodeAsync(db, code, now, cancellation);
        var personId = membership.PersonId;
        await EmptyAsync(db, leftId, personId, cancellation);
        var old = await MoveAccountAsync(db, leftId, personId, cancellation);

        await db.InsertAsync(
            new WeChatRebindingRow
            {
                Id = rebindingId,
                MembershipId = membership.Id,
                PersonId = personId,
                LeftPersonId = leftId,
                AppId = settings.AppId,
                EndedOpenId = old?.OpenId,
                EndedUnionAccountId = old?.UnionAccountId,
                EndedCreatedAt = old?.CreatedAt,
                ReasonSealed = cipher.Seal(WeChatRebindingRow.ReasonPlace, rebindingId, reason),
                ReboundBy = caller.PersonId,
                At = now,
            },
            token: cancellation);
        await Audit.WriteAsync(db, caller, "rebind_wechat", "membership", membership.Id, now);
        var notice = new Notice(
            personId,
            "wechat_rebound",
            "微信账号已更换",
            "工会已核对您的身份证件,把会籍换绑到您现在的微信,原微信不能再登录。如不是您本人办理,请立即联系工会。",
            membership.Id);
        await messenger.AddAsync(db, notice, now);
        return await SessionStore.DeleteAsync(db, s => s.Kind == SessionKind.Worker && (s.PersonId == personId || s.PersonId == leftId));
    }

    /// <summary>The delete is the guard: of two desks with one code, one has it.</summary>
    private async Task<string> SpendCodeAsync(Db db, string code, long now, CancellationToken cancellation)
    {
        var hashes = index.AllOf(RebindingCodeRow.IndexKind, code);
        var personId = await db.RebindingCodes.Where(c => hashes.Contains(c.CodeHash) && c.ExpiresAt > now)
            .Select(c => c.PersonId).FirstOrDefaultAsync(cancellation);
        var spent = await db.RebindingCodes.Where(c => hashes.Contains(c.CodeHash) && c.ExpiresAt > now).DeleteAsync(cancellation);
        return spent == 1 && personId is not null ? personId : throw new Refusal(MembersProblems.RebindingCodeUnusable);
    }

    /// <summary>
    /// The person left behind has nothing that would be lost; her phone, which is unique, becomes free for the
    /// member. The person row is taken first, so an application on its way is seen or comes too late.
    /// </summary>
    private static async Task EmptyAsync(Db db, string leftId, string personId, CancellationToken cancellation)
    {
        await db.Persons.Where(p => p.Id == leftId)
            .Set(p => p.PhoneSealed, (string?)null)
            .Set(p => p.PhoneIndex, (string?)null)
            .Set(p => p.PhoneFormerIndex, (string?)null)
            .Set(p => p.PhoneTail, (string?)null)
            .Set(p => p.PhoneVerifiedAt, (long?)null)
            .UpdateAsync(cancellation);
        var isInUse = leftId == personId
            || await db.Memberships.AnyAsync(m => m.PersonId == leftId, cancellation)
            || await db.Applications.AnyAsync(
                a => a.PersonId == leftId && a.State != ApplicationState.Draft && a.State != ApplicationState.Withdrawn, cancellation)
            || await db.Consents.AnyAsync(c => c.PersonId == leftId && c.LivePurpose != null && c.LivePurpose != FormConsent, cancellation)
            || await db.StaffAccounts.AnyAsync(a => a.PersonId == leftId, cancellation);
        if (isInUse)
        {
            throw new Refusal(MembersProblems.RebindingPersonNotEmpty);
        }
    }

    private async Task<WeChatAccountRow?> MoveAccountAsync(Db db, string leftId, string personId, CancellationToken cancellation)
    {
        var old = await db.WeChatAccounts.FirstOrDefaultAsync(a => a.AppId == settings.AppId && a.PersonId == personId, cancellation);
        await db.WeChatAccounts.Where(a => a.AppId == settings.AppId && a.PersonId == personId).DeleteAsync(cancellation);
        var moved = await db.WeChatAccounts.Where(a => a.AppId == settings.AppId && a.PersonId == leftId)
            .Set(a => a.PersonId, personId).UpdateAsync(cancellation);
        return moved == 1 ? old : throw new Refusal(MembersProblems.RebindingCodeUnusable);
    }
}
