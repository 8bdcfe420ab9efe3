using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.RateLimits;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Oversight;

/// <summary>Looks at secrets with a reason, and who looked at whom.</summary>
internal static class OversightModule
{
    public static IServiceCollection AddOversight(this IServiceCollection services) => services
        .AddSingleton<GuardedLooks>()
        .AddSingleton<DataAccesses>()
        .AddSingleton(new SealedColumn("unmaskings", "id", "reason_sealed", UnmaskingRow.ReasonPlace))
        .AddSingleton(new SealedColumn("search_reasons", "audit_entry_id", "reason_sealed", SearchReasonRow.ReasonPlace))
        .AddSingleton(new Look(Unmask.Deed, "查看了一项完整信息"))
        .AddSingleton(new Look(Searches.HitDeed, "查找时看到(号码已遮盖)"))
        .AddSingleton(new Look(ListDataAccesses.Deed, "查看了您的信息被谁看过"));

    public static void Map(Routes routes)
    {
        routes.Worker.MapGet("/me/data-accesses", ListMyDataAccesses.Handle).WithTags("监督").RequireAuthorization(Policies.Worker);

        var office = routes.Office.MapGroup("").WithTags("监督");
        office.MapPost("/unmaskings", Unmask.Handle).RequireAuthorization(Policies.Unmask)
            .NeedsNoKey("each look is a deed of its own, counted and written down; its answer must not be stored to be repeated")
            .Refuses(CommonProblems.NotFound, CommonProblems.TooMany);

        var audit = office.MapGroup("").RequireAuthorization(Policies.ReadAudit);
        audit.MapGet("/audit-entries", ListAuditEntries.Handle).IsCostly();
        audit.MapGet("/data-accesses", ListDataAccesses.Handle).IsCostly();
    }
}
