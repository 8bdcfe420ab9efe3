using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Counselling.Telling;

/// <summary>What a client will be told at the next round; whom and what stands locked.</summary>
[Table("counselling_notices", IsColumnAttributeRequired = false)]
internal sealed record NoticeRow
{
    public const string NoticePlace = "counselling_notices.notice";

    [PrimaryKey]
    public required string Id { get; init; }

    /// <summary>The round: a full hour, or ten minutes.</summary>
    public required long DueAt { get; init; }

    /// <summary>A <see cref="WaitingNotice"/> as JSON.</summary>
    public required string NoticeLocked { get; init; }
}

internal static class NoticeTables
{
    extension(Db db)
    {
        public ITable<NoticeRow> CounsellingNotices => db.GetTable<NoticeRow>();
    }
}
