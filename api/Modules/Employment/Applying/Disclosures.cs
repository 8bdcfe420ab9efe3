using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>Which employers see my résumé?</summary>
internal static class ListDisclosures
{
    /// <param name="EmployerId">Give this to change or end it.</param>
    /// <param name="ShowsPhone">Whether this employer sees my phone as well.</param>
    /// <param name="WithdrawnAt">Null: it holds.</param>
    public sealed record Item(string Id, string EmployerId, string EmployerName, bool ShowsPhone, DateTimeOffset GivenAt, DateTimeOffset? WithdrawnAt);

    /// <summary>我授权的单位 (employers to whom I disclose my résumé), newest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(int? take, string? after, Caller caller, Database database, CancellationToken cancellation)
    {
        var (count, mark) = (Page.Take(take), Page.AfterId(after));
        await using var db = database.Open();
        var rows = await (from d in db.EmployerDisclosures
                          join e in db.Employers on d.EmployerId equals e.Id
                          where d.PersonId == caller.PersonId && (mark == null || d.Id.CompareTo(mark) < 0)
                          orderby d.Id descending
                          select new { Disclosure = d, e.Name }).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(r.Disclosure.Id, r.Disclosure.EmployerId, r.Name, r.Disclosure.PhoneGivenAt is not null, Instants.At(r.Disclosure.GivenAt), Instants.At(r.Disclosure.WithdrawnAt)),
            r => r.Disclosure.Id));
    }
}

/// <summary>She changes whether an employer sees her phone, or lets it see nothing any more. Either acts with the commit.</summary>
internal static class ChangeDisclosure
{
    public sealed record Request([property: Needed] bool? ShowsPhone);

    /// <summary>是否向该单位显示手机号 (show or hide my phone).</summary>
    /// <param name="id">The employer.</param>
    internal static async Task<NoContent> Handle(string id, Request request, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var live = await db.EmployerDisclosures.FirstOrDefaultAsync(d => d.LivePersonId == caller.PersonId && d.EmployerId == id, cancellation)
                    ?? throw new Refusal(CommonProblems.NotFound);
                var showsPhone = request.ShowsPhone!.Value;
                if (live.PhoneGivenAt is not null == showsPhone)
                {
                    return;
                }

                await db.EmployerDisclosures.Where(d => d.Id == live.Id).Set(d => d.PhoneGivenAt, showsPhone ? now : null).UpdateAsync(cancellation);
                await Audit.WriteAsync(db, caller, showsPhone ? "show_phone_to_employer" : "hide_phone_from_employer", "employer", id, now);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>撤回对该单位的授权 (withdraw the disclosure): what was not decided is withdrawn too. Repeating it changes nothing.</summary>
    /// <param name="id">The employer.</param>
    internal static async Task<NoContent> HandleWithdrawal(
        string id, Caller caller, IMessenger messenger, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                if (!await db.EmployerDisclosures.AnyAsync(d => d.PersonId == caller.PersonId && d.EmployerId == id, cancellation))
                {
                    throw new Refusal(CommonProblems.NotFound);
                }

                await JobSeeking.EndDisclosureAsync(db, messenger, caller, id, clock.Milliseconds(), cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
