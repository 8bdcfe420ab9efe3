namespace WeChatUnion.Api.Modules.Unions.Committees;

/// <summary>Where a committee stands in its term.</summary>
public enum TermState
{
    /// <summary>届内.</summary>
    Current,

    /// <summary>即将届满: within 60 days.</summary>
    Due,

    /// <summary>超期: the day of its end is over.</summary>
    Overdue,
}

/// <summary>Terms of committees: 3 or 5 years (工会法 Art 16), warned of 60 days before (domain/members.md 1.6).</summary>
internal static class Terms
{
    public const int DueDays = 60;

    /// <summary>A vacant chair is filled within three months (Henan 2004 Art 14).</summary>
    public const int ChairWithinMonths = 3;

    public static DateOnly EndOf(DateOnly electedOn, int years) => electedOn.AddYears(years);

    public static TermState StateOf(DateOnly endsOn, DateOnly today) =>
        today > endsOn ? TermState.Overdue : today >= endsOn.AddDays(-DueDays) ? TermState.Due : TermState.Current;
}
