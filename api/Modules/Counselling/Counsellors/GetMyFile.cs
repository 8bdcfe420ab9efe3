using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>My own file and week.</summary>
internal static class GetMyFile
{
    /// <param name="OtherDays">From today on.</param>
    public sealed record Response(CounsellorFile File, IReadOnlyList<WeekWindow> Windows, IReadOnlyList<OtherDays> OtherDays);

    /// <summary>我的咨询师资料和时段 (my file and week).</summary>
    internal static async Task<Ok<Response>> Handle(Caller caller, FieldCipher cipher, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var today = clock.Today();
        var stored = today.Stored();
        await using var db = database.Open();
        var mine = await db.Counsellors.FirstOrDefaultAsync(c => c.PersonId == caller.PersonId, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        var windows = await db.CounsellorWindows.Where(w => w.CounsellorId == mine.Id)
            .OrderBy(w => w.Weekday).ThenBy(w => w.FromMinute).ThenBy(w => w.Id).ToListAsync(cancellation);
        var others = await db.CounsellorExceptions.Where(e => e.CounsellorId == mine.Id && e.LastOn.CompareTo(stored) >= 0)
            .OrderBy(e => e.FirstOn).ThenBy(e => e.Id).ToListAsync(cancellation);
        return TypedResults.Ok(new Response(CounsellorFile.Of(mine, cipher, today), [.. windows.Select(WeekTimes.Of)], [.. others.Select(WeekTimes.Of)]));
    }
}
