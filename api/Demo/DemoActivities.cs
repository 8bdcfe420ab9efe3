using System.Globalization;
using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Demo;

/// <summary>
/// Loads <c>seeds/demo/activities.csv</c>: published activities of the county whose sign-up has just opened; dates
/// count from the first start.
/// </summary>
internal sealed class DemoActivities(Database database, TimeProvider clock)
{
    public async Task LoadAsync()
    {
        foreach (var cells in ReferenceFile.Read("activities.csv", "demo"))
        {
            await database.TransactAsync(
                async db =>
                {
                    if (!await db.Activities.AnyAsync(a => a.Title == cells[0]))
                    {
                        await AddAsync(db, cells);
                    }
                },
                CancellationToken.None);
        }
    }

    private async Task AddAsync(Db db, string[] cells)
    {
        var now = clock.Milliseconds();
        var organiser = await db.StaffAccounts.Where(a => a.Name == "organiser").Select(a => a.PersonId).FirstAsync();
        var chair = await db.StaffAccounts.Where(a => a.Name == "chair").Select(a => a.PersonId).FirstAsync();
        var starts = now + Milliseconds(TimeSpan.FromDays(Number(cells[6])));
        var activity = new ActivityRow
        {
            Id = Ids.New(),
            UnionId = await db.Unions.Where(u => u.SeedKey == "county").Select(u => u.Id).FirstAsync(),
            MadeBy = organiser,
            Kind = StoredWord<ActivityKind>.Read(cells[1]),
            Title = cells[0],
            Body = cells[2],
            Place = cells[3],
            DivisionCode = cells[4],
            Allocation = StoredWord<Allocation>.Read(cells[5]),
            State = ActivityState.Published,
            OpensAt = now,
            ClosesAt = starts - Milliseconds(TimeSpan.FromDays(1)),
            CancelUntil = starts - Milliseconds(TimeSpan.FromDays(1)),
            StartsAt = starts,
            EndsAt = starts + Milliseconds(TimeSpan.FromHours(Number(cells[7]))),
            MostGuests = cells[1] == "singles" ? 0 : 1,
            HasWaitingList = true,
            OfferHours = 24,
            Turn = 0,
            LastNumber = 0,
            Version = 3,
            PublishedAt = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await db.InsertAsync(activity);
        await db.InsertAsync(new SessionRow { Id = Ids.New(), ActivityId = activity.Id, Position = 0, StartsAt = starts, EndsAt = activity.EndsAt });
        await db.InsertManyAsync(cells[8].Split('|').Select((g, i) => GroupOf(activity.Id, i, g.Split(':'))));
        await db.InsertManyAsync(new[] { (ActivityStepKind.Submission, organiser), (ActivityStepKind.Approval, chair) }
            .Select(s => new ActivityStepRow { Id = Ids.New(), ActivityId = activity.Id, Kind = s.Item1, PersonId = s.Item2, At = now }));
    }

    private static GroupRow GroupOf(string activityId, int position, string[] parts) => new()
    {
        Id = Ids.New(),
        ActivityId = activityId,
        Position = position,
        Name = parts[0],
        Capacity = Number(parts[1]),
        Taken = 0,
        LastLine = 0,
        Rules = JsonSerializer.Serialize(
            parts[2] switch
            {
                "members" => new EligibilityRules(MembersOnly: true),
                "men" => new EligibilityRules(MembersOnly: true, Sex: "1"),
                "women" => new EligibilityRules(MembersOnly: true, Sex: "2"),
                _ => new EligibilityRules(),
            },
            ContractJson.Stored),
    };

    private static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
