using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities.Allocating;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>Writes what an organiser's form says into the rows of a draft.</summary>
internal static class ActivityDrafts
{
    private const int UsualOfferHours = 24;

    /// <summary>The row of a new or changed draft; the union must be in reach and the division known.</summary>
    public static async Task<ActivityRow> RowOfAsync(
        Db db, string id, ActivityForm form, Reach reach, Caller caller, ActivityRow? before, long now, CancellationToken cancellation)
    {
        if (!await db.IsInReachAsync(reach, form.UnionId!, cancellation))
        {
            throw new Refusal(CommonProblems.NotFound);
        }

        await db.RefuseUnknownDivisionAsync(form.DivisionCode, "activity.divisionCode", cancellation);

        if (form.CoverFileId is not null && !await ActivityCovers.MayUseAsync(db, caller, form.CoverFileId, cancellation))
        {
            throw Refusal.OfField("activity.coverFileId", "没有这张封面图片,请重新上传。");
        }

        await RefuseUnknownUnionsAsync(db, form, cancellation);
        return new ActivityRow
        {
            Id = id,
            UnionId = form.UnionId!,
            MadeBy = before?.MadeBy ?? caller.PersonId,
            Kind = form.Kind!.Value,
            Title = form.Title!,
            Body = form.Body!,
            Place = form.Place!,
            LatitudeE6 = Millionths(form.Latitude),
            LongitudeE6 = Millionths(form.Longitude),
            DivisionCode = form.DivisionCode!,
            CostNote = form.CostNote,
            Allocation = form.Allocation!.Value,
            State = ActivityState.Draft,
            OpensAt = form.OpensAt!.Value.ToUnixTimeMilliseconds(),
            ClosesAt = form.ClosesAt!.Value.ToUnixTimeMilliseconds(),
            CancelUntil = form.CancelUntil!.Value.ToUnixTimeMilliseconds(),
            StartsAt = form.Sessions!.Min(s => s.StartsAt!.Value).ToUnixTimeMilliseconds(),
            EndsAt = form.Sessions!.Max(s => s.EndsAt!.Value).ToUnixTimeMilliseconds(),
            MostGuests = form.MostGuests ?? 0,
            HasWaitingList = form.HasWaitingList ?? true,
            OfferHours = form.OfferHours ?? UsualOfferHours,
            MergesAt = form.MergesAt?.ToUnixTimeMilliseconds(),
            CoverFileId = form.CoverFileId,
            Turn = before?.Turn ?? 0,
            LastNumber = before?.LastNumber ?? 0,
            Version = (before?.Version ?? 0) + 1,
            CreatedAt = before?.CreatedAt ?? now,
            UpdatedAt = now,
        };
    }

    /// <summary>Sessions, groups and questions of a draft, replacing what was there; nobody has signed up yet.</summary>
    public static async Task WritePartsAsync(Db db, string activityId, ActivityForm form, CancellationToken cancellation)
    {
        await db.ActivitySessions.Where(s => s.ActivityId == activityId).DeleteAsync(cancellation);
        await db.ActivityGroups.Where(g => g.ActivityId == activityId).DeleteAsync(cancellation);
        await db.ActivityQuestions.Where(q => q.ActivityId == activityId).DeleteAsync(cancellation);
        await db.Draws.Where(d => d.ActivityId == activityId).DeleteAsync(cancellation);
        await db.InsertManyAsync(form.Sessions!.OrderBy(s => s.StartsAt).Select((s, i) => new SessionRow
        {
            Id = Ids.New(),
            ActivityId = activityId,
            Position = i,
            Name = s.Name,
            StartsAt = s.StartsAt!.Value.ToUnixTimeMilliseconds(),
            EndsAt = s.EndsAt!.Value.ToUnixTimeMilliseconds(),
        }));
        await db.InsertManyAsync(form.Groups!.Select((g, i) => new GroupRow
        {
            Id = Ids.New(),
            ActivityId = activityId,
            Position = i,
            Name = g.Name!,
            Capacity = g.Capacity!.Value,
            DeclaredCapacity = g.Capacity!.Value,
            Taken = 0,
            LastLine = 0,
            Rules = JsonSerializer.Serialize(g.Rules ?? new EligibilityRules(), ContractJson.Stored),
        }));
        await db.InsertManyAsync((form.Questions ?? []).Select((q, i) => new QuestionRow
        {
            Id = Ids.New(),
            ActivityId = activityId,
            Position = i,
            Kind = q.Kind!.Value,
            Wording = q.Wording!,
            IsRequired = q.IsRequired ?? false,
            Options = q.Kind == QuestionKind.Choice ? JsonSerializer.Serialize(q.Options, ContractJson.Stored) : null,
        }));
        if (form.Draw is { } draw)
        {
            var row = new DrawRow
            {
                ActivityId = activityId,
                Source = draw.Source ?? DrawValueForm.UsualSource,
                Issue = draw.Issue!,
                KnownAt = draw.KnownAt!.Value.ToUnixTimeMilliseconds(),
            };
            await db.InsertAsync(row, token: cancellation);
        }
    }

    /// <summary>The activity if its union is in reach; anything else is not there.</summary>
    public static async Task<ActivityRow> FindAsync(Db db, string id, Reach reach, CancellationToken cancellation)
    {
        var activity = await db.Activities.FirstOrDefaultAsync(a => a.Id == id, cancellation);
        return activity is not null && await db.IsInReachAsync(reach, activity.UnionId, cancellation)
            ? activity
            : throw new Refusal(CommonProblems.NotFound);
    }

    /// <summary>A rule that names a union which is none would close its group, and nobody would know why.</summary>
    private static async Task RefuseUnknownUnionsAsync(Db db, ActivityForm form, CancellationToken cancellation)
    {
        var named = form.Groups!.Select(g => g.Rules?.UnionIds ?? []).ToList();
        var ids = named.SelectMany(u => u).Where(Ids.IsId).Distinct().ToArray();
        var known = ids.Length == 0 ? [] : (await db.Unions.Where(u => ids.Contains(u.Id)).Select(u => u.Id).ToListAsync(cancellation)).ToHashSet();
        var wrong = named.FindIndex(u => !u.All(known.Contains));
        if (wrong >= 0)
        {
            throw Refusal.OfField($"activity.groups[{wrong}].rules.unionIds", "没有这个工会,请从列表中选择。");
        }
    }

    /// <summary>The turn of an activity whose union is in reach; anything else is not there.</summary>
    public static async Task<Turn> TakeTurnAsync(Db db, string id, Reach reach, CancellationToken cancellation) =>
        await Turn.TakeAsync(db, id, cancellation) is { } turn && await db.IsInReachAsync(reach, turn.Activity.UnionId, cancellation)
            ? turn
            : throw new Refusal(CommonProblems.NotFound);

    private static int? Millionths(double? degrees) => degrees is { } d ? (int)Math.Round(d * 1e6) : null;
}
