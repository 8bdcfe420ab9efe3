using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>What guests see of each other (嘉宾卡): only of entries that an officer approved and the content check passed.</summary>
internal sealed record Card(string Nickname, WorkKind WorkKind, IReadOnlyList<string> Interests)
{
    /// <summary>Person → card; who has none to show is not in it.</summary>
    public static async Task<Dictionary<string, Card>> ReadAsync(Db db, IReadOnlyCollection<string> people, FieldCipher cipher, CancellationToken cancellation)
    {
        var rows = await db.QueryAmongAsync<Row>(
            "SELECT id, person_id, details_sealed FROM singles_entries WHERE person_id IN (@among) AND state = 'approved' AND text_check = 'passed'", people, cancellation);
        return rows.ToDictionary(r => r.PersonId, r => Of(EntryForm.Open(r.Id, r.DetailsSealed, cipher)));
    }

    private static Card Of(EntryForm form) => new(form.Nickname!, form.WorkKind!.Value, form.Interests ?? []);

    private sealed record Row
    {
        public required string Id { get; init; }

        public required string PersonId { get; init; }

        public required string DetailsSealed { get; init; }
    }
}
