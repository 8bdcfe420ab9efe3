using System.Data.Common;
using WeChatUnion.Api.Infrastructure.Settings;

namespace WeChatUnion.Api.Infrastructure;

/// <summary>Something in the database with which the program must not serve.</summary>
internal interface IStartCheck
{
    /// <summary>Null, or one sentence that says what is wrong and what to do.</summary>
    Task<string?> FaultAsync(CancellationToken cancellation);
}

/// <summary>Asked once before serving.</summary>
internal static class StartChecks
{
    /// <summary>The exit code when the program must not serve, else null.</summary>
    public static async Task<int?> RefuseStartAsync(this WebApplication app)
    {
        var faults = new List<string>();
        foreach (var check in app.Services.GetServices<IStartCheck>())
        {
            try
            {
                if (await check.FaultAsync(CancellationToken.None) is { } fault)
                {
                    faults.Add(fault);
                }
            }
            catch (DbException error)
            {
                // A database that is away or not migrated is told by readiness; it is no reason to stay down.
                app.Logger.LogWarning("Start check {Check} could not be done: {Kind}", check.GetType().Name, error.GetType().Name);
            }
        }

        return faults.Count > 0 ? AllSettings.TellFaults(faults) : null;
    }
}
