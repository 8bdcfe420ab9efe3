using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Singles.Reports;

namespace WeChatUnion.Api.Modules.Singles.Plates;

/// <summary>
/// Who comes in to a singles' evening gets the next plate of her sex, once an evening. The activity's turn puts all of
/// them in one order; the UNIQUE behind it would refuse a number given twice.
/// </summary>
internal sealed class GivePlates(FieldCipher cipher)
{
    public async Task FollowCheckInAsync(Db db, string activityId, EnrolmentRow enrolment, long now, CancellationToken cancellation)
    {
        var sex = SexOf(enrolment);
        if (sex is not (Plate.Man or Plate.Woman) || !await db.Activities.AnyAsync(a => a.Id == activityId && a.Kind == ActivityKind.Singles, cancellation))
        {
            return;
        }

        // Who was barred after she signed up does not come in.
        if ((await Bars.OfAsync(db, [enrolment.PersonId], cipher, now, cancellation)).TryGetValue(enrolment.PersonId, out var barred))
        {
            throw new Refusal(SinglesProblems.Barred, barred);
        }

        await db.ExecuteAsync("UPDATE activities SET turn = turn + 1 WHERE id = @activityId", new { activityId }, cancellation);
        if (await db.Plates.AnyAsync(p => p.ActivityId == activityId && p.PersonId == enrolment.PersonId, cancellation))
        {
            return;
        }

        var last = await db.Plates.Where(p => p.ActivityId == activityId && p.Sex == sex).MaxAsync(p => (int?)p.Number, cancellation);
        await db.InsertAsync(
            new PlateRow { Id = Ids.New(), ActivityId = activityId, PersonId = enrolment.PersonId, Sex = sex, Number = (last ?? 0) + 1, GivenAt = now },
            token: cancellation);
    }

    /// <summary>As the register said when her sign-up was decided; a singles' evening lets in nobody whose sex it does not know.</summary>
    private static string? SexOf(EnrolmentRow enrolment) => JsonSerializer.Deserialize<FactsSeen>(enrolment.Facts, ContractJson.Stored)!.Sex;
}
