using LinqToDB;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Ballots;
using WeChatUnion.Api.Modules.Singles.FollowUps;
using WeChatUnion.Api.Modules.Singles.Matches;
using WeChatUnion.Api.Modules.Singles.Photos;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>
/// The separate consent to what singles' evenings need (PIPL art. 29), the declaration of being single with its version and
/// time, and what follows when either is taken back.
/// </summary>
internal static class SinglesConsents
{
    public const string Purpose = "singles";

    /// <summary>单身承诺.</summary>
    public const string Declaration = "single_declaration";

    /// <exception cref="Refusal">Not agreed, or to an older text.</exception>
    public static async Task NeedAsync(Db db, string personId, string purpose, Problem problem, CancellationToken cancellation)
    {
        if (await db.CurrentConsentAsync(personId, purpose, cancellation) is null)
        {
            throw new Refusal(problem);
        }
    }

    /// <summary>Keeps the consent from being taken back until the transaction ends.</summary>
    /// <exception cref="Refusal">singles_consent_needed.</exception>
    public static async Task TakeAsync(Db db, string personId, CancellationToken cancellation)
    {
        if (!await db.TakeConsentAsync(personId, Purpose, cancellation))
        {
            throw new Refusal(SinglesProblems.ConsentNeeded);
        }
    }

    /// <summary>
    /// The ballot, the answers to follow-ups and the entry go, and whatever was between her and others ends. Taking the open rounds puts this before or
    /// after a count and a ballot that is on its way: that one finds the consent gone.
    /// </summary>
    public static async Task<IReadOnlyList<string>> FollowWithdrawalAsync(Db db, Caller caller, long now, CancellationToken cancellation)
    {
        await ForgetAsync(db, caller.PersonId, now, cancellation);
        return ["您的联谊信息、照片、回访答复和尚未计票的选票已删除,互选后的联系已全部终止。已经报名、尚未开始的联谊活动请自行取消,未取消的按缺席处理。"];
    }

    /// <summary>Before she is erased: the same, and who blocked her is nobody's business any more; the row would lead to somebody who is not here.</summary>
    public static async Task BeforeErasingAsync(Db db, string personId, long now, CancellationToken cancellation)
    {
        await ForgetAsync(db, personId, now, cancellation);
        await db.Blocks.Where(b => b.BlockedId == personId).DeleteAsync(cancellation);
    }

    private static async Task ForgetAsync(Db db, string personId, long now, CancellationToken cancellation)
    {
        await db.ExecuteAsync(
            """
            UPDATE ballot_rounds SET turn = turn + 1 WHERE state = 'open'
                AND EXISTS (SELECT 1 FROM plates p WHERE p.activity_id = ballot_rounds.activity_id AND p.person_id = @personId)
            """,
            new { personId },
            cancellation);
        await db.Ballots.Where(b => b.PersonId == personId).DeleteAsync(cancellation);
        await db.FollowUps.Where(f => f.PersonId == personId).DeleteAsync(cancellation);
        await db.MatchSides.Where(s => s.PersonId == personId && s.EndedAt == null)
            .Set(s => s.EndedAt, now)
            .Set(s => s.ContactAgreedAt, (long?)null)
            .Set(s => s.AnnouncementAgreedAt, (long?)null)
            .UpdateAsync(cancellation);
        await EntryPhotos.DeleteAsync(db, personId, cancellation);
        var steps = db.SinglesEntries.Where(e => e.PersonId == personId).Select(e => e.Id);
        await db.SinglesEntrySteps.Where(s => steps.Contains(s.EntryId)).DeleteAsync(cancellation);
        await db.SinglesEntries.Where(e => e.PersonId == personId).DeleteAsync(cancellation);
    }

    /// <summary>Who is no longer single takes the declaration back; the entry stays, but opens no evening.</summary>
    public static Task<IReadOnlyList<string>> FollowDeclarationAsync(Db db, Caller caller, long now, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>(["您不能再报名单身联谊。重新签署单身承诺后可以再次报名。"]);
}
