using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>
/// Who is bound by her place: giving it back late or not coming gives points. She is, if the place was hers while she
/// could still give it back freely, or if she took it herself: by signing up on first come, or by accepting an offer. Who
/// was signed up by somebody else, or was drawn or chosen, after that time never agreed to it.
/// </summary>
internal static class Bound
{
    /// <summary>Of some sign-ups of the activity, the ids of those whose people are bound.</summary>
    public static async Task<HashSet<string>> AmongAsync(
        Db db, ActivityRow activity, IReadOnlyCollection<EnrolmentRow> enrolments, CancellationToken cancellation)
    {
        var (all, one) = (db.Enrolments, enrolments.Count == 1 ? enrolments.Single().Id : null);
        var steps = await db.EnrolmentSteps
            .Where(s => s.Kind == EnrolmentStepKind.Acceptance || s.Kind == EnrolmentStepKind.Admission)
            .Where(s => one == null ? all.Any(e => e.Id == s.EnrolmentId && e.ActivityId == activity.Id) : s.EnrolmentId == one)
            .ToListAsync(cancellation);
        var given = steps.ToLookup(s => s.EnrolmentId);
        return [.. enrolments.Where(e => IsBound(activity, e, [.. given[e.Id]])).Select(e => e.Id)];
    }

    /// <param name="given">The steps by which she got the place; none when she had it from the first.</param>
    internal static bool IsBound(ActivityRow activity, EnrolmentRow enrolment, IReadOnlyList<EnrolmentStepRow> given)
    {
        if (given.Any(s => s.Kind == EnrolmentStepKind.Acceptance && s.PersonId == enrolment.PersonId))
        {
            return true;
        }

        return given.LastOrDefault(s => s.Kind == EnrolmentStepKind.Admission) is { } admission
            ? admission.At < activity.CancelUntil
            : enrolment.Source == EnrolmentSource.Self || enrolment.CreatedAt < activity.CancelUntil;
    }
}
