using System.Globalization;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Counselling.Figures;

/// <summary>Publishes last month on its day, so that what is forgotten or erased later changes nothing in it.</summary>
internal sealed class PublishFigures(Database database, MonthFigures figures, CounsellingSettings settings, TimeProvider clock) : IPeriodicTask
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var today = clock.Today();
        if (settings.IsOn && today.Day > GetFigures.DaysToClose)
        {
            var first = new DateOnly(today.Year, today.Month, 1).AddMonths(-1);
            await GetFigures.PublishedAsync(first.ToString("yyyy-MM", CultureInfo.InvariantCulture), first, figures, database, cancellation);
        }
    }
}
