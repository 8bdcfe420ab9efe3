using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment.Words;

/// <summary>
/// Compiles the list once after the start of an installed program, so that no firm's first vacancy waits for it. A
/// newcomer's machine and the tests, which start often, are spared.
/// </summary>
internal sealed class ReadWordsAhead(Database database, EmploymentSettings settings, IHostEnvironment environment, TimeProvider clock, ILogger<ReadWordsAhead> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!environment.IsProduction() || !settings.IsPublicationOn)
        {
            return;
        }

        // Not in the way of the start itself.
        await Task.Yield();
        try
        {
            await using var db = database.Open();
            await WordRules.OnAsync(db, clock.Today(), stoppingToken);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            logger.LogWarning("The list of words is read with the first vacancy: {Kind}", error.GetType().Name);
        }
    }
}
