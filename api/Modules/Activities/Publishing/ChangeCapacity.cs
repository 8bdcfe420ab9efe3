using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Allocating;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>
/// The organiser gives a group of a published activity more places or fewer. More go to the waiting line at once;
/// fewer than are taken only by her explicit choice, which puts the newest back at the head of the line, also where
/// the activity has no waiting list otherwise.
/// </summary>
internal static class ChangeCapacity
{
    /// <param name="Version">The version that was read.</param>
    /// <param name="Capacity">Places of the group from now on.</param>
    /// <param name="MoveNewest">true: when more are taken, the newest go back to the waiting line.</param>
    /// <param name="Reason">Told to those who go back to the line.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed, Between(1, 100_000)] int? Capacity,
        bool? MoveNewest,
        [property: Needed, LengthBetween(2, 300)] string? Reason);

    /// <param name="Version">The version now.</param>
    /// <param name="Waiting">How many stand in the line.</param>
    /// <param name="Moved">How many went back to the line.</param>
    public sealed record Response(int Version, int Capacity, int Taken, int Waiting, int Moved);

    /// <summary>调整名额 (change the capacity of a group).</summary>
    /// <param name="id">The activity.</param>
    /// <param name="groupId">One of its groups.</param>
    /// <response code="409">capacity_below_taken tells how many are taken.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, string groupId, Request request, Caller caller, Reach reach, Database database, WaitingLine line, Displacement displacement, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        var response = await database.TransactAsync(
            async db =>
            {
                var turn = await ActivityDrafts.TakeTurnAsync(db, id, reach, cancellation);
                var activity = turn.Activity;
                var group = turn.Groups.FirstOrDefault(g => g.Row.Id == groupId) ?? throw new Refusal(CommonProblems.NotFound);
                var now = clock.Milliseconds();
                Refuse(activity, group, request, now);
                await RefuseDuringDrawAsync(db, activity, now, cancellation);

                var more = request.Capacity!.Value - group.Capacity;
                group.Capacity = request.Capacity!.Value;
                await db.ActivityGroups.Where(g => g.Id == groupId)
                    .Set(g => g.DeclaredCapacity, g => (g.DeclaredCapacity ?? g.Capacity) + more).UpdateAsync(cancellation);
                var moved = group.Free < 0 ? await displacement.MoveAsync(db, turn, group, request.Reason!, caller, now, cancellation) : 0;
                await line.PromoteAsync(db, turn, now, cancellation);
                await turn.SaveAsync(db);
                await WriteAsync(db, activity, request, caller, cipher, now, cancellation);
                return new Response(activity.Version + 1, group.Capacity, group.Taken, group.Waiting, moved);
            },
            cancellation);
        return TypedResults.Ok(response);
    }

    private static void Refuse(ActivityRow activity, GroupPlaces group, Request request, long now)
    {
        var phase = Phases.Of(activity, now);
        if (phase is not (Phase.Announced or Phase.Open or Phase.Closed or Phase.Running))
        {
            throw new Refusal(phase == Phase.Unpublished ? ActivitiesProblems.NotPublished : ActivitiesProblems.ActivityOver)
            {
                Present = new { activity.State, activity.Version },
            };
        }

        if (activity.Version != request.Version)
        {
            throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { activity.Version, group.Capacity, group.Taken } };
        }

        if (request.Capacity >= group.Taken)
        {
            return;
        }

        if (request.MoveNewest != true)
        {
            throw new Refusal(
                ActivitiesProblems.CapacityBelowTaken,
                $"此名额组已有 {group.Taken} 个名额被占用,不能直接减到 {request.Capacity} 个。可以减到 {group.Taken} 个,或明确选择把最后报名的人移回候补。")
            {
                Present = new { activity.Version, group.Capacity, group.Taken },
            };
        }

        if (phase == Phase.Running)
        {
            throw new Refusal(ActivitiesProblems.HasStarted, "活动已经开始,不能再把已有名额的人移回候补。");
        }
    }

    /// <summary>The list that was frozen at closing tells the places to draw for.</summary>
    private static async Task RefuseDuringDrawAsync(Db db, ActivityRow activity, long now, CancellationToken cancellation)
    {
        if (activity.Allocation == Allocation.Draw && now >= activity.ClosesAt && !await db.Allocations.AnyAsync(a => a.ActivityId == activity.Id, cancellation))
        {
            throw new Refusal(ActivitiesProblems.BeingDrawn) { Present = new { activity.Version } };
        }
    }

    private static async Task WriteAsync(Db db, ActivityRow activity, Request request, Caller caller, FieldCipher cipher, long now, CancellationToken cancellation)
    {
        var stepId = Ids.New();

        // The turn holds the row, and the version was read under it.
        await db.Activities.Where(a => a.Id == activity.Id && a.Version == activity.Version)
            .Set(a => a.Version, activity.Version + 1).Set(a => a.UpdatedAt, now).UpdateAsync(cancellation);
        await db.InsertAsync(
            new ActivityStepRow
            {
                Id = stepId,
                ActivityId = activity.Id,
                Kind = ActivityStepKind.CapacityChange,
                PersonId = caller.PersonId,
                ReasonSealed = cipher.Seal(ActivityStepRow.ReasonPlace, stepId, request.Reason!),
                At = now,
            },
            token: cancellation);
        await Audit.WriteAsync(db, caller, "activity_capacity_change", "activity", activity.Id, now);
    }
}
