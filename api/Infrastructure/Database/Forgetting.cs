namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>Deletes rows whose time is over, in small transactions so that nobody waits behind a long one.</summary>
internal static class Forgetting
{
    private const int Batch = 500;

    /// <summary>
    /// Repeats <paramref name="deleteSome"/>, which deletes at most the given number of rows and says how many, until
    /// it finds fewer.
    /// </summary>
    /// <returns>How many rows went.</returns>
    public static async Task<int> ForgetAsync(
        this Database database, Func<Db, int, Task<int>> deleteSome, CancellationToken cancellation)
    {
        var total = 0;
        int deleted;
        do
        {
            deleted = await database.TransactAsync(db => deleteSome(db, Batch), cancellation);
            total += deleted;
        }
        while (deleted == Batch);

        return total;
    }
}
