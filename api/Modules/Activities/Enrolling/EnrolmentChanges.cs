using LinqToDB;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>Moves one sign-up into another state and writes who, when and why.</summary>
internal static class EnrolmentChanges
{
    public static bool IsLive(EnrolmentState state) =>
        state is EnrolmentState.Enrolled or EnrolmentState.Waiting or EnrolmentState.Offered or EnrolmentState.Applied;

    /// <summary>Holds places of its group.</summary>
    public static bool HoldsPlaces(EnrolmentState state) => state is EnrolmentState.Enrolled or EnrolmentState.Offered;

    /// <summary>Guarded by state and version: what was read must still be so.</summary>
    /// <param name="personId">Who did it; null when the program did.</param>
    public static async Task MoveAsync(
        Db db, EnrolmentRow enrolment, EnrolmentState state, EnrolmentStepKind step, string? personId, long now, CancellationToken cancellation,
        long? offeredUntil = null, string? stepId = null, string? reasonSealed = null)
    {
        var moved = await db.Enrolments
            .Where(e => e.Id == enrolment.Id && e.State == enrolment.State && e.Version == enrolment.Version)
            .Set(e => e.State, state)
            .Set(e => e.LivePersonId, IsLive(state) ? enrolment.PersonId : null)
            .Set(e => e.OfferedUntil, offeredUntil)
            .Set(e => e.Version, enrolment.Version + 1)
            .Set(e => e.UpdatedAt, now)
            .UpdateAsync(cancellation);
        if (moved != 1)
        {
            throw new InvalidOperationException("A sign-up changed during somebody's turn.");
        }

        await db.InsertAsync(
            new EnrolmentStepRow
            {
                Id = stepId ?? Ids.New(),
                EnrolmentId = enrolment.Id,
                Kind = step,
                PersonId = personId,
                ReasonSealed = reasonSealed,
                At = now,
            },
            token: cancellation);
    }
}
