using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Singles.Photos;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>What guests see of each other (嘉宾卡): only of entries that an officer approved and the content check passed.</summary>
internal sealed record Card(string Nickname, WorkKind WorkKind, IReadOnlyList<string> Interests, IReadOnlyList<string> PhotoFileIds)
{
    /// <summary>Person → card; who has none to show is not in it.</summary>
    public static async Task<Dictionary<string, Card>> ReadAsync(Db db, IReadOnlyCollection<string> people, FieldCipher cipher, CancellationToken cancellation)
    {
        var rows = await db.QueryAmongAsync<Row>(
            "SELECT id, person_id, details_sealed FROM singles_entries WHERE person_id IN (@among) AND state = 'approved' AND text_check = 'passed'", people, cancellation);
        var entries = rows.Select(r => r.Id).ToArray();
        var photos = (await db.SinglesPhotos.Where(p => entries.Contains(p.EntryId) && p.ContentCheck == TextCheck.Passed).OrderBy(p => p.Position).ToListAsync(cancellation))
            .ToLookup(p => p.EntryId, p => p.FileId);
        return rows.ToDictionary(r => r.PersonId, r => Of(EntryForm.Open(r.Id, r.DetailsSealed, cipher), [.. photos[r.Id]]));
    }

    private static Card Of(EntryForm form, IReadOnlyList<string> photos) => new(form.Nickname!, form.WorkKind!.Value, form.Interests ?? [], photos);

    private sealed record Row
    {
        public required string Id { get; init; }

        public required string PersonId { get; init; }

        public required string DetailsSealed { get; init; }
    }
}
