using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Members.Standing;

namespace WeChatUnion.Api.Modules.Members.Transfers;

/// <summary>
/// What starting and ending a transfer have in common. A membership is transferring exactly while it has an open
/// transfer; both rows change in one transaction, the membership first.
/// </summary>
internal sealed class Transferring(FieldCipher cipher, IMessenger messenger)
{
    /// <summary>Without a decision the membership stays in the old union after this (domain/members.md 1.3).</summary>
    private static readonly TimeSpan TimesOutAfter = TimeSpan.FromDays(30);

    /// <summary>Starts a transfer; the member still counts, pays and votes in the old union.</summary>
    public async Task StartAsync(
        Db db, string id, MembershipRow membership, string toUnionId, TransferSide side, string reason, Caller caller, long now, CancellationToken cancellation)
    {
        if (membership.UnionId == toUnionId)
        {
            throw new Refusal(MembersProblems.SameUnion);
        }

        if (membership.State == MembershipState.Transferring)
        {
            throw new Refusal(MembersProblems.TransferOpen);
        }

        if (membership.State != MembershipState.Active)
        {
            throw new Refusal(MembersProblems.WrongMembershipState) { Present = new { membership.State, membership.Version } };
        }

        // Two starts at once meet here; the UNIQUE of the open transfer would be the second line.
        if (!await MembershipDeeds.MoveAsync(db, membership, MembershipState.Transferring, membership.UnionId, checksVersion: false, cancellation))
        {
            throw new Refusal(MembersProblems.TransferOpen);
        }

        // One that closes a moment later is met again when it would accept.
        await ApproveApplication.RefuseClosedAsync(db, toUnionId, cancellation);
        await db.InsertAsync(
            new TransferRow
            {
                Id = id,
                MembershipId = membership.Id,
                FromUnionId = membership.UnionId,
                ToUnionId = toUnionId,
                Side = side,
                StartedBy = caller.PersonId,
                ReasonSealed = cipher.Seal(TransferRow.ReasonPlace, id, reason),
                State = TransferState.Open,
                OpenMembershipId = membership.Id,
                StartedAt = now,
                ExpiresAt = now + (long)TimesOutAfter.TotalMilliseconds,
            },
            token: cancellation);
        await Audit.WriteAsync(db, caller, "start_transfer", "membership", membership.Id, now);
        await TellAsync(db, membership.PersonId, id, "transfer_started", "会籍接转已开始", "在新工会接收之前,您仍是原工会的会员。", now);
    }

    /// <summary>
    /// Ends an open transfer in one of its ways. Accepting, refusing, cancelling and timing out may all come at once:
    /// the guarded updates let exactly one through, and the instant of expiry divides accepting from timing out.
    /// </summary>
    public async Task<MembershipRow> CloseAsync(
        Db db, TransferRow transfer, TransferState to, string? personId, string? reason, long now, CancellationToken cancellation)
    {
        var membership = await db.Memberships.FirstAsync(m => m.Id == transfer.MembershipId, cancellation);
        var transferring = membership with { State = MembershipState.Transferring, UnionId = transfer.FromUnionId };
        var unionId = to == TransferState.Accepted ? transfer.ToUnionId : transfer.FromUnionId;
        var isExpired = to == TransferState.TimedOut;
        if (!await MembershipDeeds.MoveAsync(db, transferring, MembershipState.Active, unionId, checksVersion: false, cancellation))
        {
            throw Closed(transfer);
        }

        var closed = await db.Transfers
            .Where(t => t.Id == transfer.Id && t.State == TransferState.Open && (isExpired ? t.ExpiresAt <= now : t.ExpiresAt > now))
            .Set(t => t.State, to)
            .Set(t => t.OpenMembershipId, (string?)null)
            .Set(t => t.ClosedBy, personId)
            .Set(t => t.ClosedAt, now)
            .Set(t => t.ClosingReasonSealed, reason is null ? null : cipher.Seal(TransferRow.ClosingReasonPlace, transfer.Id, reason))
            .UpdateAsync(cancellation);
        return closed == 1 ? transferring : throw Closed(transfer);
    }

    public async Task TellAsync(Db db, string personId, string transferId, string kind, string title, string text, long now) =>
        await messenger.AddAsync(db, new Notice(personId, kind, title, text, transferId), now);

    private static Refusal Closed(TransferRow transfer) => new(MembersProblems.TransferClosed) { Present = new { transfer.State } };
}
