using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Notices;

/// <summary>
/// The one way to tell a person something: what is told stands in her inbox with the commit of the deed, or not at all
/// with its rollback. Other channels follow after the commit.
/// </summary>
internal interface IMessenger
{
    /// <summary>Many at once, in one statement a table.</summary>
    Task AddAsync(Db db, IReadOnlyCollection<Notice> notices, long now);
}

internal static class MessengerExtensions
{
    public static Task AddAsync(this IMessenger messenger, Db db, Notice notice, long now) => messenger.AddAsync(db, [notice], now);
}
