namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>Runs the worker until the program stops; a lost database only makes it wait.</summary>
internal sealed class DeliveryLoop(DeliveryWorker worker, DeliverySignal signal, ILogger<DeliveryLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await worker.RoundAsync(stoppingToken))
                {
                }

                await signal.WaitAsync(Look, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                logger.LogWarning("Deliveries wait: {Kind}", error.GetType().Name);
                await Task.Delay(Look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        try
        {
            await worker.FinishAsync();
        }
        catch (Exception error)
        {
            logger.LogWarning("What was under way is left with an unknown outcome: {Kind}", error.GetType().Name);
        }
    }
}
