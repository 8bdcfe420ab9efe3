using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Oversight;

namespace WeChatUnion.Api.Modules.Activities.Attending;

/// <summary>Staff look for somebody among the sign-ups of one activity, for those who come without a phone.</summary>
internal static class SearchEnrolments
{
    private const string Deed = "search_enrolments";

    /// <param name="Name">Whole name or its beginning; this or phoneTail.</param>
    /// <param name="PhoneTail">Last four digits.</param>
    public sealed record Request(
        [property: LengthBetween(1, 30)] string? Name,
        [property: Form("^[0-9]{4}$", "请填写手机号后四位。")] string? PhoneTail,
        [property: Between(1, 50)] int? Take,
        [property: LengthBetween(1, 10)] string? After);

    /// <param name="Number">报名序号.</param>
    /// <param name="Name">Masked.</param>
    /// <param name="CheckedInSessionIds">The sessions she was checked in for.</param>
    public sealed record Item(
        string EnrolmentId, int Number, EnrolmentState State, string GroupId, string? Name, string? PhoneTail, int Guests, IReadOnlyList<string> CheckedInSessionIds);

    /// <summary>查找报名 (search sign-ups of an activity), living ones only, in order of their numbers.</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string id, Request request, Caller caller, Reach reach, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        if ((request.Name is null) == (request.PhoneTail is null))
        {
            throw Refusal.OfField("name", "请在姓名、手机号后四位中填写一项。");
        }

        var count = Page.Take(request.Take);
        var mark = request.After is null ? 0 : int.TryParse(request.After, NumberStyles.None, null, out var number) ? number : throw Page.WrongAfter();
        var (rows, checkedIn) = await FindAsync(id, request, reach, mark, count, database, cancellation);
        await database.TransactAsync(
            db => Searches.WriteAsync(
                db, caller, cipher, Deed, request.Name is null ? "by_phone_tail" : "by_name", null, rows.Take(count).Select(r => r.Enrolment.PersonId), clock.Milliseconds(), id),
            cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.Enrolment.Id,
                r.Enrolment.Number,
                r.Enrolment.State,
                r.Enrolment.GroupId,
                r.Name is null ? null : Masking.Name(r.Name),
                r.PhoneTail,
                r.Enrolment.Guests,
                [.. checkedIn[r.Enrolment.Id]]),
            r => r.Enrolment.Number.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The connection is given back before the search is written down: one request never holds two.</summary>
    private static async Task<(List<Row> Rows, ILookup<string, string> CheckedIn)> FindAsync(
        string id, Request request, Reach reach, int mark, int count, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        await ActivityDrafts.FindAsync(db, id, reach, cancellation);
        var (records, persons) = (db.MemberRecords, db.Persons);
        var (name, tail) = (request.Name, request.PhoneTail);
        var rows = await (
            from enrolment in db.Enrolments
            join person in persons on enrolment.PersonId equals person.Id
            from record in records.LeftJoin(r => r.PersonId == enrolment.PersonId)
            where enrolment.ActivityId == id && enrolment.LivePersonId != null && enrolment.Number > mark
                && (name == null || record.Name!.StartsWith(name))
                && (tail == null || person.PhoneTail == tail)
            orderby enrolment.Number
            select new Row(enrolment, record.Name, person.PhoneTail)).Take(count + 1).ToListAsync(cancellation);
        var ids = rows.Select(r => r.Enrolment.Id).ToArray();
        var checkIns = await db.CheckIns.Where(c => ids.Contains(c.EnrolmentId)).OrderBy(c => c.Id).ToListAsync(cancellation);
        return (rows, checkIns.ToLookup(c => c.EnrolmentId, c => c.SessionId));
    }

    private sealed record Row(EnrolmentRow Enrolment, string? Name, string? PhoneTail);
}
