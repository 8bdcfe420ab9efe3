using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Tests.House;

internal static class Audits
{
    extension(TestHouse house)
    {
        /// <summary>The audit rows of a deed on a record.</summary>
        public async Task<IReadOnlyList<AuditRow>> Audited(string deed, string recordId)
        {
            await using var db = house.Database.Open();
            return await db.GetTable<AuditRow>().Where(a => a.Deed == deed && a.RecordId == recordId).OrderBy(a => a.Id).ToListAsync();
        }

        /// <summary>No audit row says in any column what a record said; ids and instants may hold any four digits by chance.</summary>
        public async Task AuditNeverTells(params string[] values)
        {
            await using var db = house.Database.Open();
            var rows = await db.GetTable<AuditRow>().ToListAsync();
            Assert.NotEmpty(rows);
            Assert.All(rows, row => Assert.All(
                values, v => Assert.DoesNotContain(v, $"{row.Deed} {row.RecordKind} {row.Address} {(Api.Infrastructure.Database.Ids.IsId(row.RecordId) ? "" : row.RecordId)}", StringComparison.Ordinal)));
        }
    }
}
