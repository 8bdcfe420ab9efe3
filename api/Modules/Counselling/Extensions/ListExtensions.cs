using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Counsellors;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Extensions;

/// <summary>What counsellors ask for their clients; the supervisor sees an alias and counts, never a name.</summary>
internal static class ListExtensions
{
    /// <param name="TalksLeft">Free ones of this year.</param>
    public sealed record Item(string Id, string CounsellorName, string? Alias, int TalksLeft, string Reason, DateTimeOffset AskedAt);

    /// <summary>待审批的增加次数申请 (open requests for more free talks).</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        int? take, string? after, Reach reach, ClientRecords clients, AppointmentDeeds deeds, CaseKeys keys, CounsellingSettings settings, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var now = clock.Milliseconds();
        await using var db = database.Open();
        var rows = await InReach(db, reach).Where(r => r.Extension.State == ExtensionState.Asked && (mark == null || r.Extension.Id.CompareTo(mark) > 0))
            .OrderBy(r => r.Extension.Id).Take(count + 1).ToListAsync(cancellation);
        var items = new List<Item>();
        foreach (var row in rows)
        {
            var client = await clients.OfAppointmentAsync(db, row.Talk, cancellation);
            var left = client is null ? 0 : FreeTalks.LeftOf(settings, client, await AppointmentDeeds.OfClientAsync(db, client, cancellation), now);
            var words = WordsOf(row.Extension, keys);
            items.Add(new Item(row.Extension.Id, row.Counsellor.Name, deeds.WordsOf(row.Talk)?.Alias, left, words.Reason, Instants.At(words.AskedAt)));
        }

        return TypedResults.Ok(Listing<Item>.Of(items, count, i => i, i => i.Id));
    }

    internal static async Task<Asked> FindAsync(Db db, string id, Reach reach, CancellationToken cancellation) =>
        await InReach(db, reach).FirstOrDefaultAsync(r => r.Extension.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);

    internal static ExtensionWords WordsOf(ExtensionRow row, CaseKeys keys) =>
        keys.UnlockJson<ExtensionWords>(ExtensionRow.WordsPlace, row.Id, row.WordsLocked);

    private static IQueryable<Asked> InReach(Db db, Reach reach)
    {
        var (appointments, counsellors) = (db.Appointments, ListCounsellorFiles.InReach(db, reach));
        return from e in db.CounsellingExtensions
               join a in appointments on e.AppointmentId equals a.Id
               join c in counsellors on a.CounsellorId equals c.Id
               select new Asked(e, a, c);
    }

    internal sealed record Asked(ExtensionRow Extension, AppointmentRow Talk, CounsellorRow Counsellor);
}
