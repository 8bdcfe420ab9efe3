using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Oversight;

/// <summary>Who saw whom: the audit entries that are looks at another person's data, with what belongs to them.</summary>
internal sealed class DataAccesses(IEnumerable<Look> looks)
{
    private readonly Dictionary<string, string> words = looks.ToDictionary(l => l.Deed, l => l.Words);

    public string WordsOf(string deed) => words[deed];

    /// <summary>Newest first, one more than asked.</summary>
    public async Task<List<Access>> ReadAsync(Db db, IQueryable<AuditRow> entries, string? mark, int count, CancellationToken cancellation)
    {
        var deeds = words.Keys.ToArray();
        var (unmaskings, reasons, officers, unions) = (db.Unmaskings, db.SearchReasons, db.StaffAccounts, db.Unions);
        return await (from entry in entries
                      from unmasking in unmaskings.LeftJoin(u => u.AuditEntryId == entry.Id)
                      from reason in reasons.LeftJoin(r => entry.RecordKind == Searches.HitRecordKind && r.AuditEntryId == entry.RecordId)
                      from officer in officers.LeftJoin(o => o.PersonId == entry.PersonId)
                      from union in unions.LeftJoin(u => u.Id == entry.UnionId)
                      where entry.SubjectId != null && entry.PersonId != null && entry.PersonId != entry.SubjectId
                          && deeds.Contains(entry.Deed)
                          && (mark == null || entry.Id.CompareTo(mark) < 0)
                      orderby entry.Id descending
                      select new Access(entry, unmasking, reason, officer == null ? null : officer.DisplayName, union == null ? null : union.Name))
            .Take(count + 1).ToListAsync(cancellation);
    }

    public sealed record Access(AuditRow Entry, UnmaskingRow? Unmasking, SearchReasonRow? Search, string? OfficerName, string? UnionName)
    {
        public string? UnmaskingReason(FieldCipher cipher) =>
            Unmasking is { } u ? cipher.Open(UnmaskingRow.ReasonPlace, u.Id, u.ReasonSealed) : null;

        public string? SearchReason(FieldCipher cipher) =>
            Search is { } s ? cipher.Open(SearchReasonRow.ReasonPlace, s.AuditEntryId, s.ReasonSealed) : null;
    }
}
