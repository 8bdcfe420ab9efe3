using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>What a higher module holds against wishes for an activity of its kind, read for a batch and asked in its order.</summary>
internal abstract class SignUpGate
{
    /// <summary>Why she may not, in words for her; null when she may.</summary>
    public abstract string? Objection(string personId);

    /// <summary>She was signed up: whoever comes later in the batch finds that.</summary>
    public abstract void Took(string personId);
}

/// <returns>Null for an activity that is no affair of this module.</returns>
internal delegate Task<SignUpGate?> OpenGate(Db db, ActivityRow activity, IReadOnlyCollection<string> people, long now, CancellationToken cancellation);
