using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment.Vacancies;

/// <summary>Why a vacancy is, or is not, offered at this moment.</summary>
public enum Offer
{
    /// <summary>招聘中.</summary>
    Open,

    /// <summary>已到期.</summary>
    Ended,

    /// <summary>已招满.</summary>
    Filled,

    /// <summary>暂停招聘.</summary>
    Paused,

    /// <summary>已下架.</summary>
    Withdrawn,
}

/// <summary>
/// Whether a vacancy is offered is judged when somebody asks, by the clock and by what the database says of it and its
/// employer in that moment. No state is written when an end comes, so none can be late.
/// </summary>
internal static class Live
{
    public static Offer Of(VacancyRow vacancy, EmployerRow employer, EmploymentSettings settings, long now) => vacancy.State switch
    {
        _ when !settings.IsPublicationOn || employer.State == EmployerState.Suspended => Offer.Withdrawn,
        VacancyState.Filled => Offer.Filled,
        VacancyState.Paused => Offer.Paused,
        VacancyState.Published => vacancy.EndsAt > now && employer.VerifiedUntil > now ? Offer.Open : Offer.Ended,
        _ => Offer.Withdrawn,
    };

    /// <summary>From this instant on it is not offered, whatever nobody does until then.</summary>
    public static long UntilOf(long endsAt, long verifiedUntil) => Math.Min(endsAt, verifiedUntil);

    /// <summary>So many days after <paramref name="now"/>, as the last day.</summary>
    public static DateOnly LastDay(long now, int days) => Instants.DateOf(now).AddDays(days);
}
