using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>A counsellor opens what she wrote. Each day on which she does stands in the client's own list.</summary>
internal static class ReadNotes
{
    /// <param name="Text">Null when nothing was written.</param>
    /// <param name="Version">0 when nothing was written.</param>
    public sealed record Response(string? Text, int Version);

    public sealed record Item(string TalkId, DateTimeOffset StartsAt, AppointmentState State, string? Text);

    /// <param name="Items">Talks of this client with me, and those whose notes were handed over to me, latest first.</param>
    /// <param name="Referrals">Which I advised.</param>
    /// <param name="ClosedOn">Null while the case is open.</param>
    public sealed record HistoryResponse(IReadOnlyList<Item> Items, IReadOnlyList<ListMyReferrals.Item> Referrals, DateOnly? ClosedOn);

    /// <param name="Form">Null when she filled in nothing.</param>
    public sealed record IntakeResponse(IntakeForm? Form);

    /// <summary>查看咨询记录 (open the note of one talk).</summary>
    internal static Task<Ok<Response>> HandleOne(
        string id, Caller caller, ClientRecords clients, CaseFile file, CaseKeys keys, Database database, TimeProvider clock, CancellationToken cancellation) =>
        OpenAsync(
            id,
            new Opening(caller, clients, keys, database, clock),
            async (db, talk, client, mine) => await file.FindAsync(db, client, talk.Id, mine.Id, cancellation) is { } found
                ? new Response(found.Note.Text, found.Version)
                : new Response(null, 0),
            cancellation);

    /// <summary>来访者历次咨询 (this client's talks with me).</summary>
    internal static Task<Ok<HistoryResponse>> HandleHistory(
        string id, Caller caller, ClientRecords clients, CaseFile file, CaseKeys keys, Database database, TimeProvider clock, CancellationToken cancellation) =>
        OpenAsync(
            id,
            new Opening(caller, clients, keys, database, clock),
            async (db, _, client, mine) =>
            {
                var talks = (await AppointmentDeeds.OfClientAsync(db, client, cancellation))
                    .Where(t => t.State != AppointmentState.Held).OrderByDescending(t => t.StartsAt).ToList();
                var texts = await file.TextsOfAsync(db, client, talks, mine.Id, cancellation);
                return new HistoryResponse(
                    [.. talks.Where(t => t.CounsellorId == mine.Id || texts.ContainsKey(t.Id)).Select(t => new Item(t.Id, Instants.At(t.StartsAt), t.State, texts.GetValueOrDefault(t.Id)))],
                    ListMyReferrals.Item.Of(client.Referrals.Where(r => r.CounsellorId == mine.Id)),
                    CloseCase.ClosedOn(client, mine.Id, talks));
            },
            cancellation);

    /// <summary>来访者的首次登记表 (what this client filled in), but for whom to tell in danger.</summary>
    internal static Task<Ok<IntakeResponse>> HandleIntake(
        string id, Caller caller, ClientRecords clients, CaseKeys keys, Database database, TimeProvider clock, CancellationToken cancellation) =>
        OpenAsync(
            id,
            new Opening(caller, clients, keys, database, clock),
            (_, _, client, _) => Task.FromResult(new IntakeResponse(client.Intake is { } form ? form with { Contact = null } : null)),
            cancellation);

    private static async Task<Ok<T>> OpenAsync<T>(
        string id, Opening opening, Func<Db, AppointmentRow, ClientRecord, CounsellorRow, Task<T>> read, CancellationToken cancellation)
    {
        var (caller, clients, keys, database, clock) = opening;
        return TypedResults.Ok(await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var mine = await CaseFile.RefuseLockedAsync(db, caller, cancellation);
                var talk = await Talks.MineAsync(db, id, caller, cancellation);
                var (row, client) = await clients.TakeOfAsync(db, talk, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
                CaseFile.RefuseWithdrawn(client);
                await clients.SaveAsync(db, row.Id, CaseFile.WithReading(client, mine.Name, now), cancellation);
                await Audit.WriteAsync(db, caller, "read_case_note", "case_note", keys.Masked(id, $"read|{now}"), now);
                return await read(db, talk, client, mine);
            },
            cancellation));
    }

    private sealed record Opening(Caller Caller, ClientRecords Clients, CaseKeys Keys, Database Database, TimeProvider Clock);
}
