using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>What a list of activities may be narrowed by; a filter that is not given narrows nothing.</summary>
internal static class ActivityFilters
{
    private const int LongestWords = 60;
    private const long Day = 24 * 60 * 60 * 1000L;

    extension(IQueryable<ActivityRow> found)
    {
        public IQueryable<ActivityRow> OfKind(string? kind) => kind switch
        {
            null => found,
            _ when Enum.TryParse<ActivityKind>(kind, ignoreCase: true, out var known) && kind.All(char.IsAsciiLetterLower) => found.Where(a => a.Kind == known),
            _ => throw Refusal.OfField("kind", "没有这个活动类型,请从列表中选择。"),
        };

        /// <summary>The division and all below it: their codes begin with its own.</summary>
        public IQueryable<ActivityRow> In(string? division) => division switch
        {
            null => found,
            { Length: >= 2 and <= 12 } when division.All(char.IsAsciiDigit) => found.Where(a => a.DivisionCode.StartsWith(division)),
            _ => throw Refusal.OfField("division", "请给出行政区划代码,例如 410721101。"),
        };

        /// <summary>Whose first session begins on one of these days, both included.</summary>
        public IQueryable<ActivityRow> Between(DateOnly? from, DateOnly? to)
        {
            var (begin, end) = (from is { } first ? Instants.StartOf(first) : long.MinValue, to is { } last ? Instants.StartOf(last) + Day : long.MaxValue);
            return (from, to) == (null, null) ? found : found.Where(a => a.StartsAt >= begin && a.StartsAt < end);
        }

        public IQueryable<ActivityRow> Titled(string? words)
        {
            // As titles are stored.
            var part = words?.Normalize().Trim() ?? "";
            return part.Length switch
            {
                0 => found,
                <= LongestWords => found.Where(a => a.Title.Contains(part)),
                _ => throw Refusal.OfField("words", "最多 60 个字。"),
            };
        }

        public IQueryable<ActivityRow> InState(string? state) => state switch
        {
            null => found,
            "draft" => found.Where(a => a.State == ActivityState.Draft),
            "awaiting_approval" => found.Where(a => a.State == ActivityState.AwaitingApproval),
            "published" => found.Where(a => a.State == ActivityState.Published),
            "cancelled" => found.Where(a => a.State == ActivityState.Cancelled),
            _ => throw Refusal.OfField("state", "请从 draft、awaiting_approval、published、cancelled 中选择。"),
        };

        /// <summary>The same boundaries as <see cref="Phases.Of"/>.</summary>
        public IQueryable<ActivityRow> InPhase(string? phase, long now)
        {
            var archivedUntil = now - Phases.UntilArchived;
            return phase switch
            {
                null => found.Where(a => a.EndsAt > now),
                "announced" => found.Where(a => a.OpensAt > now),
                "open" => found.Where(a => a.OpensAt <= now && a.ClosesAt > now),
                "closed" => found.Where(a => a.ClosesAt <= now && a.StartsAt > now),
                "running" => found.Where(a => a.StartsAt <= now && a.EndsAt > now),
                "finished" => found.Where(a => a.EndsAt <= now && a.EndsAt > archivedUntil),
                "archived" => found.Where(a => a.EndsAt <= archivedUntil),
                _ => throw Refusal.OfField("phase", "请从 announced、open、closed、running、finished、archived 中选择。"),
            };
        }
    }
}
