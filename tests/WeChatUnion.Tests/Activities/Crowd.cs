using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Tests.Activities;

/// <param name="Token">Of her living session.</param>
internal sealed record Comer(string PersonId, string Token);

/// <summary>Thousands of signed-in members and open activities, written straight into the database within a second.</summary>
internal static class Crowd
{
    private const string Union = "jinsui";

    private static int numbers = 5_000_000;

    /// <param name="sexOf">GB/T 2261.1, by the person's place in the answer; all men when not given.</param>
    public static async Task<IReadOnlyList<Comer>> JoinAsync(Database database, int count, DateTimeOffset at, Func<int, string>? sexOf = null)
    {
        var now = at.ToUnixTimeMilliseconds();
        var people = Enumerable.Range(0, count).Select(_ => new Comer(Ids.New(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)))).ToArray();
        await database.TransactAsync(
            async db =>
            {
                var unionId = await db.Unions.Where(u => u.SeedKey == Union).Select(u => u.Id).FirstAsync();
                await db.InsertManyAsync(people.Select(p => new PersonRow { Id = p.PersonId, CreatedAt = now }));
                await db.InsertManyAsync(people.Select(p => SessionOf(p, now)));
                await db.InsertManyAsync(people.Select((p, i) => new MemberRecordRow
                {
                    PersonId = p.PersonId,
                    Name = "职工",
                    Sex = sexOf?.Invoke(i) ?? "1",
                    BirthOn = "1990-05-01",
                    UpdatedAt = now,
                }));
                await AddMembershipsAsync(db, people, unionId, now);
            },
            CancellationToken.None);
        return people;
    }

    /// <summary>A published activity, open since <paramref name="at"/> for two days, that begins in three.</summary>
    public static async Task<string> OpenAsync(Database database, DateTimeOffset at, Func<ActivityRow, ActivityRow>? change = null, params GroupRow[] groups)
    {
        var now = at.ToUnixTimeMilliseconds();
        var day = (long)TimeSpan.FromDays(1).TotalMilliseconds;
        var id = Ids.New();
        await database.TransactAsync(
            async db =>
            {
                var organiser = new PersonRow { Id = Ids.New(), CreatedAt = now };
                await db.InsertAsync(organiser);
                var activity = new ActivityRow
                {
                    Id = id,
                    UnionId = await db.Unions.Where(u => u.SeedKey == Union).Select(u => u.Id).FirstAsync(),
                    MadeBy = organiser.Id,
                    Kind = ActivityKind.Culture,
                    Title = "职工趣味运动会",
                    Body = "拔河、跳绳、接力。",
                    Place = "翟坡镇文化广场",
                    DivisionCode = "410721101",
                    Allocation = Allocation.FirstCome,
                    State = ActivityState.Published,
                    OpensAt = now,
                    ClosesAt = now + (2 * day),
                    CancelUntil = now + (2 * day),
                    StartsAt = now + (3 * day),
                    EndsAt = now + (3 * day) + (day / 12),
                    MostGuests = 0,
                    HasWaitingList = true,
                    OfferHours = 24,
                    Turn = 0,
                    LastNumber = 0,
                    Version = 3,
                    PublishedAt = now,
                    CreatedAt = now,
                    UpdatedAt = now,
                };
                activity = change?.Invoke(activity) ?? activity;
                await db.InsertAsync(activity);
                await db.InsertAsync(new Api.Modules.Activities.SessionRow
                {
                    Id = Ids.New(),
                    ActivityId = id,
                    Position = 0,
                    StartsAt = activity.StartsAt,
                    EndsAt = activity.EndsAt,
                });
                await db.InsertManyAsync(groups.Select((g, i) => g with { ActivityId = id, Position = i }));
            },
            CancellationToken.None);
        return id;
    }

    /// <summary>A group to open an activity with.</summary>
    public static GroupRow Group(int capacity, EligibilityRules? rules = null) => new()
    {
        Id = Ids.New(),
        ActivityId = "",
        Position = 0,
        Name = "开放名额",
        Capacity = capacity,
        Taken = 0,
        LastLine = 0,
        Rules = JsonSerializer.Serialize(rules ?? new EligibilityRules(), ContractJson.Stored),
    };

    private static Api.Infrastructure.Sessions.SessionRow SessionOf(Comer person, long now) => new()
    {
        Id = Ids.New(),
        TokenHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(person.Token))),
        Kind = SessionKind.Worker,
        PersonId = person.PersonId,
        Device = "安卓手机",
        CreatedAt = now,
        LastSeenAt = now,
    };

    private static async Task AddMembershipsAsync(Db db, Comer[] people, string unionId, long now)
    {
        var applications = people.Select(p => new ApplicationRow
        {
            Id = Ids.New(),
            PersonId = p.PersonId,
            MadeBy = p.PersonId,
            UnionId = unionId,
            Source = "mini_program",
            State = ApplicationState.Approved,
            Version = 5,
            CreatedAt = now,
            UpdatedAt = now,
        }).ToArray();
        await db.InsertManyAsync(applications);
        await db.InsertManyAsync(applications.Select(a => new MembershipRow
        {
            Id = Ids.New(),
            PersonId = a.PersonId,
            ApplicationId = a.Id,
            UnionId = unionId,
            MemberNumber = MemberNumber.Of("410721", 1991, Interlocked.Increment(ref numbers)),
            State = MembershipState.Active,
            JoinedOn = "2026-01-01",
            LivePersonId = a.PersonId,
            Version = 1,
            CreatedAt = now,
        }));
    }
}
