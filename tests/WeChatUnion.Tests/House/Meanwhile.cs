using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Tests.House;

/// <summary>Two deeds of which one has written and not committed when the other begins.</summary>
internal static class Meanwhile
{
    /// <summary>InnoDB shows its transactions anew only to who has not looked for a tenth of a second.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(120);

    private const int MostLooks = 40;

    /// <summary>
    /// Starts the deed while what <paramref name="write"/> wrote stands uncommitted, and commits once the deed waits for it
    /// or is done (SQLite lets one write after the other anyway).
    /// </summary>
    public static async Task<Answer> AnswerMeanwhile(this TestHouse house, Func<Db, Task> write, Func<Task<Answer>> deed)
    {
        Task<Answer>? answer = null;
        await house.Database.TransactAsync(
            async db =>
            {
                await write(db);
                answer = deed();
                for (var look = 0; look < MostLooks && !house.Database.IsSqlite && !answer.IsCompleted && !await SomebodyWaitsAsync(house); look++)
                {
                    await Task.Delay(BetweenLooks);
                }
            },
            CancellationToken.None);
        return await answer!;
    }

    private static async Task<bool> SomebodyWaitsAsync(TestHouse house) => await house.Number(
        "SELECT COUNT(*) FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id "
        + "WHERE p.db = DATABASE() AND t.trx_state = 'LOCK WAIT'") > 0;
}
