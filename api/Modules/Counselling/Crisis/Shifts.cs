using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Mapping;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Counselling.Crisis;

/// <summary>Somebody is on duty (值班) from one instant to another; shifts may meet.</summary>
[Table("crisis_shifts", IsColumnAttributeRequired = false)]
internal sealed record ShiftRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required long StartsAt { get; init; }

    public required long EndsAt { get; init; }

    public required string MadeBy { get; init; }

    public required long MadeAt { get; init; }
}

internal static class Shifts
{
    extension(Db db)
    {
        public ITable<ShiftRow> CrisisShifts => db.GetTable<ShiftRow>();
    }

    /// <summary>Who is called now: those whose shift it is, or all who may answer when nobody's is.</summary>
    public static async Task<List<string>> OnDutyAsync(Db db, long now, CancellationToken cancellation)
    {
        var may = OfCounty(db, Role.CrisisDuty);
        var onShift = await db.CrisisShifts.Where(s => s.StartsAt <= now && s.EndsAt > now && may.Contains(s.PersonId)).Select(s => s.PersonId).Distinct().ToListAsync(cancellation);
        return onShift.Count > 0 ? onShift : await may.Distinct().ToListAsync(cancellation);
    }

    /// <summary>Who has one of these roles for the whole county; once for each grant.</summary>
    public static IQueryable<string> OfCounty(Db db, params Role[] roles)
    {
        var unions = db.Unions;
        return db.Grants.Where(g => roles.Contains(g.Role) && unions.Any(u => u.Id == g.UnionId && u.ParentId == null)).Select(g => g.PersonId);
    }
}

/// <summary>Who is on duty, and when?</summary>
internal static class ListShifts
{
    /// <param name="IsNow">Called when somebody presses the button at this moment.</param>
    public sealed record Item(string Id, string PersonId, string Name, DateTimeOffset StartsAt, DateTimeOffset EndsAt, bool IsNow);

    /// <summary>值班表 (shifts from now on), soonest first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(int? take, string? after, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var now = clock.Milliseconds();
        await using var db = database.Open();
        await ListTickets.RefuseOutOfReachAsync(db, reach, cancellation);
        var accounts = db.StaffAccounts;
        var rows = await db.CrisisShifts.Where(s => s.EndsAt > now)
            .InnerJoin(accounts, (s, a) => s.PersonId == a.PersonId, (s, a) => new { Shift = s, a.DisplayName }).ToListAsync(cancellation);

        // A roster is short; the order is of time, so the page is cut here.
        var ordered = rows.OrderBy(r => r.Shift.StartsAt).ThenBy(r => r.Shift.Id, StringComparer.Ordinal).ToList();
        var from = mark is null ? 0 : ordered.FindIndex(r => r.Shift.Id == mark) + 1;
        return TypedResults.Ok(Listing<Item>.Of(
            [.. ordered.Skip(from).Take(count + 1)],
            count,
            r => new Item(r.Shift.Id, r.Shift.PersonId, r.DisplayName, Instants.At(r.Shift.StartsAt), Instants.At(r.Shift.EndsAt), r.Shift.StartsAt <= now),
            r => r.Shift.Id));
    }
}

/// <summary>A supervisor puts somebody on duty.</summary>
internal static class AddShift
{
    private const int MostHours = 72;

    /// <param name="PersonId">Somebody with the role of crisis duty for the county.</param>
    /// <param name="EndsAt">At most 72 hours later.</param>
    public sealed record Request([property: Needed, Id] string? PersonId, [property: Needed] DateTimeOffset? StartsAt, [property: Needed] DateTimeOffset? EndsAt);

    public sealed record Response(string Id);

    /// <summary>排班 (put on duty).</summary>
    internal static async Task<Created<Response>> Handle(
        Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, CancellationToken cancellation)
    {
        var (starts, ends) = (request.StartsAt!.Value.ToUnixTimeMilliseconds(), request.EndsAt!.Value.ToUnixTimeMilliseconds());
        if (ends <= starts || ends - starts > CounsellingSettings.Hours(MostHours))
        {
            throw Refusal.OfField("endsAt", "结束时间应晚于开始时间,且不超过 72 小时。");
        }

        var id = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, id, now) =>
            {
                await ListTickets.RefuseOutOfReachAsync(db, reach, cancellation);
                if (starts < now - CounsellingSettings.Hours(24) || starts > now + CounsellingSettings.Hours(24 * 366))
                {
                    throw Refusal.OfField("startsAt", "请填写今后一年内的时间。");
                }

                if (!await Shifts.OfCounty(db, Role.CrisisDuty).ContainsAsync(request.PersonId!, cancellation))
                {
                    throw Refusal.OfField("personId", "请选择有县级危机值班角色的人员。");
                }

                await db.InsertAsync(new ShiftRow { Id = id, PersonId = request.PersonId!, StartsAt = starts, EndsAt = ends, MadeBy = caller.PersonId, MadeAt = now }, token: cancellation);
                await Audit.WriteAsync(db, caller, "add_crisis_shift", "crisis_shift", id, now, request.PersonId);
            },
            cancellation);
        return TypedResults.Created("/api/v1/office/crisis-shifts", new Response(id));
    }
}

/// <summary>A supervisor takes a shift back.</summary>
internal static class RemoveShift
{
    /// <summary>撤销排班 (take it back). A repeat changes nothing.</summary>
    internal static async Task<NoContent> Handle(string id, Caller caller, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                await ListTickets.RefuseOutOfReachAsync(db, reach, cancellation);
                if (await db.CrisisShifts.Where(s => s.Id == id).DeleteAsync(cancellation) > 0)
                {
                    await Audit.WriteAsync(db, caller, "remove_crisis_shift", "crisis_shift", id, clock.Milliseconds());
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }
}
