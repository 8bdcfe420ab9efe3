using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities.Allocating;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>What a batch writes.</summary>
/// <param name="Fresh">New sign-ups.</param>
/// <param name="Keys">The keys that stand for a sign-up from now on, a new one or one that lived already.</param>
internal sealed record SignUpsMade(List<(Wish Wish, EnrolmentRow Enrolment)> Fresh, List<(Wish Wish, EnrolmentRow Enrolment)> Keys);

/// <summary>Writes what a batch of wishes came to: sign-ups, keys, audit entries and notices, one statement a table.</summary>
internal sealed class SignUpRecords(Idempotency idempotency, IMessenger messenger, TimeProvider clock)
{
    public async Task WriteAsync(Db db, Turn turn, SignUpsMade made)
    {
        if (made.Keys.Count == 0)
        {
            return;
        }

        var (fresh, now) = (made.Fresh, clock.Milliseconds());
        await db.InsertManyAsync(fresh.Select(f => f.Enrolment));
        await db.InsertManyAsync(made.Keys.Select(k => new IdempotencyKeyRow
        {
            PersonId = k.Wish.Caller.PersonId,
            Route = k.Wish.Key.Route,
            Key = k.Wish.Key.Key,
            BodyHash = idempotency.HashOf(k.Wish.Body),
            MadeId = k.Enrolment.Id,
            CreatedAt = now,
        }));
        await db.InsertManyAsync(fresh.Select(f => Audit.RowOf(f.Wish.Caller, "enrol", "enrolment", f.Enrolment.Id, f.Enrolment.CreatedAt, f.Wish.PersonId)));
        var commitment = turn.Activity.Allocation == Allocation.Draw ? await CommitmentAsync(db, turn.Activity.Id) : null;
        await messenger.AddAsync(db, [.. fresh.Select(f => Notices.SignedUp(turn.Activity, f.Enrolment, commitment))], now);
    }

    private static Task<string?> CommitmentAsync(Db db, string activityId) =>
        db.Draws.Where(d => d.ActivityId == activityId).Select(d => d.Commitment).FirstOrDefaultAsync();
}
