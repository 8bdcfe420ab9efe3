using System.Globalization;
using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Activities.Enrolling;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

/// <summary>Plays plans in a house, each on an activity of its own, and holds the database against the model.</summary>
internal sealed class PlacesStage(TestHouse house, IReadOnlyList<Comer> people)
{
    public const int People = 10;

    public static async Task<PlacesStage> BuildAsync(TestHouse house) =>
        new(house, await Crowd.JoinAsync(house.Database, People, house.Clock.GetUtcNow(), i => i % 2 == 0 ? "1" : "2"));

    /// <summary>The first difference between what the model says and what is so, or null.</summary>
    public async Task<string?> PlayAsync(Plan plan)
    {
        // What earlier plans left would only be other activities at the same time.
        await house.Execute("DELETE FROM enrolment_steps; DELETE FROM enrolments; DELETE FROM idempotency_keys; DELETE FROM outbox");
        var opens = house.Clock.Milliseconds();
        var groups = new[] { Crowd.Group(plan.Men, new EligibilityRules(Sex: "1")), Crowd.Group(plan.Women, new EligibilityRules(Sex: "2")), Crowd.Group(1) };
        var activity = await Crowd.OpenAsync(house.Database, house.Clock.GetUtcNow(), a => Planned(a, plan, opens), groups);
        var model = new PlacesModel(plan, opens);
        for (var i = 0; i < plan.Deeds.Length; i++)
        {
            await DoAsync(plan, plan.Deeds[i], model, activity, groups, opens);
            var (said, seen) = (model.Picture().ToList(), await PictureAsync(activity, groups));
            if (!said.SequenceEqual(seen))
            {
                return $"After deed {i + 1}, {plan.Deeds[i]}: the model says {string.Join(", ", said)}; there is {string.Join(", ", seen)}.";
            }
        }

        return null;
    }

    private static ActivityRow Planned(ActivityRow activity, Plan plan, long opens)
    {
        var hour = (long)TimeSpan.FromHours(1).TotalMilliseconds;
        var starts = opens + (24 * PlacesModel.BeginsAfterDays * hour);
        return activity with
        {
            HasWaitingList = plan.HasLine,
            MostGuests = 1,
            OfferHours = PlacesModel.OfferHours,
            ClosesAt = opens + (24 * PlacesModel.OpenDays * hour),
            CancelUntil = starts,
            StartsAt = starts,
            EndsAt = starts + hour,
            MergesAt = plan.Merges ? opens + (PlacesModel.MergesAfterHours * hour) : null,
        };
    }

    private async Task DoAsync(Plan plan, Deed deed, PlacesModel model, string activity, Api.Modules.Activities.GroupRow[] groups, long opens)
    {
        var services = house.Services;
        switch (deed)
        {
            case Deed.SignUp wish:
                await SignUpAsync(wish, activity, groups);
                model.SignUp(wish, house.Clock.Milliseconds());
                break;
            case Deed.Cancel cancel:
                await UnlessRefusedAsync(() => CancelEnrolment.Handle(
                    activity, null, null, CallerOf(cancel.Person), house.Database, services.GetRequiredService<WaitingLine>(), services.GetRequiredService<ConductRules>(), house.Clock, CancellationToken.None));
                model.Cancel(cancel.Person, house.Clock.Milliseconds());
                break;
            case Deed.Answer answer:
                await UnlessRefusedAsync(() => AnswerOffer.Handle(
                    activity, new AnswerOffer.Request(answer.Accepts, null), CallerOf(answer.Person), house.Database, services.GetRequiredService<WaitingLine>(), house.Clock, CancellationToken.None));
                model.Answer(answer.Person, answer.Accepts, house.Clock.Milliseconds());
                break;
            case Deed.Wait wait:
                await GoAsync(house.Clock.GetUtcNow().AddHours(wait.Hours));
                break;
            case Deed.Merge:
                await GoAsync(DateTimeOffset.FromUnixTimeMilliseconds(opens).AddHours(PlacesModel.MergesAfterHours));
                break;
        }

        // The program's periodic work; merging comes first, so offers that ran out meanwhile still count as held in it.
        async Task GoAsync(DateTimeOffset to)
        {
            if (to > house.Clock.GetUtcNow())
            {
                house.Clock.SetUtcNow(to);
            }

            var now = house.Clock.Milliseconds();
            await services.GetRequiredService<MergeGroups>().RunAsync(CancellationToken.None);
            var hours = (now - opens) / (long)TimeSpan.FromHours(1).TotalMilliseconds;
            if (plan.Merges && !model.IsMerged && hours >= PlacesModel.MergesAfterHours && hours < 24 * PlacesModel.BeginsAfterDays)
            {
                model.Merge(now);
            }

            await services.GetRequiredService<ExpireOffers>().RunAsync(CancellationToken.None);
            model.Expire(now);
        }
    }

    private async Task SignUpAsync(Deed.SignUp wish, string activity, Api.Modules.Activities.GroupRow[] groups)
    {
        var request = new Enrol.Request(wish.Group == 0 ? null : groups[wish.Group - 1].Id, wish.Guests, null);
        await UnlessRefusedAsync(() => Enrol.Handle(
            activity,
            request,
            new IdempotencyKey(Guid.NewGuid().ToString("N"), $"PUT {Stage.Mine}/{activity}/enrolment"),
            CallerOf(wish.Person),
            house.Services.GetRequiredService<EnrolmentDesk>(),
            house.Clock));
    }

    private Caller CallerOf(int person) => new(people[person].PersonId, people[person].PersonId, SessionKind.Worker, "127.0.0.1");

    private static async Task UnlessRefusedAsync(Func<Task> deed)
    {
        try
        {
            await deed();
        }
        catch (Refusal)
        {
            // The model knows by itself what changes nothing.
        }
    }

    private async Task<List<string>> PictureAsync(string activity, Api.Modules.Activities.GroupRow[] groups)
    {
        await using var db = house.Database.Open();
        var rows = await db.QueryToListAsync<string>(
            $"SELECT live_person_id || ' ' || group_id || ' ' || state || ' ' || COALESCE(line, 0) FROM enrolments WHERE activity_id = '{activity}' AND live_person_id IS NOT NULL");
        var living = rows.Select(r => r.Split(' ')).Select(r => (
            Person: people.Select(p => p.PersonId).ToList().IndexOf(r[0]),
            Group: Array.FindIndex(groups, g => g.Id == r[1]),
            State: Enum.Parse<EnrolmentState>(r[2], ignoreCase: true),
            Line: int.Parse(r[3], CultureInfo.InvariantCulture))).ToList();
        var places = await db.QueryToListAsync<string>($"SELECT taken || '/' || capacity FROM activity_groups WHERE activity_id = '{activity}' ORDER BY position");
        return
        [
            .. living.OrderBy(l => l.Person).Select(l => $"{l.Person} {l.Group} {l.State} {Position(l)}"),
            .. places,
        ];

        int Position((int Person, int Group, EnrolmentState State, int Line) entry) => entry.State == EnrolmentState.Waiting
            ? 1 + living.Count(o => o.State == EnrolmentState.Waiting && o.Group == entry.Group && o.Line < entry.Line)
            : 0;
    }
}
