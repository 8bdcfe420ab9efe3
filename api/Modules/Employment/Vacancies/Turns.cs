using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment.Vacancies;

/// <summary>
/// Everything that changes what is seen of vacancies takes the next turn first. Its row stays locked until the commit, so
/// turns become visible in their order, and a node that has read up to one has missed none below it.
/// </summary>
internal static class Turns
{
    private const string Present = "SELECT turn FROM vacancy_turns WHERE id = 1";

    public static async Task<long> TakeAsync(Db db, CancellationToken cancellation)
    {
        await db.ExecuteAsync("UPDATE vacancy_turns SET turn = turn + 1 WHERE id = 1", cancellation);
        return await PresentAsync(db, cancellation);
    }

    public static async Task<long> PresentAsync(Db db, CancellationToken cancellation) =>
        (await db.QueryToListAsync<long>(Present, cancellation))[0];
}
