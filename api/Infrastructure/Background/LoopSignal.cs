namespace WeChatUnion.Api.Infrastructure.Background;

/// <summary>
/// Wakes this node's loop sooner than its next look. Raised before the commit, so the loop may look too early once;
/// the regular look follows within a second.
/// </summary>
internal abstract class LoopSignal : IDisposable
{
    private readonly SemaphoreSlim raised = new(0, 1);

    public void Raise()
    {
        try
        {
            raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is raised already.
        }
    }

    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => raised.WaitAsync(atMost, cancellation);

    public void Dispose()
    {
        raised.Dispose();
        GC.SuppressFinalize(this);
    }
}
