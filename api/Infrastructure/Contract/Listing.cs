namespace WeChatUnion.Api.Infrastructure.Contract;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows of this page.</param>
/// <param name="Next">Give this as <c>after</c> for the next page; null on the last.</param>
public sealed record Listing<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>Cuts a result that was read one row longer than asked.</summary>
    public static Listing<T> Of<TRow>(IReadOnlyList<TRow> rows, int take, Func<TRow, T> item, Func<TRow, string> mark) =>
        new([.. rows.Take(take).Select(item)], rows.Count > take ? mark(rows[take - 1]) : null);
}
