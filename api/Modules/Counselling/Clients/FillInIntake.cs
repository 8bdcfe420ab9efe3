using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Crisis;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>A client fills in the intake form, if she likes; it lies in her locked record. Thoughts of harm come before everything else.</summary>
internal static class FillInIntake
{
    public sealed record Request([property: Needed] IntakeForm? Form);

    /// <param name="Form">Null: not filled in.</param>
    /// <param name="Ticket">There is danger: show this alone, over the whole screen.</param>
    public sealed record Response(IntakeForm? Form, CrisisCard? Ticket, IReadOnlyList<Hotline> Hotlines);

    /// <summary>填写首次登记表 (fill in the intake form anew as a whole).</summary>
    internal static async Task<Ok<Response>> Handle(
        Request request, Caller caller, ClientRecords clients, ConsentText text, Tickets tickets, CaseKeys keys, CounsellingSettings settings, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var form = request.Form! with { Topics = request.Form.Topics is { } topics ? [.. topics.Distinct()] : null };
        if (form.Topics?.Any(t => !Enum.IsDefined(t)) == true)
        {
            throw Refusal.OfField("form.topics", "请从列出的选项中选择。");
        }

        if (form.Times?.Any(t => !Enum.IsDefined(t)) == true)
        {
            throw Refusal.OfField("form.times", "请从列出的时段中选择。");
        }

        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var (row, record) = await clients.TakeAgreedAsync(db, caller.PersonId, text, cancellation);

                // Saying so again while somebody is on the way says nothing new; once her ticket is handled or closed it does.
                var isCall = form.Thoughts == HarmThoughts.Now
                    && await tickets.OpenOfAsync(db, caller.PersonId, cancellation) is not { State: CrisisState.Triggered or CrisisState.Responded or CrisisState.Assessed };
                await clients.SaveAsync(db, row.Id, record with { Intake = form }, cancellation);
                if (isCall)
                {
                    await tickets.TriggerAsync(db, caller.PersonId, CrisisLevel.Yellow, "登记表提示风险", now, cancellation);
                }

                await Audit.WriteAsync(db, keys.Masked(caller, $"intake|{now}"), "fill_in_intake", "counselling_client", keys.Masked(row.Id, $"intake|{now}"), now);
            },
            cancellation);
        return await HandleRead(caller, clients, tickets, settings, database, cancellation);
    }

    /// <summary>我的首次登记表 (my intake form).</summary>
    internal static async Task<Ok<Response>> HandleRead(
        Caller caller, ClientRecords clients, Tickets tickets, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var form = (await clients.OfPersonAsync(db, caller.PersonId, cancellation))?.Record.Intake;
        var open = form?.Thoughts == HarmThoughts.Now ? await tickets.OpenOfAsync(db, caller.PersonId, cancellation) : null;
        return TypedResults.Ok(new Response(form, open is null ? null : CrisisCard.Of(open), Hotline.All(settings)));
    }
}
