using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>The union tree, administrative divisions, the working-day calendar.</summary>
internal static class UnionsModule
{
    public static IServiceCollection AddUnions(this IServiceCollection services) =>
        services.AddSingleton<IReferenceData, Divisions>().AddSingleton<IReferenceData, Calendar>();

    public static void Map(Routes routes)
    {
        var worker = routes.Worker.MapGroup("").WithTags("工会组织").RequireAuthorization(Policies.Worker);
        worker.MapGet("/divisions/{code:regex(^[0-9]{{2,9}}$)}/divisions", ListDivisions.Handle);
        worker.MapGet("/unions", ListUnions.Handle);
        worker.MapPost("/union-searches", SearchUnions.Handle).NeedsNoKey("a search changes nothing").IsCostly();

        routes.Office.MapGet("/me", GetOfficeMe.Handle).WithTags("身份").RequireAuthorization(Policies.Staff);
    }
}
