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

    /// <summary>For how many activities wishes wait or are decided just now.</summary>
    internal int QueueCount => queues.Count;

    public Task<WishOutcome> SignUpAsync(string activityId, Wish wish)
    {
        var ticket = new Ticket(wish);
        while (!TryQueue(activityId, ticket))
        {
            // That queue had just been worked off and dropped; there is room for a new one.
        }

        return ticket.Outcome.Task;
    }

    /// <summary>False when the queue is over.</summary>
    private bool TryQueue(string activityId, Ticket ticket)
    {
        var queue = queues.GetOrAdd(activityId, static _ => new Queue());
        lock (queue)
        {
            if (queue.IsOver)
            {
                return false;
            }

            if (queue.Waiting.Count >= settings.LongestQueue)
            {
                throw new Refusal(ActivitiesProblems.Busy);
            }

            queue.Waiting.Enqueue(ticket);
            if (!queue.IsWorkedOff)
            {
                queue.IsWorkedOff = true;

                // Not awaited: whoever asked waits for his own ticket.
                _ = Task.Run(() => WorkOffAsync(activityId, queue));
            }

            return true;
        }
    }

    private async Task WorkOffAsync(string activityId, Queue queue)
    {
        while (TakeSome(activityId, queue) is { Count: > 0 } some)
        {
            await DecideAsync(activityId, some);
        }
    }

    /// <summary>None: then the queue is over and gone, so that one is kept only for what is asked for just now.</summary>
    private List<Ticket> TakeSome(string activityId, Queue queue)
    {
        var some = new List<Ticket>();
        lock (queue)
        {
            while (some.Count < settings.MostTogether && queue.Waiting.TryDequeue(out var ticket))
            {
                some.Add(ticket);
            }

            if (some.Count == 0)
            {
                queue.IsOver = true;
                queues.TryRemove(activityId, out _);
            }
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

    /// <summary>Looked at and changed only under its own lock.</summary>
    private sealed class Queue
    {
        public Queue<Ticket> Waiting { get; } = new();

        public bool IsWorkedOff { get; set; }

        /// <summary>Nobody works it off any more; whoever holds it still must look for the next.</summary>
        public bool IsOver { get; set; }
    }
}
