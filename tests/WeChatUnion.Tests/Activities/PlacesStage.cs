using System.Globalization;
using LinqToDB;
using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Activities.Allocating;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

/// <summary>Plays plans in a house, each on an activity of its own, and holds the database against the model.</summary>
internal sealed class PlacesStage(TestHouse house, IReadOnlyList<Comer> people, PlacesDeeds deeds)
{
    public const int People = 7;

    /// <summary>What earlier plans left would only be other activities at the same time, and points.</summary>
    private const string Sweep = """
        BEGIN; DELETE FROM check_ins; DELETE FROM enrolment_steps; DELETE FROM enrolments; DELETE FROM attendance_closings;
        DELETE FROM allocations; DELETE FROM draw_values; DELETE FROM draw_lists; DELETE FROM draws;
        DELETE FROM activity_steps; DELETE FROM activity_groups; DELETE FROM activity_sessions; DELETE FROM activities;
        DELETE FROM conduct_points; DELETE FROM idempotency_keys; COMMIT
        """;

    public static async Task<PlacesStage> BuildAsync(TestHouse house)
    {
        var people = await Crowd.JoinAsync(house.Database, People, house.Clock.GetUtcNow(), i => i % 2 == 0 ? "1" : "2");
        return new PlacesStage(house, people, await PlacesDeeds.PrepareAsync(house, people));
    }

    /// <summary>The first difference between what the model says and what is so, or null.</summary>
    public async Task<string?> PlayAsync(Plan plan)
    {
        await house.Execute(Sweep);
        var opens = house.Clock.Milliseconds();
        var groups = new[] { Crowd.Group(plan.Men, new EligibilityRules(Sex: "1")), Crowd.Group(plan.Women, new EligibilityRules(Sex: "2")), Crowd.Group(1) };
        byte[]? secret = null;
        var activity = "";
        var model = new PlacesModel(plan, opens, number => Drawing.Score(secret!, PlacesDeeds.DrawnValue, activity, number));
        activity = await Crowd.OpenAsync(house.Database, house.Clock.GetUtcNow(), a => Planned(a, plan, model), groups);
        secret = plan.Mode == Allocation.Draw ? await CommitAsync(activity, model) : null;
        var played = new PlacesDeeds.Played(activity, plan.Mode, [.. groups.Select(g => g.Id)]);
        for (var i = 0; i < plan.Deeds.Length; i++)
        {
            await DoAsync(plan.Deeds[i], model, played);
            var (said, seen) = (model.Picture().ToList(), await PictureAsync(played));
            if (!said.SequenceEqual(seen))
            {
                return $"After deed {i + 1}, {plan.Deeds[i]}: the model says {string.Join(", ", said)}; there is {string.Join(", ", seen)}.";
            }

            if (await BrokenAsync(activity) is { Count: > 0 } broken)
            {
                return $"After deed {i + 1}, {plan.Deeds[i]}: {string.Join(", ", broken)}.";
            }
        }

        return null;
    }

    private static ActivityRow Planned(ActivityRow activity, Plan plan, PlacesModel model) => activity with
    {
        Allocation = plan.Mode,
        HasWaitingList = plan.HasLine,
        MostGuests = 1,
        OfferHours = PlacesModel.OfferHours,
        ClosesAt = model.ClosesAt,
        CancelUntil = model.StartsAt,
        StartsAt = model.StartsAt,
        EndsAt = model.EndsAt,
        MergesAt = plan.Merges ? model.MergesAt : null,
    };

    private async Task<byte[]> CommitAsync(string activity, PlacesModel model)
    {
        var secrets = house.Services.GetRequiredService<DrawSecrets>();
        var row = new DrawRow { ActivityId = activity, Source = DrawValueForm.UsualSource, Issue = "2026136", KnownAt = model.ClosesAt };
        return await house.Database.TransactAsync(
            async db =>
            {
                await db.InsertAsync(row);
                await secrets.CommitAsync(db, activity, deeds.Officer, house.Clock.Milliseconds(), CancellationToken.None);
                return secrets.Open(db.Draws.Single(d => d.ActivityId == activity));
            },
            CancellationToken.None);
    }

    private async Task DoAsync(Deed deed, PlacesModel model, PlacesDeeds.Played played)
    {
        const long Minute = 60_000;
        var now = house.Clock.Milliseconds();
        long? to = deed switch
        {
            Deed.Wait(var hours) => now + (hours * PlacesModel.Hour),
            Deed.Merge => model.MergesAt,
            Deed.Close => model.ClosesAt + Minute,
            Deed.Doors => model.StartsAt - (30 * Minute),
            Deed.Begin => model.StartsAt + (30 * Minute),
            _ => null,
        };
        if (to is null)
        {
            var aimed = model.Aimed(deed);
            await deeds.DoAsync(aimed, played);
            model.Do(aimed, now);
            return;
        }

        house.Clock.SetUtcNow(DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(now, to.Value)));
        await deeds.WorkAsync();
        model.Pass(house.Clock.Milliseconds());
    }

    private async Task<List<string>> PictureAsync(PlacesDeeds.Played played)
    {
        await using var db = house.Database.Open();
        var rows = await db.QueryToListAsync<string>(
            $"""
            SELECT live_person_id || ' ' || group_id || ' ' || state || ' ' || COALESCE(line, 0) || ' ' || CASE
            WHEN EXISTS (SELECT 1 FROM check_ins c WHERE c.enrolment_id = e.id) THEN 'in'
            WHEN EXISTS (SELECT 1 FROM enrolment_steps s WHERE s.enrolment_id = e.id AND s.kind = 'no_show') THEN 'absent' ELSE '-' END
            FROM enrolments e WHERE activity_id = '{played.Activity}' AND live_person_id IS NOT NULL
            """);
        var ids = people.Select(p => p.PersonId).ToList();
        var living = rows.Select(r => r.Split(' ')).Select(r => (
            Person: ids.IndexOf(r[0]),
            Group: Array.IndexOf(played.Groups, r[1]),
            State: Enum.Parse<EnrolmentState>(r[2], ignoreCase: true),
            Line: int.Parse(r[3], CultureInfo.InvariantCulture),
            Came: r[4])).ToList();
        var places = await db.QueryToListAsync<string>($"SELECT taken || '/' || capacity FROM activity_groups WHERE activity_id = '{played.Activity}' ORDER BY position");
        return [.. living.OrderBy(l => l.Person).Select(l => $"{l.Person} {l.Group} {l.State} {Position(l.State, l.Group, l.Line)} {l.Came}"), .. places];

        int Position(EnrolmentState state, int group, int line) => state == EnrolmentState.Waiting
            ? 1 + living.Count(o => o.State == EnrolmentState.Waiting && o.Group == group && o.Line < line)
            : 0;
    }

    /// <summary>What must be so whatever was done, asked of the rows alone.</summary>
    private async Task<List<string>> BrokenAsync(string activity)
    {
        const string Live = "e.state IN ('enrolled', 'offered', 'waiting', 'applied')";
        await using var db = house.Database.Open();
        return await db.QueryToListAsync<string>(
            $"""
            SELECT 'taken is not who has a place' FROM activity_groups g WHERE g.activity_id = '{activity}' AND g.taken <>
                (SELECT COALESCE(SUM(1 + e.guests), 0) FROM enrolments e WHERE e.group_id = g.id AND e.state IN ('enrolled', 'offered'))
            UNION ALL SELECT 'waiting is not who waits' FROM activity_groups g WHERE g.activity_id = '{activity}' AND g.waiting <>
                (SELECT COUNT(*) FROM enrolments e WHERE e.group_id = g.id AND e.state = 'waiting')
            UNION ALL SELECT 'a group is oversold' FROM activity_groups g WHERE g.activity_id = '{activity}' AND g.taken > g.capacity
            UNION ALL SELECT 'a person twice' FROM enrolments e WHERE e.activity_id = '{activity}' AND {Live} GROUP BY e.person_id HAVING COUNT(*) > 1
            UNION ALL SELECT 'a number twice' FROM enrolments e WHERE e.activity_id = '{activity}' GROUP BY e.number HAVING COUNT(*) > 1
            UNION ALL SELECT 'living, and not: ' || e.state FROM enrolments e WHERE e.activity_id = '{activity}' AND ({Live}) <> (e.live_person_id IS NOT NULL)
            UNION ALL SELECT 'two at one position of a line' FROM enrolments e WHERE e.activity_id = '{activity}' AND e.state = 'waiting'
                GROUP BY e.group_id HAVING COUNT(DISTINCT e.line) <> COUNT(*)
            UNION ALL SELECT 'checked in without a place: ' || e.state FROM enrolments e JOIN check_ins c ON c.enrolment_id = e.id
                WHERE e.activity_id = '{activity}' AND e.state <> 'enrolled'
            """);
    }
}
