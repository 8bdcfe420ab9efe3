using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Activities.Publishing;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <summary>What the steps of a draw refuse alike.</summary>
internal static class DrawValues
{
    /// <summary>The turn and the declaration of a published draw in reach that has not been carried out.</summary>
    public static async Task<(Turn Turn, DrawRow Draw)> FindDrawAsync(Db db, string activityId, Reach reach, long now, CancellationToken cancellation)
    {
        var turn = await ActivityDrafts.TakeTurnAsync(db, activityId, reach, cancellation);
        var draw = await db.Draws.FirstOrDefaultAsync(d => d.ActivityId == activityId, cancellation);
        if (draw?.Commitment is null)
        {
            throw new Refusal(ActivitiesProblems.NotADraw);
        }

        await AllocatingPlaces.RefuseUnlessDueAsync(db, turn.Activity, now, cancellation);
        return now >= draw.KnownAt ? (turn, draw) : throw new Refusal(ActivitiesProblems.AllocationNotDue, "公开值尚未公布,请在公布之后录入。");
    }

    /// <summary>A value that still awaits its check.</summary>
    public static async Task<DrawValueRow> FindOpenAsync(Db db, string activityId, string valueId, CancellationToken cancellation)
    {
        var value = await db.DrawValues.FirstOrDefaultAsync(v => v.Id == valueId && v.ActivityId == activityId, cancellation)
            ?? throw new Refusal(CommonProblems.NotFound);
        return value.State == DrawValueState.Entered
            ? value
            : throw new Refusal(ActivitiesProblems.DrawValueDecided) { Present = new { value.State } };
    }
}
