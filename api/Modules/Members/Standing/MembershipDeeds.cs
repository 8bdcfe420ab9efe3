using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members.Corrections;
using WeChatUnion.Api.Modules.Members.Transfers;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>What every change of a membership has in common: find, move by a guarded update, write the change row.</summary>
internal sealed class MembershipDeeds(FieldCipher cipher, IMessenger messenger)
{
    /// <summary>The membership, living or not, if its union is in reach; anything else is not there.</summary>
    public static async Task<MembershipRow> FindAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var membership = await db.Memberships.FirstOrDefaultAsync(m => m.Id == id, cancellation);
        return membership is not null && await db.IsInReachAsync(reach, membership.UnionId, cancellation)
            ? membership
            : throw new Refusal(CommonProblems.NotFound);
    }

    /// <summary>The membership of the version the officer read, in one of the states from which the deed may start.</summary>
    public static async Task<MembershipRow> FindForDeedAsync(
        Db db, string id, int version, Reach reach, Caller caller, IReadOnlyList<MembershipState> from, CancellationToken cancellation)
    {
        var membership = await FindAsync(db, id, reach, cancellation);
        await RefuseOwnAsync(db, membership, caller, cancellation);
        if (!from.Contains(membership.State))
        {
            throw new Refusal(MembersProblems.WrongMembershipState) { Present = new { membership.State, membership.Version } };
        }

        return membership.Version == version
            ? membership
            : throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { membership.State, membership.Version } };
    }

    /// <summary>Nobody decides on her own membership, under one person or under two with the same ID number.</summary>
    public static async Task RefuseOwnAsync(Db db, MembershipRow membership, Caller caller, CancellationToken cancellation)
    {
        if (await db.IsOneHumanAsync(caller.PersonId, membership.PersonId, cancellation))
        {
            throw new Refusal(MembersProblems.OwnMembership);
        }
    }

    /// <summary>
    /// Moves the membership to a state and a union if it is still as it was read; the guarded update decides between
    /// two deeds at once. Always the first row a deed takes: transfers, departures and corrections come after.
    /// </summary>
    /// <returns>False when another deed was faster.</returns>
    public static async Task<bool> MoveAsync(
        Db db, MembershipRow membership, MembershipState to, string unionId, bool checksVersion, CancellationToken cancellation)
    {
        var isLive = to.IsLive();
        var moved = await db.Memberships
            .Where(m => m.Id == membership.Id && m.State == membership.State && m.UnionId == membership.UnionId
                && (!checksVersion || m.Version == membership.Version))
            .Set(m => m.State, to)
            .Set(m => m.UnionId, unionId)
            .Set(m => m.LivePersonId, m => isLive ? m.LivePersonId : null)
            .Set(m => m.LiveIdNumberIndex, m => isLive ? m.LiveIdNumberIndex : null)
            .Set(m => m.LiveIdNumberFormerIndex, m => isLive ? m.LiveIdNumberFormerIndex : null)
            .Set(m => m.Version, m => m.Version + 1)
            .UpdateAsync(cancellation);
        if (moved == 1 && unionId != membership.UnionId)
        {
            await ApproveApplication.RefuseClosedAsync(db, unionId, cancellation);
        }

        return moved == 1;
    }

    /// <summary>As <see cref="MoveAsync"/> with the version, for deeds by one officer.</summary>
    public static async Task MoveOrRefuseAsync(Db db, MembershipRow membership, MembershipState to, string unionId, CancellationToken cancellation)
    {
        if (!await MoveAsync(db, membership, to, unionId, checksVersion: true, cancellation))
        {
            throw new Refusal(CommonProblems.ChangedMeanwhile);
        }
    }

    /// <summary>What was still open about a membership that ended has nothing left to decide.</summary>
    public static async Task LapseOpenAsync(Db db, string membershipId, long now, CancellationToken cancellation)
    {
        await db.Transfers.Where(t => t.OpenMembershipId == membershipId)
            .Set(t => t.State, TransferState.Lapsed).Set(t => t.OpenMembershipId, (string?)null).Set(t => t.ClosedAt, now)
            .UpdateAsync(cancellation);
        await db.Departures.Where(d => d.OpenMembershipId == membershipId)
            .Set(d => d.State, DepartureState.Lapsed).Set(d => d.OpenMembershipId, (string?)null).Set(d => d.ClosedAt, now)
            .UpdateAsync(cancellation);
        await db.Corrections.Where(c => c.OpenMembershipId == membershipId)
            .Set(c => c.State, CorrectionState.Lapsed).Set(c => c.OpenMembershipId, (string?)null).Set(c => c.DecidedAt, now)
            .UpdateAsync(cancellation);
    }

    /// <summary>Writes the change row (会籍变动): <paramref name="change"/> names kind, unions and reason word.</summary>
    public Task WriteAsync(Db db, MembershipChangeRow change, string? reason) => db.InsertAsync(change with
    {
        ReasonSealed = reason is null ? null : cipher.Seal(MembershipChangeRow.ReasonPlace, change.Id, reason),
    });

    /// <summary>The change row of an officer's deed, its audit row and the notice to the member.</summary>
    public async Task RecordAsync(
        Db db, MembershipRow membership, MembershipChangeRow change, string? reason, string deed, Caller caller, string title, string text)
    {
        await WriteAsync(db, change, reason);
        await Audit.WriteAsync(db, caller, deed, "membership", membership.Id, change.At);
        await messenger.AddAsync(db, new Notice(membership.PersonId, deed, title, text, membership.Id), change.At);
    }

    /// <summary>A change that happens today, in the membership's union, by <paramref name="personId"/>.</summary>
    public static MembershipChangeRow Change(string id, MembershipRow membership, string kind, string personId, long now) => new()
    {
        Id = id,
        MembershipId = membership.Id,
        Kind = kind,
        HappenedOn = Instants.DateOf(now).Stored(),
        FromUnionId = membership.UnionId,
        PersonId = personId,
        At = now,
    };
}
