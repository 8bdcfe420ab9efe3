using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Slots;

namespace WeChatUnion.Api.Modules.Counselling.Waiting;

/// <summary>The line of those who wait for a talk: strictly by when they came.</summary>
internal sealed class Wishes(CaseKeys keys)
{
    public string OpenClientOf(string personId) => keys.IdOf("waiting", personId);

    public string PersonOf(WishRow wish) => keys.Unlock(WishRow.ClientPlace, wish.Id, wish.ClientLocked);

    public Task<WishRow?> OfPersonAsync(Db db, string personId, CancellationToken cancellation)
    {
        var client = OpenClientOf(personId);
        return db.CounsellingWishes.FirstOrDefaultAsync(w => w.OpenClient == client, cancellation);
    }

    public static Task<List<WishRow>> AllAsync(Db db, CancellationToken cancellation) =>
        db.QueryToListAsync<WishRow>("SELECT * FROM counselling_wishes ORDER BY line", cancellation);

    /// <summary>The others who wait: a slot that suits one of them is not anybody's who comes now.</summary>
    public async Task<List<WishRow>> OfOthersAsync(Db db, string personId, CancellationToken cancellation)
    {
        var mine = OpenClientOf(personId);
        return [.. (await AllAsync(db, cancellation)).Where(w => w.OpenClient != mine)];
    }

    /// <summary>The end of the line; its row is taken, so that those who come at once follow each other.</summary>
    public static async Task<long> NextPlaceAsync(Db db, CancellationToken cancellation)
    {
        const string End = "(SELECT COALESCE(MAX(line), 0) FROM counselling_wishes)";
        await db.ExecuteAsync($"UPDATE counselling_line SET last = 1 + CASE WHEN last > {End} THEN last ELSE {End} END WHERE id = 1", cancellation);
        return (await db.QueryToListAsync<long>("SELECT last FROM counselling_line WHERE id = 1", cancellation)).Single();
    }

    /// <summary>Whoever comes for any counsellor has to do with all of them: they follow each other by the row of the line.</summary>
    public static Task TakeTurnAsync(Db db, CancellationToken cancellation) =>
        db.ExecuteAsync("UPDATE counselling_line SET last = last WHERE id = 1", cancellation);

    public static bool Suits(WishRow wish, Slot slot)
    {
        var day = Instants.DateOf(slot.StartsAt).Stored();
        return slot.Modes.Contains(wish.Mode)
            && (wish.CounsellorId is null || wish.CounsellorId == slot.Counsellor.Id)
            && (wish.Sex is null || wish.Sex == slot.Counsellor.Sex)
            && string.CompareOrdinal(wish.FirstOn, day) <= 0
            && string.CompareOrdinal(day, wish.LastOn) <= 0;
    }

    public Task RemoveAsync(Db db, string personId, CancellationToken cancellation)
    {
        var client = OpenClientOf(personId);
        return db.CounsellingWishes.Where(w => w.OpenClient == client).DeleteAsync(cancellation);
    }
}
