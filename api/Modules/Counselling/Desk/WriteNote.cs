using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>A counsellor writes down a talk; the form saves itself, so this comes often.</summary>
internal static class WriteNote
{
    /// <param name="Version">The version that was read; 0 for the first words.</param>
    public sealed record Request([property: Needed, Between(0, 1_000_000_000)] int? Version, [property: Needed, LengthBetween(1, 10_000)] string? Text);

    /// <param name="Version">Give this with the next words.</param>
    public sealed record Response(int Version);

    /// <summary>写咨询记录 (write a note).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, ClientRecords clients, CaseFile file, CaseKeys keys, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        return TypedResults.Ok(await database.TransactAsync(Work, cancellation));

        async Task<Response> Work(Db db)
        {
            var now = clock.Milliseconds();
            var mine = await CaseFile.RefuseLockedAsync(db, caller, cancellation);
            var talk = await Talks.MineAsync(db, id, caller, cancellation);
            if (now < talk.StartsAt || talk.State is AppointmentState.Held)
            {
                throw new Refusal(CounsellingProblems.NoteTooEarly);
            }

            var client = await clients.OfAppointmentAsync(db, talk, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
            CaseFile.RefuseWithdrawn(client);
            if (await file.WriteAsync(db, client, talk, new NoteText(mine.Id, request.Text!), request.Version!.Value, cancellation) is not { } version)
            {
                var present = await file.FindAsync(db, client, talk.Id, mine.Id, cancellation);
                throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { Version = present?.Version ?? 0 } };
            }

            await Audit.WriteAsync(db, caller, "write_case_note", "case_note", keys.Masked(id, $"write|{version}"), now);
            return new Response(version);
        }
    }
}
