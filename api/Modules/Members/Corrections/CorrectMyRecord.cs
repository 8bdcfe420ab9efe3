using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Corrections;

/// <summary>A member keeps the harmless part of her form up to date herself; what stood there before is kept.</summary>
internal static class CorrectMyRecord
{
    /// <param name="Version">The version that came with the form.</param>
    /// <param name="Education">Code of the table <c>education</c>.</param>
    /// <param name="Department">This and every following field: null clears it.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed, CodeOf("education")] string? Education,
        [property: LengthBetween(0, 60)] string? Department,
        [property: LengthBetween(0, 60)] string? Post,
        [property: CodeOf("political_status")] string? PoliticalStatus,
        [property: CodeOf("household_type")] string? HouseholdType,
        [property: Form("^[0-9]{6}$", "请填写 6 位行政区划代码。")] string? HouseholdDivision,
        [property: Form("^([0-9]{9}|[0-9]{12})$", "请选择乡镇或村(社区)。")] string? HomeDivision,
        [property: CodeOf("skill_level")] string? SkillLevel,
        [property: CodeOf("technical_title")] string? TechnicalTitle);

    /// <param name="Version">The version now.</param>
    public sealed record Response(int Version);

    /// <summary>更新我的登记表 (update my registration form).</summary>
    internal static async Task<Ok<Response>> Handle(
        Request request, Caller caller, Correcting correcting, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var version = await database.TransactAsync(
            async db =>
            {
                var membership = await db.Memberships.FirstOrDefaultAsync(m => m.LivePersonId == caller.PersonId, cancellation)
                    ?? throw new Refusal(MembersProblems.NotMember);
                var record = await db.MemberRecords.FirstAsync(r => r.PersonId == caller.PersonId, cancellation);
                await FillInProfile.CheckHomeAsync(db, request.HomeDivision, cancellation);
                var after = correcting.Differing(record, ValuesOf(request));
                if (after.Count == 0)
                {
                    return membership.Version;
                }

                if (request.Version != membership.Version)
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { membership.Version } };
                }

                var now = clock.Milliseconds();
                var correction = correcting.New(Ids.New(), membership, record, after, null, caller.PersonId, now);
                await db.InsertAsync(correction, token: cancellation);
                await correcting.ApplyAsync(db, correction, membership, record, caller.PersonId, now, cancellation);
                await Audit.WriteAsync(db, caller, "correct_own_record", "membership", membership.Id, now);
                return membership.Version + 1;
            },
            cancellation);
        return TypedResults.Ok(new Response(version));
    }

    private static Dictionary<string, string?> ValuesOf(Request request) => new()
    {
        ["education"] = request.Education,
        ["department"] = request.Department,
        ["post"] = request.Post,
        ["politicalStatus"] = request.PoliticalStatus,
        ["householdType"] = request.HouseholdType,
        ["householdDivision"] = request.HouseholdDivision,
        ["homeDivision"] = request.HomeDivision,
        ["skillLevel"] = request.SkillLevel,
        ["technicalTitle"] = request.TechnicalTitle,
    };
}
