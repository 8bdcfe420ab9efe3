namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>
/// Whether WeChat is to be reached from this node. After some failures in a row everything waits, longer each time, and then
/// one message goes ahead to look; so an outage costs few unknown outcomes, and its end no rush.
/// </summary>
internal sealed class Weather
{
    private const int Patience = 5;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private int failures;
    private long pausedUntil;

    /// <summary>How many calls may be under way at once.</summary>
    public int Allowed(int usual, long now)
    {
        lock (gate)
        {
            return failures < Patience ? usual : now >= pausedUntil ? 1 : 0;
        }
    }

    public void Note(bool isWell, long now)
    {
        lock (gate)
        {
            if (isWell)
            {
                failures = 0;
            }
            else if (now >= pausedUntil && ++failures >= Patience)
            {
                // Those that were under way already when it closed in do not lengthen the pause.
                var pauses = Math.Min(failures - Patience, 10);
                pausedUntil = now + (long)Math.Min(ShortestPause.TotalMilliseconds * Math.Pow(2, pauses), LongestPause.TotalMilliseconds);
            }
        }
    }
}
