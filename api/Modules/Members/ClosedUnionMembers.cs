using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Members.Standing;
using WeChatUnion.Api.Modules.Members.Transfers;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>If a unit closes, its union is dissolved and the members keep their 会籍 (工会法 Art 13): they move to another union.</summary>
internal sealed class ClosedUnionMembers(MembershipDeeds deeds, IMessenger messenger)
{
    /// <summary>Runs in the closing's transaction, after the union was taken: nobody joins behind it.</summary>
    public async Task MoveAsync(Db db, UnionRow union, string? targetUnionId, string reason, Caller caller, long now, CancellationToken cancellation)
    {
        await LapseTransfersAsync(db, union.Id, now, cancellation);
        var members = await db.Memberships.Where(m => m.UnionId == union.Id && m.LivePersonId != null).OrderBy(m => m.Id).ToListAsync(cancellation);
        if (members.Count > 0 && targetUnionId is null)
        {
            throw new Refusal(UnionsProblems.MembersLeft) { Present = new { Members = members.Count } };
        }

        foreach (var membership in members)
        {
            if (!await MembershipDeeds.MoveAsync(db, membership, membership.State, targetUnionId!, checksVersion: false, cancellation))
            {
                throw new Refusal(CommonProblems.ChangedMeanwhile);
            }

            var change = MembershipDeeds.Change(Ids.New(), membership, ChangeKind.TransferOut, caller.PersonId, now) with { ToUnionId = targetUnionId };
            await deeds.WriteAsync(db, change, reason);
            await deeds.WriteAsync(db, change with { Id = Ids.New(), Kind = ChangeKind.TransferIn }, reason);
            await messenger.AddAsync(
                db,
                new Notice(membership.PersonId, "union_closed", "所在工会已撤销", $"{union.Name}已撤销,您的会籍不变,已转入另一工会。", membership.Id),
                now);
        }
    }

    /// <summary>Transfers out of and into the closed union have lost one end.</summary>
    private static async Task LapseTransfersAsync(Db db, string unionId, long now, CancellationToken cancellation)
    {
        var open = await db.Transfers
            .Where(t => t.State == TransferState.Open && (t.FromUnionId == unionId || t.ToUnionId == unionId))
            .OrderBy(t => t.MembershipId).ToListAsync(cancellation);
        var transfers = db.Transfers;
        foreach (var transfer in open)
        {
            await db.Memberships
                .Where(m => m.Id == transfer.MembershipId && m.State == MembershipState.Transferring
                    && transfers.Any(t => t.Id == transfer.Id && t.State == TransferState.Open))
                .Set(m => m.State, MembershipState.Active).Set(m => m.Version, m => m.Version + 1).UpdateAsync(cancellation);
            await db.Transfers.Where(t => t.Id == transfer.Id && t.State == TransferState.Open)
                .Set(t => t.State, TransferState.Lapsed).Set(t => t.OpenMembershipId, (string?)null)
                .Set(t => t.ClosedBy, (string?)null).Set(t => t.ClosedAt, now).UpdateAsync(cancellation);
        }
    }
}
