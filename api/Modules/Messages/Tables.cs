using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Messages;

internal static class Tables
{
    extension(Db db)
    {
        public ITable<MessageRow> Messages => db.GetTable<MessageRow>();

        public ITable<DeliveryRow> Deliveries => db.GetTable<DeliveryRow>();

        public ITable<CreditRow> SubscriptionCredits => db.GetTable<CreditRow>();

        public ITable<BroadcastRow> Broadcasts => db.GetTable<BroadcastRow>();
    }
}

[Table("messages", IsColumnAttributeRequired = false)]
internal sealed record MessageRow
{
    public const string TextPlace = "messages.text";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required string Kind { get; init; }

    public required string Title { get; init; }

    public required string TextSealed { get; init; }

    public required string RecordId { get; init; }

    public required long CreatedAt { get; init; }

    public long? ReadAt { get; init; }

    public long? ArchivedAt { get; init; }
}

/// <summary>By which way a notice leaves the inbox.</summary>
public enum DeliveryChannel
{
    /// <summary>订阅消息.</summary>
    [MapValue("subscribe")]
    Subscribe,

    /// <summary>电子邮件.</summary>
    [MapValue("email")]
    Email,

    /// <summary>短信, by the county's gateway.</summary>
    [MapValue("gateway")]
    Gateway,
}

/// <summary>Where a delivery stands. All but the first two are ends, though staff may send a parked one again.</summary>
public enum DeliveryState
{
    [MapValue("waiting")]
    Waiting,

    /// <summary>In the hands of one node, under a lease.</summary>
    [MapValue("sending")]
    Sending,

    [MapValue("sent")]
    Sent,

    /// <summary>The platform took it and reported later that it failed.</summary>
    [MapValue("failed")]
    Failed,

    /// <summary>The person granted no further message by this template.</summary>
    [MapValue("no_credit")]
    NoCredit,

    /// <summary>She has no account there.</summary>
    [MapValue("no_account")]
    NoAccount,

    /// <summary>The platform took the ability from the mini-program.</summary>
    [MapValue("banned")]
    Banned,

    /// <summary>It came to nothing before its time was over.</summary>
    [MapValue("expired")]
    Expired,

    /// <summary>What it speaks of was given up or moved.</summary>
    [MapValue("dropped")]
    Dropped,

    /// <summary>Its broadcast was stopped.</summary>
    [MapValue("stopped")]
    Stopped,

    /// <summary>It may have arrived; repeating it might do harm.</summary>
    [MapValue("unknown")]
    Unknown,

    /// <summary>Refused for a reason of our own making: staff must look.</summary>
    [MapValue("parked")]
    Parked,
}

[Table("deliveries", IsColumnAttributeRequired = false)]
internal sealed record DeliveryRow
{
    public const string PayloadPlace = "deliveries.payload";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string MessageId { get; init; }

    public required string PersonId { get; init; }

    public required DeliveryChannel Channel { get; init; }

    public required string Kind { get; init; }

    public string? Template { get; init; }

    public required string RecordId { get; init; }

    public string? BroadcastId { get; init; }

    public required string PayloadSealed { get; init; }

    /// <summary>0 goes before 1.</summary>
    public required int Hurry { get; init; }

    public required bool AtAnyHour { get; init; }

    public required DeliveryState State { get; init; }

    public required long DueAt { get; init; }

    public required long ExpiresAt { get; init; }

    public required int Attempts { get; init; }

    /// <summary>How often nobody knows whether it arrived.</summary>
    public required int Unknowns { get; init; }

    public string? ClaimedBy { get; init; }

    public long? ClaimedUntil { get; init; }

    /// <summary>WeChat's errcode at the last attempt.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>WeChat's own id of the message.</summary>
    public long? PlatformId { get; init; }

    /// <summary>When the notice was recorded.</summary>
    public required long CreatedAt { get; init; }

    public long? ClosedAt { get; init; }
}

[Table("subscription_credits", IsColumnAttributeRequired = false)]
internal sealed record CreditRow
{
    [PrimaryKey(1)]
    public required string PersonId { get; init; }

    [PrimaryKey(2)]
    public required string Template { get; init; }

    public required int Credits { get; init; }

    /// <summary>Accepts that the phone reported and the platform did not push yet.</summary>
    public required int ReportsAhead { get; init; }

    /// <summary>Accepts that the platform pushed before the phone reported them.</summary>
    public required int PushesAhead { get; init; }

    public required long AheadAt { get; init; }

    public required long UpdatedAt { get; init; }
}

/// <summary>Where a broadcast stands.</summary>
public enum BroadcastState
{
    /// <summary>待第二人审批.</summary>
    [MapValue("awaiting_approval")]
    AwaitingApproval,

    /// <summary>发送中.</summary>
    [MapValue("sending")]
    Sending,

    /// <summary>已停止.</summary>
    [MapValue("stopped")]
    Stopped,

    /// <summary>已发完.</summary>
    [MapValue("done")]
    Done,
}

[Table("broadcasts", IsColumnAttributeRequired = false)]
internal sealed record BroadcastRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    /// <summary>Whose it is: the union of the activity, or the top of the subtree.</summary>
    public required string UnionId { get; init; }

    /// <summary>Which audience (活动人员、工会会员) is meant, by the word that its module registered.</summary>
    public required string Audience { get; init; }

    public required string AudienceId { get; init; }

    public required string Title { get; init; }

    public required string Body { get; init; }

    public required BroadcastState State { get; init; }

    public required int PeopleCounted { get; init; }

    public required int PeopleReached { get; init; }

    /// <summary>The last person reached.</summary>
    public required string Mark { get; init; }

    public required string MadeBy { get; init; }

    public string? ApprovedBy { get; init; }

    public string? StoppedBy { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }
}
