using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Crisis;

/// <summary>A worker in danger presses the button; it asks for no consent and no form, and answers whom to call at once.</summary>
internal static class CallForHelp
{
    /// <param name="HasThoughts">现在有伤害自己的念头.</param>
    /// <param name="HasPlan">想过怎么做.</param>
    /// <param name="HasMeans">身边有工具或条件.</param>
    /// <param name="HasIntent">打算去做,或想好了时间.</param>
    /// <param name="HasBegun">已经开始,或以前试过.</param>
    public sealed record Request(bool? HasThoughts, bool? HasPlan, bool? HasMeans, bool? HasIntent, bool? HasBegun);

    /// <param name="Ticket">Null: none of mine is open.</param>
    public sealed record Response(CrisisCard? Ticket, IReadOnlyList<Hotline> Hotlines);

    /// <summary>紧急求助 (call for help). Pressing again raises the same ticket, never a second one.</summary>
    internal static async Task<Ok<Response>> Handle(
        Request request, IdempotencyKey key, Caller caller, Once once, Tickets tickets, CaseKeys keys, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        var answers = new RiskAnswers(
            request.HasThoughts == true, request.HasPlan == true, request.HasMeans == true, request.HasIntent == true, request.HasBegun == true);
        await once.DoAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var ticket = await tickets.TriggerAsync(db, caller.PersonId, CrisisRules.LevelOf(answers), WordsOf(answers), now, cancellation);
                await Audit.WriteAsync(db, keys.Masked(caller, $"help|{now}"), "call_for_help", "crisis_ticket", ticket, now);
            },
            cancellation);
        return await HandleRead(caller, tickets, settings, database, cancellation);
    }

    /// <summary>有没有人已经回应 (has anybody answered?).</summary>
    internal static async Task<Ok<Response>> HandleRead(Caller caller, Tickets tickets, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var open = await tickets.OpenOfAsync(db, caller.PersonId, cancellation);
        return TypedResults.Ok(new Response(open is null ? null : CrisisCard.Of(open), Hotline.All(settings)));
    }

    private static string WordsOf(RiskAnswers a) =>
        $"本人求助:念头 {YesNo(a.HasThoughts)},计划 {YesNo(a.HasPlan)},条件 {YesNo(a.HasMeans)},打算 {YesNo(a.HasIntent)},已开始或试过 {YesNo(a.HasBegun)}";

    private static string YesNo(bool yes) => yes ? "有" : "无";
}
