using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Accounts whose passwords lie in a demo file have no place in Production, not even unused.</summary>
internal sealed class NoDemoAccounts(Database database, IHostEnvironment environment) : IStartCheck
{
    public async Task<string?> FaultAsync(CancellationToken cancellation)
    {
        if (!environment.IsProduction())
        {
            return null;
        }

        await using var db = database.Open();
        return await db.StaffAccounts.AnyAsync(a => a.IsDemo, cancellation)
            ? "数据库中有演示账号:生产环境请使用新的数据库,不要使用演示数据。"
            : null;
    }
}
