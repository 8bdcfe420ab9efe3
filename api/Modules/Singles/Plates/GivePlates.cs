using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Entries;
using WeChatUnion.Api.Modules.Singles.Reports;

namespace WeChatUnion.Api.Modules.Singles.Plates;

/// <summary>
/// Who comes in to a singles' evening gets the next plate of her sex, once an evening. The activity's turn puts all of
/// them in one order; the UNIQUE behind it would refuse a number given twice.
/// </summary>
internal sealed class GivePlates(FieldCipher cipher)
{
    public async Task FollowCheckInAsync(Db db, ActivityRow activity, EnrolmentRow enrolment, Caller caller, long now, CancellationToken cancellation)
    {
        if (activity.Kind != ActivityKind.Singles)
        {
            return;
        }

        var sex = SexOf(enrolment);
        if (sex is not (Plate.Man or Plate.Woman))
        {
            return;
        }

        if (await ObjectionAsync(db, enrolment.PersonId, now, cancellation) is { } objection)
        {
            throw caller.Kind == SessionKind.Staff ? new Refusal(SinglesProblems.MayNotComeIn) : objection;
        }

        await db.ExecuteAsync("UPDATE activities SET turn = turn + 1 WHERE id = @Id", new { activity.Id }, cancellation);
        if (await db.Plates.AnyAsync(p => p.ActivityId == activity.Id && p.PersonId == enrolment.PersonId, cancellation))
        {
            return;
        }

        var last = await db.Plates.Where(p => p.ActivityId == activity.Id && p.Sex == sex).MaxAsync(p => (int?)p.Number, cancellation);
        await db.InsertAsync(
            new PlateRow { Id = Ids.New(), ActivityId = activity.Id, PersonId = enrolment.PersonId, Sex = sex, Number = (last ?? 0) + 1, GivenAt = now },
            token: cancellation);
    }

    /// <summary>What became of her since she signed up: taken back what she agreed to or declared, or barred.</summary>
    private async Task<Refusal?> ObjectionAsync(Db db, string personId, long now, CancellationToken cancellation)
    {
        if (await db.LiveConsentAsync(personId, SinglesConsents.Purpose, cancellation) is null)
        {
            return new Refusal(SinglesProblems.ConsentNeeded);
        }

        if (await db.LiveConsentAsync(personId, SinglesConsents.Declaration, cancellation) is null)
        {
            return new Refusal(SinglesProblems.DeclarationNeeded);
        }

        return (await Bars.OfAsync(db, [personId], cipher, now, cancellation)).TryGetValue(personId, out var barred)
            ? new Refusal(SinglesProblems.Barred, barred)
            : null;
    }

    /// <summary>As the register said when her sign-up was decided; a singles' evening lets in nobody whose sex it does not know.</summary>
    private static string? SexOf(EnrolmentRow enrolment) => JsonSerializer.Deserialize<FactsSeen>(enrolment.Facts, ContractJson.Stored)!.Sex;
}
