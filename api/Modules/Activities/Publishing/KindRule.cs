namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>What a higher module asks of activities of its kind when an organiser writes them, as field and sentence.</summary>
internal sealed record KindRule(ActivityKind Kind, Func<ActivityForm, IEnumerable<(string Field, string Sentence)>> Faults);
