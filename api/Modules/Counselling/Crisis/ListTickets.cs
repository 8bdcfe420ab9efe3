using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Counselling.Crisis;

/// <summary>The duty list, asked for every ten seconds: it is the alarm that needs nobody else.</summary>
internal static class ListTickets
{
    /// <param name="DueAt">When somebody must have answered, or done what comes next.</param>
    public sealed record Item(
        string Id, CrisisLevel Level, CrisisState State, DateTimeOffset TriggeredAt, DateTimeOffset? DueAt, bool IsOverdue, DateTimeOffset? RespondedAt, string? RespondedBy);

    /// <param name="By">Null: the client or the program.</param>
    public sealed record Step(CrisisStepKind Kind, DateTimeOffset At, string? By, string? Words);

    /// <param name="Steps">From the first to the last; who read the identity and why is among them.</param>
    public sealed record Response(Item Ticket, IReadOnlyList<Step> Steps);

    /// <summary>危机工单 (tickets): open ones, the most urgent first.</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(int? take, string? after, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        var now = clock.Milliseconds();
        await using var db = database.Open();
        await RefuseOutOfReachAsync(db, reach, cancellation);
        var accounts = db.StaffAccounts;
        var rows = await db.CrisisTickets.Where(t => t.State != CrisisState.Closed)
            .LeftJoin(accounts, (t, a) => t.RespondedBy == a.PersonId, (t, a) => new { Ticket = t, a.DisplayName })
            .ToListAsync(cancellation);

        // There are few at a time; the order is of urgency, so the page is cut here.
        var ordered = rows.OrderByDescending(r => r.Ticket.Level).ThenBy(r => r.Ticket.DueAt ?? long.MaxValue).ThenBy(r => r.Ticket.Id, StringComparer.Ordinal).ToList();
        var from = mark is null ? 0 : ordered.FindIndex(r => r.Ticket.Id == mark) + 1;
        return TypedResults.Ok(Listing<Item>.Of(
            [.. ordered.Skip(from).Take(count + 1)], count, r => ItemOf(r.Ticket, r.DisplayName, now), r => r.Ticket.Id));
    }

    /// <summary>一件危机工单 (one ticket with its steps).</summary>
    internal static async Task<Ok<Response>> HandleOne(string id, Reach reach, Tickets tickets, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var accounts = db.StaffAccounts;
        var ticket = await FindAsync(db, id, reach, cancellation);
        var steps = await db.CrisisSteps.Where(s => s.TicketId == id).OrderBy(s => s.Id)
            .LeftJoin(accounts, (s, a) => s.PersonId == a.PersonId, (s, a) => new { Step = s, a.DisplayName }).ToListAsync(cancellation);
        var responder = await accounts.Where(a => a.PersonId == ticket.RespondedBy).Select(a => a.DisplayName).FirstOrDefaultAsync(cancellation);
        return TypedResults.Ok(new Response(
            ItemOf(ticket, responder, clock.Milliseconds()),
            [.. steps.OrderBy(s => s.Step.Id, StringComparer.Ordinal).Select(s => new Step(s.Step.Kind, Instants.At(s.Step.At), s.DisplayName, tickets.WordsOf(s.Step)))]));
    }

    public static async Task<CrisisTicketRow> FindAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        await RefuseOutOfReachAsync(db, reach, cancellation);
        return await db.CrisisTickets.FirstOrDefaultAsync(t => t.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
    }

    /// <summary>A ticket is the county's, which alone keeps people on duty: for a branch there is none.</summary>
    public static async Task RefuseOutOfReachAsync(Db db, Reach reach, CancellationToken cancellation)
    {
        if (!await db.Unions.AnyAsync(u => u.ParentId == null && reach.UnionIds.Contains(u.Id), cancellation))
        {
            throw new Refusal(CommonProblems.NotFound);
        }
    }

    private static Item ItemOf(CrisisTicketRow t, string? responder, long now) => new(
        t.Id, t.Level, t.State, Instants.At(t.TriggeredAt), Instants.At(t.DueAt), t.DueAt <= now, Instants.At(t.RespondedAt), responder);
}
