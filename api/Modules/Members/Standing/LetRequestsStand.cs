using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>A request to leave that nobody confirmed in thirty days takes effect by itself (退会自由).</summary>
internal sealed class LetRequestsStand(Database database, MembershipDeeds deeds, FieldCipher cipher, IMessenger messenger, TimeProvider clock) : IPeriodicTask
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        var now = clock.Milliseconds();
        var due = await db.Departures
            .Where(d => d.State == DepartureState.Open && d.EffectiveAt <= now)
            .OrderBy(d => d.EffectiveAt).ThenBy(d => d.Id).ToListAsync(cancellation);
        foreach (var departure in due)
        {
            try
            {
                await database.TransactAsync(writing => LeaveAsync(writing, departure, now, cancellation), cancellation);
            }
            catch (Refusal)
            {
                // An officer or the member was faster.
            }
        }
    }

    private async Task LeaveAsync(Db db, DepartureRow departure, long now, CancellationToken cancellation)
    {
        var membership = await db.Memberships.FirstAsync(m => m.Id == departure.MembershipId, cancellation);
        if (!membership.State.IsLive()
            || !await MembershipDeeds.MoveAsync(db, membership, MembershipState.Withdrawn, membership.UnionId, checksVersion: false, cancellation))
        {
            throw new Refusal(MembersProblems.DepartureClosed);
        }

        await Departures.CloseAsync(db, departure, DepartureState.TookEffect, departure.RequestedBy, null, null, now, cancellation);
        await MembershipDeeds.LapseOpenAsync(db, membership.Id, now, cancellation);

        // Nobody of the union did it: the member's own word did.
        await deeds.WriteAsync(
            db,
            MembershipDeeds.Change(Ids.New(), membership, ChangeKind.Withdrawal, departure.RequestedBy, now),
            cipher.Open(DepartureRow.ReasonPlace, departure.Id, departure.ReasonSealed));
        await messenger.AddAsync(
            db,
            new Notice(membership.PersonId, "leaving_took_effect", "退会已生效", "您的退会申请已满 30 天,会籍终止。今后可以随时重新申请入会。", membership.Id),
            now);
    }
}
