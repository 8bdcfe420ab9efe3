using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Messages.Broadcasts;
using WeChatUnion.Api.Modules.Messages.Delivering;
using WeChatUnion.Api.Modules.Messages.Desk;
using WeChatUnion.Api.Modules.Messages.Emails;
using WeChatUnion.Api.Modules.Messages.Pushes;
using WeChatUnion.Api.Modules.Messages.Subscriptions;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>Telling people what was decided.</summary>
internal static class MessagesModule
{
    public static IServiceCollection AddMessages(this IServiceCollection services) =>
        services.AddSingleton<IMessenger, Messenger>().AddSingleton<SignedPosts>()
            .AddSingleton<Dispatch>().AddSingleton<DeliverySignal>().AddSingleton<Claims>().AddSingleton<ParkedAlarm>().AddSingleton<DeliveryWorker>()
            .AddSingleton<IDeliveryChannel, SubscribeChannel>().AddSingleton<IDeliveryChannel, EmailChannel>().AddSingleton<IDeliveryChannel, GatewayChannel>()
            .AddSingleton<PushedEvents>().AddSingleton<Broadcasting>().AddSingleton(Audience.Union)
            .AddSingleton(new Look(ListDeliveries.Deed, "查看了发给您的通知的投递情况"))
            .AddHostedService<DeliveryLoop>().AddHostedService<BacklogWatch>()
            .AddSingleton(new RetentionRule("messages", "messages", "created_at <= @before"))
            .AddSingleton(new RetentionRule("deliveries", "deliveries", "created_at <= @before"))
            .AddSingleton(new RetentionRule("broadcasts", "broadcasts", "updated_at <= @before"))
            .AddSingleton(s => new HiddenRows("outbox", (db, personId, cancellation) => HandOverOutbox.FindAsync(s.GetRequiredService<FieldCipher>(), db, personId, cancellation)))
            .AddSingleton(new RetentionRule("parked_outbox", "outbox", "parked_at <= @before"))
            .AddSingleton(new SealedColumn("outbox", "id", "payload_sealed", HandOverOutbox.Place))
            .AddSingleton(new SealedColumn("messages", "id", "text_sealed", MessageRow.TextPlace))
            .AddSingleton(new SealedColumn("deliveries", "id", "payload_sealed", DeliveryRow.PayloadPlace))
            .AddSingleton(new SealedColumn("staff_emails", "person_id", "address_sealed", StaffEmailRow.AddressPlace));

    public static void ReadSettings(SettingsReader reader)
    {
        reader.Read<MessagesSettings>("Messages", (s, production) => s.Faults(production));
        reader.Read<PushSettings>("WeChatPush", (s, production) => s.Faults(production));
        reader.Read<EmailSettings>("Email", (s, production) => s.Faults(production));
    }

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

        routes.Worker.MapGet("/wechat-push", ReceivePush.HandleCheck).AllowAnonymous().ExcludeFromDescription();
        routes.Worker.MapPost("/wechat-push", ReceivePush.Handle).AllowAnonymous().ExcludeFromDescription()
            .NeedsNoKey("WeChat repeats a push as it was; the push's own id is kept");
        MapDesk(routes.Office.MapGroup("").WithTags("消息"));
        MapBroadcasts(routes.Office.MapGroup("").WithTags("消息"));
    }

    private static void MapDesk(RouteGroupBuilder office)
    {
        office.MapPut("/me/email", SetEmail.Handle).RequireAuthorization(Policies.Staff).Refuses(MessagesProblems.EmailOff);
        office.MapDelete("/me/email", SetEmail.HandleRemoval).RequireAuthorization(Policies.Staff);
        office.MapGet("/deliveries/{personId:id}", ListDeliveries.Handle).RequireAuthorization(Policies.ReadMembers).Refuses(CommonProblems.NotFound);
        office.MapGet("/parked-deliveries", ListParked.Handle).RequireAuthorization(Policies.RunSystem);
        office.MapPost("/parked-deliveries/{id:id}/retry", ListParked.HandleRetry).RequireAuthorization(Policies.RunSystem)
            .Refuses(MessagesProblems.NotParked, MessagesProblems.DeliveryTooLate);
        office.MapGet("/message-templates", ListTemplates.Handle).RequireAuthorization(Policies.RunSystem);
    }

    private static void MapBroadcasts(RouteGroupBuilder office)
    {
        const string counted = "a check changes nothing";
        office.MapPost("/activities/{id:id}/broadcast-checks", CreateBroadcast.HandleActivityCheck).RequireAuthorization(Policies.OrganiseActivities)
            .NeedsNoKey(counted).IsCostly().Refuses(CommonProblems.NotFound);
        office.MapPost("/activities/{id:id}/broadcasts", CreateBroadcast.HandleActivity).RequireAuthorization(Policies.OrganiseActivities).IsCostly()
            .Refuses(MessagesProblems.NobodyToTell);
        office.MapPost("/unions/{id:id}/broadcast-checks", CreateBroadcast.HandleUnionCheck).RequireAuthorization(Policies.KeepUnions)
            .NeedsNoKey(counted).IsCostly().Refuses(CommonProblems.NotFound);
        office.MapPost("/unions/{id:id}/broadcasts", CreateBroadcast.HandleUnion).RequireAuthorization(Policies.KeepUnions).IsCostly()
            .Refuses(MessagesProblems.NobodyToTell);
        office.MapGet("/broadcasts", GetBroadcast.HandleList).RequireAuthorization(Policies.SeeBroadcasts);
        office.MapGet("/broadcasts/{id:id}", GetBroadcast.Handle).RequireAuthorization(Policies.SeeBroadcasts);
        office.MapPost("/broadcasts/{id:id}/stop", DecideBroadcast.HandleStop).RequireAuthorization(Policies.SeeBroadcasts)
            .Refuses(MessagesProblems.BroadcastDecided);
        office.MapPost("/broadcasts/{id:id}/approval", DecideBroadcast.HandleApproval).RequireAuthorization(Policies.ApproveBroadcasts)
            .Refuses(MessagesProblems.OwnBroadcast, MessagesProblems.BroadcastDecided, CommonProblems.ChangedMeanwhile);
    }
}
