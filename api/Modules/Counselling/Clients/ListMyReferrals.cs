using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>Which hospitals counsellors advised me to see.</summary>
internal static class ListMyReferrals
{
    /// <param name="Counsellor">Who advised it.</param>
    public sealed record Item(DateOnly AdvisedOn, string Counsellor, string Hospital, string Advice)
    {
        /// <summary>Latest first.</summary>
        internal static IReadOnlyList<Item> Of(IEnumerable<ClientReferral> referrals) =>
            [.. referrals.Reverse().Select(r => new Item(Instants.Date(r.AdvisedOn), r.Counsellor, r.Hospital, r.Advice))];
    }

    /// <param name="Items">Latest first.</param>
    public sealed record Response(IReadOnlyList<Item> Items, IReadOnlyList<Hotline> Hotlines);

    /// <summary>我的就医建议 (advice to see a hospital).</summary>
    internal static async Task<Ok<Response>> Handle(
        Caller caller, ClientRecords clients, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var referrals = (await clients.OfPersonAsync(db, caller.PersonId, cancellation))?.Record.Referrals ?? [];
        return TypedResults.Ok(new Response(Item.Of(referrals), Hotline.All(settings)));
    }
}
