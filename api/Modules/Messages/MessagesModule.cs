using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>Telling people what was decided.</summary>
internal static class MessagesModule
{
    public static IServiceCollection AddMessages(this IServiceCollection services) =>
        services.AddSingleton<IOutboxHandler, DeliverNotice>()
            .AddSingleton(new RetentionRule("messages", "messages", "created_at <= @before"))
            .AddSingleton(new SealedColumn("messages", "id", "text_sealed", MessageRow.TextPlace));

    public static void Map(Routes routes) =>
        routes.Worker.MapGet("/me/messages", ListMessages.Handle).WithTags("消息").RequireAuthorization(Policies.Worker);
}
