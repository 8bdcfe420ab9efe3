using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary>
/// A value that is masked wherever it is shown and may be seen in clear, one record at a time and with a reason. The
/// module that owns the record registers it.
/// </summary>
/// <param name="RecordKind">As in the audit log, e.g. <c>membership_application</c>.</param>
/// <param name="Field">E.g. <c>id_number</c>.</param>
/// <param name="Find">Null when the record is not there, not in reach, or has no such value.</param>
internal sealed record UnmaskableField(string RecordKind, string Field, FindUnmaskable Find);

/// <param name="unionIds">The unions the caller's role was granted on; they and all below are in her reach.</param>
internal delegate Task<Unmaskable?> FindUnmaskable(
    Db db, FieldCipher cipher, IReadOnlyCollection<string> unionIds, string recordId, CancellationToken cancellation);

/// <param name="SubjectId">Whose value it is.</param>
/// <param name="Value">In clear: answer it, never store or log it.</param>
internal sealed record Unmaskable(string SubjectId, string Value);

/// <summary>A deed by which somebody sees another person's data; the module that does it registers it.</summary>
/// <param name="Deed">The word in the audit log.</param>
/// <param name="Words">What the person concerned reads, in Chinese.</param>
internal sealed record Look(string Deed, string Words);
