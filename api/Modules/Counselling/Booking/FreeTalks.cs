using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>The free talks of a calendar year (domain/counselling.md 3.3: six, and two more when the supervisor allows it).</summary>
internal static class FreeTalks
{
    public static int LeftOf(CounsellingSettings settings, ClientRecord client, IEnumerable<AppointmentRow> talks, long instant) => Math.Max(
        0, settings.FreeTalksPerYear + client.Extensions.Where(e => IsInYear(e.Year, instant)).Sum(e => e.Talks) - CountedIn(talks, instant));

    public static void RefuseUsed(CounsellingSettings settings, ClientRecord client, IEnumerable<AppointmentRow> talks, long instant)
    {
        if (LeftOf(settings, client, talks, instant) == 0)
        {
            throw new Refusal(CounsellingProblems.FreeTalksUsed);
        }
    }

    /// <summary>How many talks of that calendar year count already.</summary>
    private static int CountedIn(IEnumerable<AppointmentRow> talks, long instant) =>
        talks.Count(a => a.Counts && IsInYear(Instants.At(a.StartsAt).Year, instant));

    /// <summary>The instant may be any that somebody typed, also one that is not told in China any more.</summary>
    private static bool IsInYear(int year, long instant) =>
        instant >= Instants.StartOf(new DateOnly(year, 1, 1)) && instant < Instants.StartOf(new DateOnly(year + 1, 1, 1));
}
