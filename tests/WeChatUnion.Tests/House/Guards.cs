using System.Collections.Concurrent;
using System.Data.Common;
using LinqToDB.Interceptors;

namespace WeChatUnion.Tests.House;

/// <summary>
/// Replaces guards in the program's statements, so that a control can show that the test of a race would see it lost.
/// </summary>
public sealed class Guards : CommandInterceptor
{
    private readonly ConcurrentDictionary<string, string> replaced = new();
    private int hits;

    /// <summary>How many statements were bent: a control that met none has shown nothing.</summary>
    public int Hits => hits;

    /// <summary>Until disposed, statements say <paramref name="instead"/> where they say <paramref name="guard"/>.</summary>
    public IDisposable Off(string guard, string instead = "")
    {
        replaced[guard] = instead;
        return new Restored(this, guard);
    }

    public override DbCommand CommandInitialized(CommandEventData eventData, DbCommand command)
    {
        foreach (var (guard, instead) in replaced)
        {
            if (command.CommandText.Contains(guard, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref hits);
                command.CommandText = command.CommandText.Replace(guard, instead, StringComparison.Ordinal);
            }
        }

        return command;
    }

    private sealed class Restored(Guards guards, string guard) : IDisposable
    {
        public void Dispose() => guards.replaced.TryRemove(guard, out _);
    }
}
