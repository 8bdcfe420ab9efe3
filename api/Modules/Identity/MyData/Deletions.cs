using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;

namespace WeChatUnion.Api.Modules.Identity.MyData;

/// <summary>Who wants the deletion.</summary>
public enum DeletionCause
{
    /// <summary>本人申请.</summary>
    [MapValue("person")]
    Person,

    /// <summary>在微信中取消授权 (user_authorization_cancellation).</summary>
    [MapValue("wechat")]
    Wechat,
}

/// <summary>A request to be deleted; open until it is taken back, refused or carried out.</summary>
[Table("deletion_requests", IsColumnAttributeRequired = false)]
internal sealed record DeletionRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required DeletionCause Cause { get; init; }

    public required long RequestedAt { get; init; }

    public required long DueAt { get; init; }

    public long? TakenBackAt { get; init; }

    /// <summary>Something stood against it when it was due; she was told.</summary>
    public long? RefusedAt { get; init; }

    public long? CarriedOutAt { get; init; }

    /// <summary>When the database file was written anew without what was deleted.</summary>
    public long? ScrubbedAt { get; init; }

    /// <summary>The person while the request is open, null after: UNIQUE.</summary>
    public string? OpenPersonId { get; init; }
}

internal static class Deletions
{
    extension(Db db)
    {
        public ITable<DeletionRow> DeletionRequests => db.GetTable<DeletionRow>();
    }

    /// <summary>The first thing that stands against deleting the person, or null.</summary>
    public static async Task<string?> RefusalAsync(
        Db db, IEnumerable<MayNotErase> objections, string personId, long now, CancellationToken cancellation)
    {
        foreach (var objection in objections)
        {
            if (await objection(db, personId, now, cancellation) is { } sentence)
            {
                return sentence;
            }
        }

        return null;
    }

    /// <summary>
    /// For WeChat's push <c>user_authorization_cancellation</c>: whoever took her authorisation back is erased by the next
    /// run, without cooling off. A repeat of the push changes nothing.
    /// </summary>
    /// <returns>False when nobody is behind that account.</returns>
    public static async Task<bool> OpenForWeChatAsync(Db db, string appId, string openId, long now, CancellationToken cancellation)
    {
        var personId = await db.WeChatAccounts.Where(a => a.AppId == appId && a.OpenId == openId)
            .Select(a => a.PersonId).FirstOrDefaultAsync(cancellation);
        if (personId is null)
        {
            return false;
        }

        var hastened = await db.DeletionRequests.Where(d => d.OpenPersonId == personId)
            .Set(d => d.DueAt, d => d.DueAt < now ? d.DueAt : now).UpdateAsync(cancellation);
        if (hastened == 0)
        {
            await db.InsertAsync(New(Ids.New(), personId, DeletionCause.Wechat, now, now), token: cancellation);
        }

        return true;
    }

    public static DeletionRow New(string id, string personId, DeletionCause cause, long now, long due) => new()
    {
        Id = id,
        PersonId = personId,
        Cause = cause,
        RequestedAt = now,
        DueAt = due,
        OpenPersonId = personId,
    };

    /// <summary>Staff answer for what they did: while the account is in use, and as long after as logs must be kept.</summary>
    public static async Task<string?> StaffMayNotAsync(Db db, string personId, long now, CancellationToken cancellation)
    {
        var logsKept = now - (long)TimeSpan.FromDays(AuditSettings.LeastKeptDays).TotalMilliseconds;
        return await db.StaffAccounts.AnyAsync(a => a.PersonId == personId && (a.DisabledAt == null || a.DisabledAt > logsKept), cancellation)
            ? "您是工会工作人员,账号停用满 183 天后(日志依法保存期)才能删除个人信息,请联系安全管理员。"
            : null;
    }

    /// <summary>The proof that she once agreed is kept, and ends here.</summary>
    public static Task EndConsentsAsync(Db db, string personId, long now, CancellationToken cancellation) =>
        db.Consents.Where(c => c.PersonId == personId && c.LivePurpose != null)
            .Set(c => c.WithdrawnAt, now).Set(c => c.LivePurpose, (string?)null).UpdateAsync(cancellation);
}
