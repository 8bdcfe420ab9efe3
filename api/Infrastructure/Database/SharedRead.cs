using System.Data.Common;

namespace WeChatUnion.Api.Infrastructure.Database;

/// <summary>
/// One plain read by key. Whoever asks while enough of it is under way goes with the next statement: thousands who come in
/// one second cost the database some dozens of reads. A read begins after everybody who shares it has asked, so what it
/// finds is as fresh as if each had gone alone; and who comes alone goes at once.
/// </summary>
internal sealed class SharedRead<T>(Database database, string sql, Func<DbDataReader, T> read)
{
    /// <summary>One on its way while the next is made out of what has come.</summary>
    private const int MostUnderWay = 2;

    private const int MostTogether = 256;

    private readonly string together = sql.Replace("= @key", "IN (@among)", StringComparison.Ordinal);
    private readonly Lock gate = new();
    private readonly Queue<Ask> waiting = new();
    private int underWay;

    /// <summary>The rows of one key, in the order of the database.</summary>
    public Task<List<T>> ListAsync(string key, CancellationToken cancellation)
    {
        var ask = new Ask(key);
        lock (gate)
        {
            waiting.Enqueue(ask);
            if (underWay == MostUnderWay)
            {
                return ask.Rows.Task.WaitAsync(cancellation);
            }

            underWay++;
        }

        // Not awaited, and in nobody's name: whoever asks waits for her own rows, while these go on for those after her.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(WorkOffAsync, CancellationToken.None);
        }

        return ask.Rows.Task.WaitAsync(cancellation);
    }

    private async Task WorkOffAsync()
    {
        while (TakeSome() is { Count: > 0 } some)
        {
            await AnswerAsync(some);
        }
    }

    private List<Ask> TakeSome()
    {
        var some = new List<Ask>();
        lock (gate)
        {
            while (some.Count < MostTogether && waiting.TryDequeue(out var ask))
            {
                some.Add(ask);
            }

            if (some.Count == 0)
            {
                underWay--;
            }
        }

        return some;
    }

    private async Task AnswerAsync(List<Ask> some)
    {
        try
        {
            await using var db = database.Open();
            var keys = some.Select(a => a.Key).Distinct().ToList();
            var rows = await db.QueryAmongAsync(together, row => (Key: row.GetString(0), Row: read(row)), keys, CancellationToken.None);
            var byKey = rows.ToLookup(r => r.Key, r => r.Row);
            foreach (var ask in some)
            {
                ask.Rows.SetResult([.. byKey[ask.Key]]);
            }
        }
        catch (Exception error)
        {
            foreach (var ask in some)
            {
                ask.Rows.TrySetException(error);
            }
        }
    }

    private sealed class Ask(string key)
    {
        public string Key { get; } = key;

        public TaskCompletionSource<List<T>> Rows { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
