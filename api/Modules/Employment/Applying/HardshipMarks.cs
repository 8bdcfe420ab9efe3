using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>就业困难人员 (河南省就业促进条例 第四十三条) and families in hardship: why somebody is to be helped first.</summary>
public enum HardshipBasis
{
    /// <summary>困难职工家庭成员.</summary>
    HardshipFamily,

    /// <summary>零就业家庭成员.</summary>
    ZeroEmploymentFamily,

    /// <summary>距法定退休年龄不足十年的登记失业人员.</summary>
    NearRetirement,

    /// <summary>连续失业一年以上.</summary>
    LongUnemployed,

    /// <summary>困难家庭中就业困难的高校毕业生.</summary>
    HardshipGraduate,

    /// <summary>就业困难的被征地农民.</summary>
    LandlessFarmer,

    /// <summary>失业残疾人.</summary>
    Disabled,

    /// <summary>失业的城镇复转军人.</summary>
    Veteran,

    /// <summary>失业的县级以上劳动模范.</summary>
    ModelWorker,

    /// <summary>失业的军烈属.</summary>
    MartyrFamily,

    /// <summary>抚养未成年人的单亲失业人员.</summary>
    SingleParent,

    /// <summary>其他.</summary>
    Other,
}

/// <summary>An officer who has seen the proof marks an applicant, or takes the mark away. No employer learns of either.</summary>
internal static class HardshipMarks
{
    public sealed record Request([property: Needed, KnownWord] HardshipBasis? Basis);

    /// <summary>标记就业困难人员 (mark an applicant as to be helped first).</summary>
    /// <param name="id">The application.</param>
    /// <response code="409">own_vacancy_application.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, Caller caller, FieldCipher cipher, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            await database.TransactAsync(Work, cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Marked twice at once: the other one is in by now.
            await database.TransactAsync(Work, cancellation);
        }

        return TypedResults.NoContent();

        async Task Work(Db db)
        {
            var now = clock.Milliseconds();
            var personId = (await Applicants.FindAsync(db, id, caller, cancellation)).Applicant.Application.PersonId;
            if (await db.IsOneHumanAsync(personId, caller.PersonId, cancellation))
            {
                throw new Refusal(EmploymentProblems.OwnApplication);
            }

            var live = await db.HardshipMarks.FirstOrDefaultAsync(m => m.LivePersonId == personId, cancellation);
            if (live is not null && Open(live, cipher) == request.Basis)
            {
                return;
            }

            await EndAsync(db, personId, caller, now, cancellation);
            var markId = Ids.New();
            await db.InsertAsync(
                new HardshipMarkRow
                {
                    Id = markId,
                    PersonId = personId,
                    LivePersonId = personId,
                    BasisSealed = cipher.Seal(HardshipMarkRow.BasisPlace, markId, JsonSerializer.Serialize(request.Basis, ContractJson.Stored)),
                    MadeBy = caller.PersonId,
                    At = now,
                },
                token: cancellation);
            await Audit.WriteAsync(db, caller, "mark_hardship", "person", personId, now, personId);
        }
    }

    /// <summary>取消标记 (take the mark away). Repeating it changes nothing.</summary>
    /// <param name="id">The application.</param>
    internal static async Task<NoContent> HandleRemoval(string id, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                var personId = await Applicants.PersonInReachAsync(db, id, caller, cancellation);
                if (await EndAsync(db, personId, caller, now, cancellation) > 0)
                {
                    await Audit.WriteAsync(db, caller, "unmark_hardship", "person", personId, now, personId);
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }

    public static HardshipBasis Open(HardshipMarkRow mark, FieldCipher cipher) =>
        JsonSerializer.Deserialize<HardshipBasis>(cipher.Open(HardshipMarkRow.BasisPlace, mark.Id, mark.BasisSealed), ContractJson.Stored);

    public static Task<int> EndAsync(Db db, string personId, Caller caller, long now, CancellationToken cancellation) =>
        db.HardshipMarks.Where(m => m.LivePersonId == personId)
            .Set(m => m.LivePersonId, (string?)null).Set(m => m.EndedBy, caller.PersonId).Set(m => m.EndedAt, now).UpdateAsync(cancellation);
}
