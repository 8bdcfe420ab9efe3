using System.Collections.Concurrent;

namespace WeChatUnion.WeChatStandIn;

/// <summary>What shall go wrong, per path. A fault holds for a number of calls or until it is cleared.</summary>
public sealed class StandInFaults
{
    private readonly ConcurrentDictionary<string, Fault> faults = new();

    public void AnswerError(string path, int errorCode, int calls = int.MaxValue) => faults[path] = new Fault(calls) { ErrorCode = errorCode };

    public void AnswerStatus(string path, int status, int calls = int.MaxValue) => faults[path] = new Fault(calls) { Status = status };

    public void AnswerGarbage(string path, int calls = int.MaxValue) => faults[path] = new Fault(calls) { IsGarbage = true };

    public void Delay(string path, TimeSpan delay, int calls = int.MaxValue) => faults[path] = new Fault(calls) { Delay = delay };

    public void Drop(string path, int calls = int.MaxValue) => faults[path] = new Fault(calls) { IsDropped = true };

    public void Clear() => faults.Clear();

    internal Fault? Take(string path) =>
        faults.TryGetValue(path, out var fault) && fault.TryTake() ? fault : null;

    internal sealed class Fault(int calls)
    {
        private int left = calls;

        public int? ErrorCode { get; init; }

        public int? Status { get; init; }

        public bool IsGarbage { get; init; }

        public TimeSpan? Delay { get; init; }

        public bool IsDropped { get; init; }

        public bool TryTake() => left == int.MaxValue || Interlocked.Decrement(ref left) >= 0;
    }
}
