using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Conduct.Appeals;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Conduct;

/// <summary>The points ledger that activities, counselling and classes share.</summary>
internal static class ConductModule
{
    public static IServiceCollection AddConduct(this IServiceCollection services) =>
        services.AddSingleton(new RetentionRule("forgotten_points", "conduct_points", "expires_at <= @before", "conduct_appeals.point_id"))
            .AddSingleton(new SealedColumn("conduct_appeals", "id", "reason_sealed", ConductAppealRow.ReasonPlace))
            .AddSingleton(new SealedColumn("conduct_appeals", "id", "answer_sealed", ConductAppealRow.AnswerPlace))
            .AddSingleton(new Look(ListAppeals.Deed, "查看了守约记分申诉"))
            .AddSingleton<ConductSources>()
            .AddSingleton<ConductLedger>();

    public static void ReadSettings(SettingsReader reader) =>
        reader.Read<ConductRules>("Conduct", (s, production) => s.Faults(production));

    public static void Map(Routes routes)
    {
        var mine = routes.Worker.MapGroup("/me/conduct-points").WithTags("守约记分").RequireAuthorization(Policies.Worker);
        mine.MapGet("", ListMyPoints.Handle);
        mine.MapPost("/{id:id}/appeals", AppealPoints.Handle)
            .Refuses(CommonProblems.NotFound, ConductProblems.PointsOver, ConductProblems.AppealOpen, ConductProblems.SourceGone);

        var office = routes.Office.MapGroup("/conduct-appeals").WithTags("守约记分").RequireAuthorization(Policies.DecideAppeals);
        office.MapGet("", ListAppeals.Handle);
        office.MapPost("/{id:id}/decision", DecideAppeal.Handle)
            .Refuses(CommonProblems.NotFound, ConductProblems.AppealDecided, ConductProblems.NotYourAppeal);
    }
}
