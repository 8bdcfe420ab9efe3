using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.RateLimits;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Oversight;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>The officer looks for a member or applicant in her reach, by exactly one of name, phone tail, ID number.</summary>
internal static class SearchMembers
{
    /// <param name="Name">Whole name or its beginning.</param>
    /// <param name="PhoneTail">Last four digits.</param>
    /// <param name="IdNumber">The full number; needs a reason and is counted.</param>
    /// <param name="Reason">Why the number is looked up; the auditor can read it.</param>
    public sealed record Request(
        [property: LengthBetween(1, 30)] string? Name,
        [property: Form("^[0-9]{4}$", "请填写手机号后四位。")] string? PhoneTail,
        [property: LengthBetween(5, 30)] string? IdNumber,
        [property: LengthBetween(5, 200)] string? Reason,
        [property: Between(1, 50)] int? Take,
        string? After);

    /// <param name="ApplicationId">Open it with GET /membership-applications/{id}.</param>
    /// <param name="Name">Masked.</param>
    /// <param name="IdNumber">Masked; null when she took back her consent and is no member.</param>
    /// <param name="MemberNumber">Null while not a member.</param>
    /// <param name="MembershipState">Null while not a member.</param>
    public sealed record Item(
        string ApplicationId, ApplicationState ApplicationState, string Name, string? IdNumber, string? PhoneTail, string? MemberNumber, MembershipState? MembershipState, string UnionId, string UnionName);

    /// <summary>查找会员 (search members and applicants).</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(
        Request request, Caller caller, Reach reach, GuardedLooks looks, RateLimitSettings limits, Database database, FieldCipher cipher, LookupIndex index, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(request.Take);
        var mark = Page.AfterId(request.After);
        Check(request);
        var rows = await FindAsync(request, reach, mark, count, database, index, cancellation);
        await WriteAsync(request, rows.Take(count).Select(r => r.Application.PersonId), caller, looks, limits, database, cipher, clock, cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, r => ItemOf(r, cipher), r => r.Application.Id));
    }

    private static void Check(Request request)
    {
        if (new[] { request.Name, request.PhoneTail, request.IdNumber }.Count(v => v is not null) != 1)
        {
            throw Refusal.OfField("name", "请在姓名、手机号后四位、证件号码中填写一项。");
        }

        if (request.IdNumber is not null && request.Reason is null)
        {
            throw Refusal.OfField("reason", "按证件号码查找,请填写理由。");
        }
    }

    /// <summary>The connection is given back before the search is written down: one request never holds two.</summary>
    private static async Task<List<Row>> FindAsync(
        Request request, Reach reach, string? mark, int count, Database database, LookupIndex index, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var found = Filter(db, request, index);
        var (memberships, ancestors) = (db.Memberships, db.UnionAncestors);
        return await (
            from application in db.Applications
            join record in found on application.PersonId equals record.PersonId
            join person in db.Persons on application.PersonId equals person.Id
            from membership in memberships.LeftJoin(m => m.ApplicationId == application.Id)
            join union in db.Unions on membership.UnionId ?? application.UnionId equals union.Id
            where application.State != ApplicationState.Draft && application.State != ApplicationState.Withdrawn
                && ancestors.Any(a => a.UnionId == union.Id && reach.UnionIds.Contains(a.AncestorId))
                && (request.PhoneTail == null || person.PhoneTail == request.PhoneTail)
                && (mark == null || application.Id.CompareTo(mark) > 0)
            orderby application.Id
            select new Row(application, record, person.PhoneTail, membership, union)).Take(count + 1).ToListAsync(cancellation);
    }

    private static IQueryable<MemberRecordRow> Filter(Db db, Request request, LookupIndex index)
    {
        IQueryable<MemberRecordRow> records = db.MemberRecords;
        if (request.Name is { } name)
        {
            records = records.Where(r => r.Name!.StartsWith(name));
        }

        if (request.IdNumber is { } number)
        {
            // The officer types a number, not its kind: every kind of document is looked for.
            var indexes = Enumerable.Range(1, 6)
                .SelectMany(type => index.AllOf(MemberRecordRow.IdNumberIndexKind, $"{type}|{IdNumber.Narrow(number)}")).ToArray();
            records = records.Where(r => indexes.Contains(r.IdNumberIndex) || indexes.Contains(r.IdNumberFormerIndex));
        }

        return records;
    }

    /// <summary>Committed before the answer leaves; by a full number only so often.</summary>
    private static Task WriteAsync(
        Request request, IEnumerable<string> subjects, Caller caller, GuardedLooks looks, RateLimitSettings limits, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        const string Deed = "search_members";
        if (request.IdNumber is not null)
        {
            return looks.LookAsync(
                caller,
                Deed,
                limits.IdNumberSearchesPerHour,
                async (db, now) =>
                {
                    await Searches.WriteAsync(db, caller, cipher, Deed, "by_id_number", request.Reason, subjects, now);
                    return true;
                },
                cancellation);
        }

        var by = request.PhoneTail is not null ? "by_phone_tail" : "by_name";
        return database.TransactAsync(
            db => Searches.WriteAsync(db, caller, cipher, Deed, by, null, subjects, clock.Milliseconds()), cancellation);
    }

    private static Item ItemOf(Row row, FieldCipher cipher) => new(
        row.Application.Id,
        row.Application.State,
        Masking.Name(row.Record.Name!),
        RegistrationForm.MaskedIdNumber(row.Record, cipher),
        row.PhoneTail,
        row.Membership?.MemberNumber,
        row.Membership?.State,
        row.Union.Id,
        row.Union.Name);

    private sealed record Row(ApplicationRow Application, MemberRecordRow Record, string? PhoneTail, MembershipRow? Membership, UnionRow Union);
}
