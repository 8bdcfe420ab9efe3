using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Messages.Delivering;
using WeChatUnion.Api.Modules.Messages.Subscriptions;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>Telling people what was decided.</summary>
internal static class MessagesModule
{
    public static IServiceCollection AddMessages(this IServiceCollection services) =>
        services.AddSingleton<IOutboxHandler, DeliverNotice>()
            .AddSingleton<Dispatch>().AddSingleton<DeliverySignal>().AddSingleton<Claims>().AddSingleton<ParkedAlarm>().AddSingleton<DeliveryWorker>()
            .AddSingleton<IDeliveryChannel, SubscribeChannel>()
            .AddHostedService<DeliveryLoop>()
            .AddSingleton(new RetentionRule("messages", "messages", "created_at <= @before"))
            .AddSingleton(new RetentionRule("deliveries", "deliveries", "created_at <= @before"))
            .AddSingleton(new RetentionRule("broadcasts", "broadcasts", "updated_at <= @before"))
            .AddSingleton(new SealedColumn("messages", "id", "text_sealed", MessageRow.TextPlace))
            .AddSingleton(new SealedColumn("deliveries", "id", "payload_sealed", DeliveryRow.PayloadPlace))
            .AddSingleton(new SealedColumn("broadcasts", "id", "text_sealed", BroadcastRow.TextPlace));

    public static void ReadSettings(SettingsReader reader) =>
        reader.Read<MessagesSettings>("Messages", (s, production) => s.Faults(production));

    public static void Map(Routes routes)
    {
        var mine = routes.Worker.MapGroup("/me").WithTags("消息").RequireAuthorization(Policies.Worker);
        mine.MapGet("/messages", ListMessages.Handle);
        mine.MapPut("/messages/reading", ReadMessages.HandleAll).Refuses(CommonProblems.NotFound);
        mine.MapPut("/messages/{id:id}/reading", ReadMessages.HandleOne);
        mine.MapPut("/messages/{id:id}/archiving", ReadMessages.HandleArchive);
        mine.MapDelete("/messages/{id:id}/archiving", ReadMessages.HandleTakeOut);
        mine.MapGet("/subscription-needs", ListNeeds.Handle);
        mine.MapPost("/subscription-reports", ReportSubscriptions.Handle);
    }
}
