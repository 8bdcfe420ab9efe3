using System.Collections.Concurrent;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>How the desk works; only the bench changes it.</summary>
internal sealed record DeskSettings
{
    /// <summary>So many wishes share one transaction at the most.</summary>
    public int MostTogether { get; init; } = 256;

    /// <summary>More than this waiting for one activity on this node is answered 503 with Retry-After.</summary>
    public int LongestQueue { get; init; } = 20_000;
}

/// <summary>
/// Wishes for one activity that arrive while a transaction is under way share the next one: one lock, one fsync for
/// all of them. An answer goes out only after that commit. Decisions are made in order of arrival at this node; the
/// database puts the nodes in order.
/// </summary>
internal sealed class EnrolmentDesk(Database database, SignUp signUp, DeskSettings settings)
{
    private readonly ConcurrentDictionary<string, Queue> queues = new();

    public Task<WishOutcome> SignUpAsync(string activityId, Wish wish)
    {
        var queue = queues.GetOrAdd(activityId, static _ => new Queue());
        if (queue.Waiting.Count >= settings.LongestQueue)
        {
            throw new Refusal(ActivitiesProblems.Busy);
        }

        var ticket = new Ticket(wish);
        queue.Waiting.Enqueue(ticket);
        if (queue.TryBegin())
        {
            // Not awaited: whoever asked waits for his own ticket.
            _ = Task.Run(() => WorkOffAsync(activityId, queue));
        }

        return ticket.Outcome.Task;
    }

    private async Task WorkOffAsync(string activityId, Queue queue)
    {
        do
        {
            while (TakeSome(queue) is { Count: > 0 } some)
            {
                await DecideAsync(activityId, some);
            }

            queue.End();
        }
        while (!queue.Waiting.IsEmpty && queue.TryBegin());
    }

    private List<Ticket> TakeSome(Queue queue)
    {
        var some = new List<Ticket>();
        while (some.Count < settings.MostTogether && queue.Waiting.TryDequeue(out var ticket))
        {
            some.Add(ticket);
        }

        return some;
    }

    /// <summary>One fault must not fail the others: a batch that fails for another cause than an outage goes one by one.</summary>
    private async Task DecideAsync(string activityId, IReadOnlyList<Ticket> some)
    {
        try
        {
            // A caller who hangs up does not undo what was decided.
            var outcomes = await database.TransactAsync(
                db => signUp.DecideAsync(db, activityId, [.. some.Select(t => t.Wish)], CancellationToken.None), CancellationToken.None);
            for (var i = 0; i < some.Count; i++)
            {
                some[i].Outcome.SetResult(outcomes[i]);
            }
        }
        catch (Exception error) when (some.Count > 1 && !DatabaseErrors.IsOutage(error))
        {
            foreach (var ticket in some)
            {
                await DecideAsync(activityId, [ticket]);
            }
        }
        catch (Exception error)
        {
            foreach (var ticket in some)
            {
                ticket.Outcome.SetException(error);
            }
        }
    }

    private sealed class Ticket(Wish wish)
    {
        public Wish Wish { get; } = wish;

        public TaskCompletionSource<WishOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Queue
    {
        private int busy;

        public ConcurrentQueue<Ticket> Waiting { get; } = new();

        public bool TryBegin() => Interlocked.CompareExchange(ref busy, 1, 0) == 0;

        public void End() => Interlocked.Exchange(ref busy, 0);
    }
}
