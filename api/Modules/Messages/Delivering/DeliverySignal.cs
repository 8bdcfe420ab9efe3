namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>
/// Wakes this node's <see cref="DeliveryLoop"/> sooner than its next look. Raised before the commit, so the loop may look too early once;
/// the regular look follows within a second.
/// </summary>
internal sealed class DeliverySignal : IDisposable
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

    public void Dispose() => raised.Dispose();
}
