using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>Who signed up, who waits and in which order. Names are masked; looking is audited.</summary>
internal static class ListEnrolments
{
    public const string Deed = "list_enrolments";

    /// <param name="Number">报名序号.</param>
    /// <param name="Name">Masked; null for somebody without a registration form.</param>
    /// <param name="PhoneTail">Last four digits; null when none is bound.</param>
    /// <param name="Position">Place in the waiting line; null when not waiting.</param>
    /// <param name="CheckedInSessionIds">The sessions she was checked in for.</param>
    public sealed record Item(
        string Id, int Number, EnrolmentState State, string GroupId, string? Name, string? PhoneTail, int Guests, int? Position, DateTimeOffset? OfferedUntil, DateTimeOffset CreatedAt, IReadOnlyList<string> CheckedInSessionIds);

    /// <summary>报名名单 (sign-ups of an activity), in order of their numbers.</summary>
    /// <param name="id">The activity.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="after">next of the page before.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string id, int? take, string? after, Caller caller, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = after is null ? 0 : int.TryParse(after, System.Globalization.NumberStyles.None, null, out var number) ? number : throw Page.WrongAfter();
        await database.TransactAsync(
            async writing =>
            {
                await ActivityDrafts.FindAsync(writing, id, reach, cancellation);
                await Audit.WriteAsync(writing, caller, Deed, "activity", id, clock.Milliseconds());
            },
            cancellation);

        await using var db = database.Open();
        var (records, persons) = (db.MemberRecords, db.Persons);
        var rows = await (
            from enrolment in db.Enrolments
            join person in persons on enrolment.PersonId equals person.Id
            from record in records.LeftJoin(r => r.PersonId == enrolment.PersonId)
            where enrolment.ActivityId == id && enrolment.Number > mark
            orderby enrolment.Number
            select new { enrolment, record.Name, person.PhoneTail }).Take(count + 1).ToListAsync(cancellation);
        var positions = await PositionsAsync(db, id, cancellation);
        var ids = rows.Select(r => r.enrolment.Id).ToArray();
        var checkIns = (await db.CheckIns.Where(c => ids.Contains(c.EnrolmentId)).OrderBy(c => c.Id).ToListAsync(cancellation))
            .ToLookup(c => c.EnrolmentId, c => c.SessionId);
        return TypedResults.Ok(Listing<Item>.Of(
            rows,
            count,
            r => new Item(
                r.enrolment.Id,
                r.enrolment.Number,
                r.enrolment.State,
                r.enrolment.GroupId,
                r.Name is null ? null : Masking.Name(r.Name),
                r.PhoneTail,
                r.enrolment.Guests,
                positions.TryGetValue(r.enrolment.Id, out var position) ? position : null,
                Instants.At(r.enrolment.OfferedUntil),
                Instants.At(r.enrolment.CreatedAt),
                [.. checkIns[r.enrolment.Id]]),
            r => r.enrolment.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static async Task<Dictionary<string, int>> PositionsAsync(Db db, string id, CancellationToken cancellation)
    {
        var waiting = await db.Enrolments.Where(e => e.ActivityId == id && e.State == EnrolmentState.Waiting)
            .OrderBy(e => e.GroupId).ThenBy(e => e.Line).Select(e => new { e.Id, e.GroupId }).ToListAsync(cancellation);
        return waiting.GroupBy(w => w.GroupId).SelectMany(g => g.Select((w, i) => (w.Id, Position: i + 1))).ToDictionary(p => p.Id, p => p.Position);
    }
}
