namespace WeChatUnion.Api.Infrastructure.Errors;

/// <summary>
/// One kind of refusal: an HTTP status, a stable snake_case code for programs and a Chinese sentence for the person,
/// saying what to do next. All of them stand in <c>miniprogram-contract/errors.md</c>.
/// </summary>
internal sealed record Problem(int Status, string Code, string Detail)
{
    /// <summary>Suggested wait in seconds, sent as Retry-After.</summary>
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>Thrown by a slice that says no. Its problem is written for the person to read.</summary>
internal sealed class Refusal : Exception
{
    public Refusal(Problem problem, string? detail = null)
        : base(problem.Code)
    {
        Problem = problem;
        Detail = detail ?? problem.Detail;
    }

    public Problem Problem { get; }

    public string Detail { get; }

    public int? RetryAfterSeconds { get; init; }

    /// <summary>Chinese sentences per field, in JSON names.</summary>
    public IDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The present state of the record, for <c>changed_meanwhile</c>.</summary>
    public object? Present { get; init; }

    /// <summary>One field is not as it must be: its JSON name and a sentence for the person.</summary>
    public static Refusal OfField(string field, string sentence) =>
        OfFields(new Dictionary<string, string[]> { [field] = [sentence] });

    /// <summary>Several fields are not as they must be.</summary>
    public static Refusal OfFields(IDictionary<string, string[]> errors) => new(CommonProblems.Malformed) { Errors = errors };
}
