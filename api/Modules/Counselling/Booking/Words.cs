namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>What the client gave for one talk; the counsellor reads it, nobody else.</summary>
/// <param name="Alias">称呼, any name she likes.</param>
/// <param name="Phone">For a talk by phone.</param>
internal sealed record ClientWords(string Alias, string? Phone);

/// <summary>Who did a step, when and why.</summary>
/// <param name="By">client, counsellor or program.</param>
/// <param name="PersonId">Of the staff member; null when the client or the program did it.</param>
internal sealed record StepDetail(string By, string? PersonId, long At, string? Reason)
{
    /// <summary>Of the staff member to whom notes were handed over.</summary>
    public string? To { get; init; }
}
