using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>The union confirms a request to leave after a talk, or a second officer confirms an expulsion.</summary>
internal static class ConfirmDeparture
{
    /// <param name="TalkedOn">When the union spoke with the member.</param>
    /// <param name="Note">What was said.</param>
    public sealed record Request(
        [property: Needed] DateOnly? TalkedOn,
        [property: Needed, LengthBetween(2, 300)] string? Note);

    /// <summary>确认退会或开除 (confirm a departure).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, MembershipDeeds deeds, FieldCipher cipher, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, changeId, now) =>
            {
                var (departure, membership) = await FindAsync(db, id, reach, caller, cancellation);
                if (request.TalkedOn > Instants.DateOf(now))
                {
                    throw Refusal.OfField("talkedOn", "谈话日期不能晚于今天。");
                }

                await LeaveAsync(db, departure, membership, cancellation);
                var note = cipher.Seal(DepartureRow.NotePlace, departure.Id, request.Note!);
                await Departures.CloseAsync(
                    db, departure, DepartureState.Confirmed, caller.PersonId, request.TalkedOn!.Value.Stored(), note, now, cancellation);
                await MembershipDeeds.LapseOpenAsync(db, membership.Id, now, cancellation);
                await RecordAsync(db, changeId, departure, membership, deeds, cipher, caller, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    internal static async Task<(DepartureRow Departure, MembershipRow Membership)> FindAsync(
        Db db, string id, Reach reach, Caller caller, CancellationToken cancellation)
    {
        var departure = await db.Departures.FirstOrDefaultAsync(d => d.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        var membership = await MembershipDeeds.FindAsync(db, departure.MembershipId, reach, cancellation);
        await MembershipDeeds.RefuseOwnAsync(db, membership, caller, cancellation);
        if (departure.State != DepartureState.Open)
        {
            throw new Refusal(MembersProblems.DepartureClosed) { Present = new { departure.State } };
        }

        return departure.Kind == DepartureKind.Expulsion && departure.RequestedBy == caller.PersonId
            ? throw new Refusal(UnionsProblems.SecondPersonNeeded)
            : (departure, membership);
    }

    private static async Task LeaveAsync(Db db, DepartureRow departure, MembershipRow membership, CancellationToken cancellation)
    {
        var isExpulsion = departure.Kind == DepartureKind.Expulsion;
        if (isExpulsion && membership.State != MembershipState.Active)
        {
            throw new Refusal(MembersProblems.WrongMembershipState) { Present = new { membership.State, membership.Version } };
        }

        var to = isExpulsion ? MembershipState.Expelled : MembershipState.Withdrawn;
        if (!await MembershipDeeds.MoveAsync(db, membership, to, membership.UnionId, checksVersion: false, cancellation))
        {
            throw new Refusal(CommonProblems.ChangedMeanwhile);
        }
    }

    private static Task RecordAsync(
        Db db, string changeId, DepartureRow departure, MembershipRow membership, MembershipDeeds deeds, FieldCipher cipher, Caller caller, long now)
    {
        var reason = cipher.Open(DepartureRow.ReasonPlace, departure.Id, departure.ReasonSealed);
        var (kind, deed, title, text) = departure.Kind == DepartureKind.Expulsion
            ? (ChangeKind.Expulsion, "expel_member", "会籍已被开除", $"您的会籍已被开除,原因:{reason}。如有异议请向上级工会反映。")
            : (ChangeKind.Withdrawal, "confirm_leaving", "退会已办理", "您的退会申请已确认,会籍终止。今后可以随时重新申请入会。");
        var change = MembershipDeeds.Change(changeId, membership, kind, caller.PersonId, now) with { FilingNumber = departure.FilingNumber };
        return deeds.RecordAsync(db, membership, change, reason, deed, caller, title, text);
    }
}
