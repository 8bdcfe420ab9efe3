using LinqToDB;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Oversight;

/// <summary>Writes a search for people down: that it was made, why if a reason is asked for, and whom it met.</summary>
internal static class Searches
{
    public const string HitDeed = "search_hit";
    public const string HitRecordKind = "search";

    /// <param name="by">By what was searched, e.g. <c>by_id_number</c>; never the value.</param>
    /// <param name="recordId">What was searched through, such as one activity; empty for the whole register.</param>
    /// <param name="subjects">The persons that the answer shows.</param>
    public static async Task WriteAsync(
        Db db, Caller caller, FieldCipher cipher, string deed, string by, string? reason, IEnumerable<string> subjects, long now, string recordId = "")
    {
        var search = await Audit.WriteAsync(db, caller, deed, by, recordId, now);
        if (reason is not null)
        {
            await db.InsertAsync(new SearchReasonRow
            {
                AuditEntryId = search,
                PersonId = caller.PersonId,
                ReasonSealed = cipher.Seal(SearchReasonRow.ReasonPlace, search, reason),
                At = now,
            });
        }

        await db.InsertManyAsync(subjects.Distinct().Select(s => Audit.RowOf(caller, HitDeed, HitRecordKind, search, now, s)));
    }
}
