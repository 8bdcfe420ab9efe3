using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>Second step of the application: where I work and which union I join.</summary>
internal static class FillInWork
{
    /// <param name="Version">The application's version as last read.</param>
    /// <param name="UnionId">The employer's union, or a holding union (周转库) where the employer has none.</param>
    /// <param name="EmployerName">工作单位; for platform work the platform or station.</param>
    /// <param name="EmploymentStatus">Code of the table <c>employment_status</c>.</param>
    /// <param name="EmploymentForm">Code of the table <c>employment_form</c>.</param>
    /// <param name="NewFormOfEmployment">Code of the table <c>new_form_of_employment</c>; 0 when none.</param>
    public sealed record Request(
        int? Version,
        [property: Needed, Id] string? UnionId,
        [property: Needed, LengthBetween(2, 120)] string? EmployerName,
        [property: LengthBetween(0, 60)] string? Department,
        [property: LengthBetween(0, 60)] string? Post,
        [property: Needed, CodeOf("employment_status")] string? EmploymentStatus,
        [property: Needed, CodeOf("employment_form")] string? EmploymentForm,
        [property: Needed, CodeOf("new_form_of_employment")] string? NewFormOfEmployment);

    /// <param name="Version">The application's version now.</param>
    public sealed record Response(int Version);

    /// <summary>入会申请:工作单位 (application, step 2).</summary>
    internal static async Task<Ok<Response>> Handle(Request request, Caller caller, Drafts drafts, CancellationToken cancellation)
    {
        var version = await drafts.FillInAsync(
            caller,
            request.Version,
            async (db, record) =>
            {
                if (!await db.MayJoinAsync(request.UnionId!, cancellation))
                {
                    throw new Refusal(MembersProblems.UnionClosed);
                }

                return record with
                {
                    EmployerName = request.EmployerName,
                    Department = request.Department,
                    Post = request.Post,
                    EmploymentStatus = request.EmploymentStatus,
                    EmploymentForm = request.EmploymentForm,
                    NewForm = request.NewFormOfEmployment,
                };
            },
            request.UnionId,
            cancellation);
        return TypedResults.Ok(new Response(version));
    }
}
