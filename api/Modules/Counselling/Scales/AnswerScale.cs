using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Crisis;

namespace WeChatUnion.Api.Modules.Counselling.Scales;

/// <summary>What was answered, and when.</summary>
internal sealed record ScaleAnswers(Scale Scale, IReadOnlyList<int> Answers, long At);

/// <summary>A worker answers a scale. Thoughts of harm come before any score: then she is shown whom to call, and somebody is called to her.</summary>
internal static class AnswerScale
{
    /// <param name="Answers">One of 0 to 3 for each item, in order; all of them.</param>
    public sealed record Request([property: Needed, KnownWord] Scale? Scale, [property: Needed, AtMostItems(9)] IReadOnlyList<int>? Answers);

    /// <param name="Sum">Null when there is a ticket: first things first.</param>
    /// <param name="Word">E.g. 轻度倾向.</param>
    /// <param name="RetestOn">When to answer again.</param>
    /// <param name="Ticket">There is danger: show this alone, over the whole screen.</param>
    public sealed record Response(string Id, int? Sum, string? Word, string? Advice, DateOnly? RetestOn, string Disclaimer, CrisisCard? Ticket, IReadOnlyList<Hotline> Hotlines);

    /// <summary>提交量表 (answer a scale).</summary>
    internal static async Task<Created<Response>> Handle(
        Request request, IdempotencyKey key, Caller caller, Once once, ClientRecords clients, ConsentText text, Tickets tickets, CaseKeys keys, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        var scale = request.Scale!.Value;
        if (request.Answers!.Count != ScaleRules.ItemsOf(scale).Count || request.Answers.Any(a => a is < 0 or > ScaleRules.MostOfAnItem))
        {
            throw Refusal.OfField("answers", "请回答全部题目,每题选择 0 到 3。");
        }

        var id = await once.MakeAsync(
            key,
            caller,
            request,
            (db, id) => db.ScaleResults.AnyAsync(r => r.Id == id, cancellation),
            async (db, id, now) =>
            {
                var (client, record) = await clients.TakeAgreedAsync(db, caller.PersonId, text, cancellation);
                var locked = keys.LockJson(ScaleResultRow.AnswersPlace, id, new ScaleAnswers(scale, request.Answers, now));
                await db.InsertAsync(new ScaleResultRow { Id = id, AnswersLocked = locked, KeptUntil = DestroyCases.KeptUntil(now) }, token: cancellation);
                await clients.SaveAsync(db, client.Id, record with { Scales = [.. record.Scales, id] }, cancellation);
                if (ScaleRules.RiskOf(scale, request.Answers) is { } level)
                {
                    await tickets.TriggerAsync(db, caller.PersonId, level, $"量表提示风险({scale})", now, cancellation);
                }

                await Audit.WriteAsync(db, keys.Masked(caller, $"scale|{id}"), "answer_scale", "scale_result", keys.Masked(id, "answer"), now);
            },
            cancellation);
        await using var db = database.Open();
        return TypedResults.Created("/api/v1/me/scale-results", await ReadAsync(db, id, caller, tickets, keys, settings, cancellation));
    }

    private static async Task<Response> ReadAsync(
        Db db, string id, Caller caller, Tickets tickets, CaseKeys keys, CounsellingSettings settings, CancellationToken cancellation)
    {
        var row = await db.ScaleResults.FirstOrDefaultAsync(r => r.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        var answers = Open(row, keys);
        if (ScaleRules.RiskOf(answers.Scale, answers.Answers) is not null && await tickets.OpenOfAsync(db, caller.PersonId, cancellation) is { } ticket)
        {
            return new Response(id, null, null, null, null, ScaleRules.Disclaimer, CrisisCard.Of(ticket), Hotline.All(settings));
        }

        var reading = ScaleRules.ReadingOf(answers.Scale, answers.Answers);
        return new Response(id, reading.Sum, reading.Word, reading.Advice, RetestOn(answers, reading), ScaleRules.Disclaimer, null, Hotline.All(settings));
    }

    public static ScaleAnswers Open(ScaleResultRow row, CaseKeys keys) =>
        keys.UnlockJson<ScaleAnswers>(ScaleResultRow.AnswersPlace, row.Id, row.AnswersLocked);

    public static DateOnly? RetestOn(ScaleAnswers answers, ScaleReading reading) =>
        reading.RetestInWeeks is { } weeks ? Instants.DateOf(answers.At).AddDays(7 * weeks) : null;
}
