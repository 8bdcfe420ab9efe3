using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>What a higher module holds against wishes for an activity of its kind, read for a batch and asked in its order.</summary>
internal abstract class SignUpGate
{
    /// <summary>Why she may not, in words for her; null when she may.</summary>
    public abstract string? Objection(string personId);

    /// <summary>Of that, what speaks against offering a place to somebody who waited for it: she was counted when she joined the line.</summary>
    public abstract string? StandingObjection(string personId);

    /// <summary>Whether one more may join a group's line.</summary>
    public abstract bool MayWait(GroupPlaces group);

    /// <summary>She was signed up: whoever comes later in the batch finds that.</summary>
    public abstract void Took(string personId);
}

/// <param name="facts">Of these people, as they are now.</param>
/// <returns>Null for an activity that is no affair of this module.</returns>
internal delegate Task<SignUpGate?> OpenGate(
    Db db, ActivityRow activity, PeoplesFacts facts, IReadOnlyCollection<string> people, long now, CancellationToken cancellation);

internal static class Gates
{
    /// <summary>That of the activity's kind, if there is one.</summary>
    public static async Task<SignUpGate?> OpenAsync(
        this IEnumerable<OpenGate> gates, Db db, ActivityRow activity, PeoplesFacts facts, IReadOnlyCollection<string> people, long now, CancellationToken cancellation)
    {
        foreach (var open in gates)
        {
            if (await open(db, activity, facts, people, now, cancellation) is { } gate)
            {
                return gate;
            }
        }

        return null;
    }
}
