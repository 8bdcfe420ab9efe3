using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>
/// What follows when somebody takes back her consent to the review of her application
/// (<c>seeds/reference/consent-texts/membership-1.md</c>). Sections 2 and 5 decide: without the ID number nobody can be
/// approved, and what was done before stays done. So the number of somebody who is no member goes, an application under
/// review is taken back, a draft waits and cannot be handed in; a membership stands, and its owner may leave.
/// </summary>
internal static class WithdrawnConsent
{
    private const string Stopped = "您的证件号码已从登记表中删除。进行中的入会申请不能提交,已提交待审核的申请已撤回;重新同意告知同意书并补填身份信息后可以再次申请。";
    private const string Stands = "您的会籍不受影响:撤回同意不影响此前已经完成的入会审核,会员登记表依法随会籍保存。如不愿继续,请办理退会。";

    public static async Task<IReadOnlyList<string>> FollowAsync(Db db, Caller caller, long now, CancellationToken cancellation)
    {
        // Takes the application first: a submission at the same instant comes before or finds another version.
        await db.Applications.Where(a => a.OpenPersonId == caller.PersonId)
            .Set(a => a.Version, a => a.Version + 1).Set(a => a.UpdatedAt, now).UpdateAsync(cancellation);
        var open = await db.Applications.FirstOrDefaultAsync(a => a.OpenPersonId == caller.PersonId, cancellation);
        if (open is not null)
        {
            await StopAsync(db, open, caller, now, cancellation);
        }

        if (await db.Memberships.AnyAsync(m => m.PersonId == caller.PersonId, cancellation))
        {
            return [Stands];
        }

        await db.MemberRecords.Where(r => r.PersonId == caller.PersonId)
            .Set(r => r.IdType, (string?)null)
            .Set(r => r.IdNumberSealed, (string?)null)
            .Set(r => r.IdNumberIndex, (string?)null)
            .Set(r => r.IdNumberFormerIndex, (string?)null)
            .Set(r => r.IdValidTo, (string?)null)
            .UpdateAsync(cancellation);
        return [Stopped];
    }

    private static async Task StopAsync(Db db, ApplicationRow open, Caller caller, long now, CancellationToken cancellation)
    {
        var isUnderReview = open.State == ApplicationState.Submitted;
        await db.Applications.Where(a => a.Id == open.Id)
            .Set(a => a.State, isUnderReview ? ApplicationState.Withdrawn : open.State)
            .Set(a => a.OpenPersonId, isUnderReview ? null : open.OpenPersonId)
            .Set(a => a.OpenIdNumberIndex, (string?)null)
            .Set(a => a.OpenIdNumberFormerIndex, (string?)null)
            .UpdateAsync(cancellation);
        if (isUnderReview)
        {
            await db.InsertAsync(
                new StepRow { Id = Ids.New(), ApplicationId = open.Id, Kind = StepKind.Withdrawal, PersonId = caller.PersonId, At = now },
                token: cancellation);
            await Audit.WriteAsync(db, caller, "withdraw_application", "membership_application", open.Id, now);
        }
    }
}
