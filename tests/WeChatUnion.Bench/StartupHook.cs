using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

/// <summary>
/// The bench's test host: with DOTNET_STARTUP_HOOKS naming this assembly, the built program starts as ever, but its desk
/// takes one wish a transaction. The program itself has no such setting.
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => DiagnosticListener.AllListeners.Subscribe(new ToListeners());

    private sealed class ToListeners : IObserver<DiagnosticListener>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(new BeforeBuilding());
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private sealed class BeforeBuilding : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == "HostBuilding")
            {
                ((IHostBuilder)value.Value!).ConfigureServices((_, services) => services.AddSingleton(DeskSettings().GetType(), DeskSettings()));
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        private static object DeskSettings()
        {
            var type = Assembly.Load("WeChatUnion.Api").GetType("WeChatUnion.Api.Modules.Activities.Enrolling.DeskSettings", throwOnError: true)!;
            var settings = Activator.CreateInstance(type)!;
            type.GetProperty("MostTogether")!.SetValue(settings, 1);
            return settings;
        }
    }
}
