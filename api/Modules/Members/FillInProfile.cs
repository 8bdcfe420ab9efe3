using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>Third step of the application: education, household, skills.</summary>
internal static class FillInProfile
{
    /// <param name="Version">The application's version as last read.</param>
    /// <param name="Education">Code of the table <c>education</c>.</param>
    /// <param name="PoliticalStatus">Code of the table <c>political_status</c>.</param>
    /// <param name="HouseholdType">Code of the table <c>household_type</c>.</param>
    /// <param name="HouseholdDivision">户籍所在地, 6 digits.</param>
    /// <param name="HomeDivision">现居住地, 9 or 12 digits.</param>
    /// <param name="IsMigrant">是否农民工.</param>
    /// <param name="SkillLevel">Code of the table <c>skill_level</c>.</param>
    /// <param name="TechnicalTitle">Code of the table <c>technical_title</c>.</param>
    /// <param name="ModelWorker">Code of the table <c>model_worker</c>.</param>
    public sealed record Request(
        int? Version,
        [property: Needed, CodeOf("education")] string? Education,
        [property: CodeOf("political_status")] string? PoliticalStatus,
        [property: CodeOf("household_type")] string? HouseholdType,
        [property: Form("^[0-9]{6}$", "请填写 6 位行政区划代码。")] string? HouseholdDivision,
        [property: Form("^([0-9]{9}|[0-9]{12})$", "请选择乡镇或村(社区)。")] string? HomeDivision,
        bool? IsMigrant,
        [property: CodeOf("skill_level")] string? SkillLevel,
        [property: CodeOf("technical_title")] string? TechnicalTitle,
        [property: CodeOf("model_worker")] string? ModelWorker);

    /// <param name="Version">The application's version now.</param>
    public sealed record Response(int Version);

    /// <summary>入会申请:个人情况 (application, step 3).</summary>
    internal static async Task<Ok<Response>> Handle(Request request, Caller caller, Drafts drafts, CancellationToken cancellation)
    {
        var version = await drafts.FillInAsync(
            caller,
            request.Version,
            async (db, record) =>
            {
                await CheckHomeAsync(db, request.HomeDivision, cancellation);
                return record with
                {
                    Education = request.Education,
                    PoliticalStatus = request.PoliticalStatus,
                    HouseholdType = request.HouseholdType,
                    HouseholdDivision = request.HouseholdDivision,
                    HomeDivision = request.HomeDivision,
                    IsMigrant = request.IsMigrant,
                    SkillLevel = request.SkillLevel,
                    TechnicalTitle = request.TechnicalTitle,
                    ModelWorker = request.ModelWorker,
                };
            },
            unionId: null,
            cancellation);
        return TypedResults.Ok(new Response(version));
    }

    internal static async Task CheckHomeAsync(Db db, string? home, CancellationToken cancellation)
    {
        if (home is not null)
        {
            await db.RefuseUnknownDivisionAsync(home, "homeDivision", cancellation);
        }
    }
}
