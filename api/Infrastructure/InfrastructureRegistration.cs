using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Routing.Constraints;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Files;
using WeChatUnion.Api.Infrastructure.Limits;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.Proxy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Infrastructure.Telemetry;
using WeChatUnion.Api.Infrastructure.WeChat;

namespace WeChatUnion.Api.Infrastructure;

/// <summary>Registers the building blocks.</summary>
internal static class InfrastructureRegistration
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    public static void AddInfrastructure(this WebApplicationBuilder builder, AllSettings settings)
    {
        var services = builder.Services;
        builder.AddRequestLimits(settings.Limits);
        services.Configure<HostOptions>(o => o.ShutdownTimeout = StopWithin);
        services.Configure<RouteOptions>(o =>
        {
            o.SetParameterPolicy<IdConstraint>("id");
            o.SetParameterPolicy<RegexInlineRouteConstraint>("regex");
        });

        // The slim builder leaves it out, and a county without a proxy in front needs it.
        builder.WebHost.UseKestrelHttpsConfiguration();

        services.AddTrustedProxies(settings.Proxy);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Database.Database>().AddSingleton<FrequentReads>().AddSingleton<Schema>().AddSingleton<SeedLoader>();
        services.AddSingleton<DatabaseHold>().AddSingleton<ICommand, Backup>().AddSingleton<ICommand, Restore>();
        AddCache(services, settings.Cache);

        services.AddSingleton<FieldCipher>().AddSingleton<LookupIndex>();
        services.AddAuditChain();
        services.AddColumnRegistry();
        services.AddKeyRotation();
        services.AddSingleton<SessionStore>();
        services.AddAuthentication(SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);

        services.AddSingleton<Idempotency>()
            .AddSingleton(new PassingIndex("idempotency_keys", "body_hash", "24 hours; a hash under another key is not held against the repeat"));
        services.AddSingleton<PeriodicWorker>().AddHostedService<PeriodicLoop>();

        services.AddFiles();
        services.AddWeChat();
        services.AddProblemResponses();
        services.ConfigureHttpJsonOptions(o => ContractJson.Configure(o.SerializerOptions));
        services.AddValidation();
        services.AddOpenApiDocuments();
        services.AddTelemetry(settings.Telemetry);
        AddLogging(builder);
    }

    private static void AddCache(IServiceCollection services, CacheSettings settings)
    {
        services.AddSingleton<LocalCache>();
        if (settings.Connection.Length > 0)
        {
            services.AddSingleton<RedisCache>();
            services.AddSingleton<ICache>(s => s.GetRequiredService<RedisCache>());
            services.AddSingleton<ICounters>(s => s.GetRequiredService<RedisCache>());
        }
        else
        {
            services.AddSingleton<ICache>(s => s.GetRequiredService<LocalCache>());
            services.AddSingleton<ICounters>(s => s.GetRequiredService<LocalCache>());
        }
    }

    /// <summary>Outside Development one JSON object a line, Chinese readable.</summary>
    private static void AddLogging(WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
        {
            builder.Logging.ClearProviders().AddJsonConsole(o =>
            {
                o.UseUtcTimestamp = true;
                o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                o.JsonWriterOptions = new JsonWriterOptions { Encoder = ContractJson.Stored.Encoder };
            });
        }
    }
}
