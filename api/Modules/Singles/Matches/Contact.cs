namespace WeChatUnion.Api.Modules.Singles.Matches;

/// <summary>When contacts are shown (domain/singles.md 2.5): both agreed for each other, nobody ended it, and not for ever.</summary>
internal static class Contact
{
    /// <summary>Until when, be it past; null when they are not exchanged.</summary>
    public static long? ShownUntil(MatchSeen seen, SinglesRules rules) =>
        !seen.IsOver && seen.Mine.ContactAgreedAt is not null && seen.Theirs!.ContactAgreedAt is not null ? EndOf(seen, rules) : null;

    /// <summary>Taking back and agreeing again does not make it longer.</summary>
    public static long? EndOf(MatchSeen seen, SinglesRules rules) =>
        seen.Match.ContactSince is { } since ? since + (long)TimeSpan.FromDays(rules.ContactDays).TotalMilliseconds : null;
}
