namespace WeChatUnion.Api.Infrastructure.WeChat;

internal static class WeChatRegistration
{
    private const long LargestAnswer = 1024 * 1024;

    public static IServiceCollection AddWeChat(this IServiceCollection services)
    {
        // One client for the life of the process, without the factory's loggers and unseen by tracing: URLs carry secrets.
        services.AddSingleton(s =>
        {
            var handler = new SocketsHttpHandler
            {
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                UseProxy = false,
                ActivityHeadersPropagator = null,
            };
            var http = new HttpClient(handler)
            {
                BaseAddress = s.GetRequiredService<WeChatSettings>().BaseAddress,
                Timeout = Timeout.InfiniteTimeSpan,
                MaxResponseContentBufferSize = LargestAnswer,
            };
            return new WeChatTransport(http, s.GetRequiredService<WeChatSettings>(), s.GetRequiredService<ILogger<WeChatTransport>>());
        });
        return services.AddSingleton<AccessTokens>().AddSingleton<IWeChat, WeChatClient>();
    }
}
