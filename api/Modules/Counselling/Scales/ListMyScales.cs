using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Crisis;

namespace WeChatUnion.Api.Modules.Counselling.Scales;

/// <summary>The scales and what I answered before.</summary>
internal static class ListMyScales
{
    /// <param name="Items">Texts of the items, in order.</param>
    /// <param name="Choices">What 0, 1, 2 and 3 mean.</param>
    public sealed record Form(Scale Scale, IReadOnlyList<string> Items, IReadOnlyList<string> Choices);

    public sealed record Item(string Id, Scale Scale, DateTimeOffset AnsweredAt, int Sum, string Word, DateOnly? RetestOn);

    /// <param name="Items">Latest first; none while a ticket of mine is open.</param>
    public sealed record Response(IReadOnlyList<Form> Forms, IReadOnlyList<Item> Items, string Disclaimer, IReadOnlyList<Hotline> Hotlines);

    /// <summary>量表与我的结果 (scales and my results).</summary>
    internal static async Task<Ok<Response>> Handle(
        Caller caller, ClientRecords clients, Tickets tickets, CaseKeys keys, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var record = (await clients.OfPersonAsync(db, caller.PersonId, cancellation))?.Record;
        var hidden = record is null || record.Scales.Count == 0 || await tickets.OpenOfAsync(db, caller.PersonId, cancellation) is not null;
        var rows = hidden
            ? []
            : await db.QueryAmongAsync<ScaleResultRow>("SELECT id, answers_locked, kept_until FROM scale_results WHERE id IN (@among)", [.. record!.Scales], cancellation);
        return TypedResults.Ok(new Response(
            [.. Enum.GetValues<Scale>().Select(s => new Form(s, ScaleRules.ItemsOf(s), ScaleRules.Choices))],
            [.. rows.Select(r => ItemOf(r.Id, AnswerScale.Open(r, keys))).OrderByDescending(i => i.AnsweredAt)],
            ScaleRules.Disclaimer,
            Hotline.All(settings)));
    }

    private static Item ItemOf(string id, ScaleAnswers answers)
    {
        var reading = ScaleRules.ReadingOf(answers.Scale, answers.Answers);
        return new Item(id, answers.Scale, Instants.At(answers.At), reading.Sum, reading.Word, AnswerScale.RetestOn(answers, reading));
    }
}
