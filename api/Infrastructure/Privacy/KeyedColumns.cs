namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>A column that <see cref="FieldCipher"/> seals; the module that owns the table registers it for <c>rotate-keys</c>.</summary>
/// <param name="Key">The table's one key column; its value is the record id the cipher binds.</param>
/// <param name="Place">As given to <see cref="FieldCipher.Seal"/>.</param>
internal sealed record SealedColumn(string Table, string Key, string Column, string Place)
{
    /// <summary>Null: the county's field keys. A module whose secrets have keys of their own gives its cipher; its columns end in <c>_locked</c>.</summary>
    public FieldCipher? Cipher { get; init; }
}

/// <summary>The two columns of a long-lived look-up index (<see cref="LookupIndex"/>), likewise registered.</summary>
/// <param name="Kind">As given to <see cref="LookupIndex.PairOf"/>.</param>
/// <param name="From">Where the indexed text stands.</param>
/// <param name="GivenUpWhen">
/// SQL: rows of <c>t</c> that may hold the index of a text that stands nowhere any more, and lose it then; null if none do.
/// </param>
internal sealed record IndexedColumn(
    string Table, string Key, string Column, string FormerColumn, string Kind, IndexedText From, string? GivenUpWhen = null);

/// <summary>Where an indexed text stands, in SQL beside the table's alias <c>t</c>.</summary>
/// <param name="Join">E.g. <c>JOIN member_records r ON …</c>, or nothing.</param>
/// <param name="Sealed">The sealed column with its alias.</param>
/// <param name="RecordId">The record id that it is sealed with.</param>
/// <param name="Word">A plain column that goes into the text, or <c>''</c>.</param>
/// <param name="Compose">The indexed text from that word and the opened value.</param>
internal sealed record IndexedText(string Join, string Sealed, string RecordId, string Place, string Word, Func<string, string, string> Compose);

/// <summary>An index whose rows are gone before a key is: <c>rotate-keys</c> leaves it to run out.</summary>
/// <param name="Why">How long rows live and what a change of the key does to them meanwhile.</param>
internal sealed record PassingIndex(string Table, string Column, string Why);
