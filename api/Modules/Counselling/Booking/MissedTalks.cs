using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>
/// Whose last three talks she cancelled late or did not come to stands in the line before she books again
/// (domain/counselling.md 3.3); the talk that she is offered there and keeps ends it.
/// </summary>
internal static class MissedTalks
{
    private const int Most = 3;

    public static bool MustWait(IEnumerable<AppointmentRow> talks)
    {
        var last = talks.Where(t => t.State is AppointmentState.Done or AppointmentState.NoShow || IsMissed(t))
            .OrderByDescending(t => t.StartsAt).ThenByDescending(t => t.Id, StringComparer.Ordinal).Take(Most).ToList();
        return last.Count == Most && last.All(IsMissed);
    }

    public static void Refuse(IEnumerable<AppointmentRow> talks)
    {
        if (MustWait(talks))
        {
            throw new Refusal(CounsellingProblems.TalksMissed);
        }
    }

    private static bool IsMissed(AppointmentRow talk) =>
        talk.State == AppointmentState.NoShow || (talk.State == AppointmentState.Cancelled && talk.Counts);
}
