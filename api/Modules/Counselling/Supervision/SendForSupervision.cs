using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Desk;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Counselling.Supervision;

/// <summary>
/// A counsellor asks her supervisor about a case in words of her own (domain/counselling.md 3.6: with identity removed).
/// Names, numbers and units are shown to her before it goes.
/// </summary>
internal static class SendForSupervision
{
    /// <param name="Text">Without who it is about.</param>
    /// <param name="MarksSeen">She has looked at the marks of this text and lets it go as it is.</param>
    public sealed record Request([property: Needed, LengthBetween(10, 5_000)] string? Text, bool? MarksSeen);

    public sealed record Response(string Id);

    /// <summary>提交督导 (send a text to my supervisor).</summary>
    /// <response code="409">supervision_marks: what may say who it is about stands in present; change it, or send again with marksSeen.</response>
    internal static async Task<Created<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Idempotency idempotency, ClientRecords clients, AppointmentDeeds deeds, FieldCipher cipher, CaseKeys keys, CancellationToken cancellation)
    {
        var made = await idempotency.OnceAsync(
            key with { Route = keys.IdOf("route", key.Route) },
            caller,
            request,
            async (db, textId, now) =>
            {
                var mine = await CaseFile.RefuseLockedAsync(db, caller, cancellation);
                var talk = await Talks.MineAsync(db, id, caller, cancellation);
                var client = await clients.OfAppointmentAsync(db, talk, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
                CaseFile.RefuseWithdrawn(client);
                var words = (await AppointmentDeeds.OfClientAsync(db, client, cancellation)).Where(t => t.CounsellorId == mine.Id).Select(deeds.WordsOf).OfType<ClientWords>().ToList();
                var units = await db.Unions.Select(u => u.Name).ToListAsync(cancellation);
                var marks = Identifying.In(request.Text!, words.Select(w => w.Alias), words.Select(w => w.Phone).OfType<string>(), units);
                if (marks.Count > 0 && request.MarksSeen != true)
                {
                    throw new Refusal(CounsellingProblems.SupervisionMarks) { Present = new { Marks = marks } };
                }

                var text = await WithoutHerAsync(db, request.Text!, client, cipher, cancellation);
                var locked = keys.LockJson(SupervisionTextRow.TextPlace, textId, new SupervisionWords(text, Instants.DateOf(now).Stored()));
                await db.InsertAsync(
                    new SupervisionTextRow
                    {
                        Id = textId,
                        CounsellorId = mine.Id,
                        State = SupervisionState.Sent,
                        TextLocked = locked,
                        KeptUntil = DestroyCases.KeptUntil(now),
                    },
                    token: cancellation);
                await Audit.WriteAsync(db, caller, "send_for_supervision", "supervision_text", textId, now);
            },
            cancellation);
        return TypedResults.Created("/api/v1/office/me/supervision-texts", new Response(made));
    }

    /// <summary>What the counsellor may have learned elsewhere and wrote all the same does not reach the supervisor.</summary>
    private static async Task<string> WithoutHerAsync(Db db, string text, ClientRecord client, FieldCipher cipher, CancellationToken cancellation)
    {
        var phone = await db.Persons.Where(p => p.Id == client.PersonId).Select(p => p.PhoneSealed).FirstOrDefaultAsync(cancellation);
        var record = await db.MemberRecords.FirstOrDefaultAsync(r => r.PersonId == client.PersonId, cancellation);
        var names = new[] { record?.Name, client.Intake?.Contact?.Name };
        var numbers = new[] { phone is null ? null : cipher.Open(SetPhone.Place, client.PersonId, phone), client.Intake?.Contact?.Phone };
        var employer = new[] { record?.EmployerName };
        return Identifying.Without(text, Identifying.OnlyIn(text, names.OfType<string>(), numbers.OfType<string>(), employer.OfType<string>()));
    }
}
