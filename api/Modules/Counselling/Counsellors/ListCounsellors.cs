using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>Whom could I talk to? Public facts only; needs no sign-in.</summary>
internal static class ListCounsellors
{
    public sealed record Item(string Id, string Name, string Sex, string Introduction, Qualification Qualification, string Issuer, IReadOnlyList<Topic> Specialities, int SessionMinutes);

    /// <param name="Items">All who can be booked; a county has few.</param>
    public sealed record Response(IReadOnlyList<Item> Items, IReadOnlyList<Hotline> Hotlines);

    /// <summary>咨询师 (counsellors who can be booked).</summary>
    internal static async Task<Ok<Response>> Handle(CounsellingSettings settings, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var today = clock.Today().Stored();
        await using var db = database.Open();
        var grants = db.Grants;
        var rows = await db.Counsellors
            .Where(c => c.State == CounsellorState.Active && grants.Any(g => g.PersonId == c.PersonId && g.Role == Role.Counsellor)
                && c.ContractUntil.CompareTo(today) >= 0 && (c.ValidUntil == null || c.ValidUntil.CompareTo(today) >= 0))
            .OrderBy(c => c.Id).ToListAsync(cancellation);
        return TypedResults.Ok(new Response(
            [.. rows.Select(c => new Item(c.Id, c.Name, c.Sex, c.Introduction, c.Qualification, c.Issuer, CounsellorFile.SpecialitiesOf(c), c.SessionMinutes))],
            Hotline.All(settings)));
    }
}
