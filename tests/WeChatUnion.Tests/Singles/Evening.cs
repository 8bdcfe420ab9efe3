using System.Globalization;
using System.Net;
using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Singles.Entries;
using WeChatUnion.Api.Modules.Singles.Plates;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

/// <summary>A county whose guests may all come from one union, as the tests' people do.</summary>
public sealed class SinglesOnSqlite : SqliteHouse
{
    protected override void Adjust(Dictionary<string, string> settings) => (settings["Singles:MostOfOneUnion"], settings["Singles:EveningsAQuarter"]) = ("1000", "100");
}

/// <inheritdoc cref="SinglesOnSqlite"/>
public sealed class SinglesOnMariaDb : MariaDbHouse
{
    protected override void Adjust(Dictionary<string, string> settings) => (settings["Singles:MostOfOneUnion"], settings["Singles:EveningsAQuarter"]) = ("1000", "100");
}

/// <summary>A singles' evening whose guests have been checked in: 男01 to 男NN and 女01 to 女NN.</summary>
internal sealed class Evening
{
    private readonly TestHouse house;

    private Evening(TestHouse house, string id, Person host, IReadOnlyList<Comer> comers)
    {
        this.house = house;
        (Id, Host) = (id, host);
        Comers = comers;
        Guests = comers.Select((c, i) => (Plate: PlateOf(i), Person: new Person(house.NewHttp(), c.Token))).ToDictionary(g => g.Plate, g => g.Person);
    }

    public string Id { get; }

    public Person Host { get; }

    public IReadOnlyList<Comer> Comers { get; }

    public Dictionary<string, Person> Guests { get; }

    public string Path => $"/api/v1/activities/{Id}";

    public string Office => $"/api/v1/office/activities/{Id}";

    /// <summary>Half an hour before it begins, everybody is in: written as sign-up and check-in leave it, or done by them.</summary>
    public static async Task<Evening> BeginAsync(TestHouse house, int couples, bool atTheDoor = false)
    {
        var (id, comers) = await AnnounceAsync(house, couples);
        if (atTheDoor)
        {
            await Task.WhenAll(comers.Select(c => new Person(house.NewHttp(), c.Token).SignUp(id)));
        }
        else
        {
            await LetInAllAsync(house.Database, id, comers, house.Clock.GetUtcNow());
        }

        house.Clock.Advance(TimeSpan.FromMinutes(90));
        var host = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var evening = new Evening(house, id, host, comers);
        foreach (var comer in atTheDoor ? comers : [])
        {
            await evening.CheckInAsync(comer);
        }

        return evening;
    }

    /// <summary>Places, check-ins and plates in the order of the comers.</summary>
    public static Task LetInAllAsync(Database database, string activityId, IReadOnlyList<Comer> comers, DateTimeOffset at) => database.TransactAsync(
        async db =>
        {
            var now = at.ToUnixTimeMilliseconds();
            var groups = await db.ActivityGroups.Where(g => g.ActivityId == activityId).OrderBy(g => g.Position).Select(g => g.Id).ToListAsync();
            var session = await db.ActivitySessions.Where(s => s.ActivityId == activityId).Select(s => s.Id).FirstAsync();
            var enrolments = comers.Select((c, i) => new EnrolmentRow
            {
                Id = Ids.New(),
                ActivityId = activityId,
                GroupId = groups[i % 2],
                PersonId = c.PersonId,
                LivePersonId = c.PersonId,
                Number = i + 1,
                State = EnrolmentState.Enrolled,
                Guests = 0,
                Facts = JsonSerializer.Serialize(
                    new FactsSeen(MembershipState.Active, null, SexOf(i), 36, true, false, false, 0, now), ContractJson.Stored),
                Source = EnrolmentSource.Self,
                MadeBy = c.PersonId,
                Version = 1,
                CreatedAt = now,
                UpdatedAt = now,
            }).ToList();
            await db.InsertManyAsync(enrolments);
            await db.ActivityGroups.Where(g => g.ActivityId == activityId).Set(g => g.Taken, comers.Count / 2).UpdateAsync();
            await db.Activities.Where(a => a.Id == activityId).Set(a => a.LastNumber, comers.Count).UpdateAsync();
            await db.InsertManyAsync(enrolments.Select(e => new CheckInRow
            {
                Id = Ids.New(),
                SessionId = session,
                EnrolmentId = e.Id,
                Way = CheckInWay.HallCode,
                MadeBy = e.PersonId,
                At = now,
            }));
            await db.InsertManyAsync(comers.Select((c, i) => new PlateRow
            {
                Id = Ids.New(),
                ActivityId = activityId,
                PersonId = c.PersonId,
                Sex = SexOf(i),
                Number = (i / 2) + 1,
                GivenAt = now,
            }));
        },
        CancellationToken.None);

    private static string SexOf(int i) => i % 2 == 0 ? Plate.Man : Plate.Woman;

    /// <summary>The evening is open for sign-up; men stand at even places among those who may come.</summary>
    public static async Task<(string Id, IReadOnlyList<Comer> Comers)> AnnounceAsync(TestHouse house, int couples)
    {
        var now = house.Clock.GetUtcNow();
        var comers = await Crowd.JoinAsync(house.Database, 2 * couples, now, SexOf);
        await LetInAsync(house.Database, house.Services.GetRequiredService<FieldCipher>(), [.. comers.Select(c => c.PersonId)], now);
        return (await OpenAsync(house.Database, now, couples), comers);
    }

    /// <summary>Approved entries, with what was agreed to and declared, written as a review would leave them.</summary>
    public static async Task LetInAsync(Database database, FieldCipher cipher, IReadOnlyList<string> people, DateTimeOffset at)
    {
        var now = at.ToUnixTimeMilliseconds();
        await database.TransactAsync(
            async db =>
            {
                foreach (var purpose in new[] { SinglesConsents.Purpose, SinglesConsents.Declaration })
                {
                    var text = await db.ConsentTexts.Where(t => t.Purpose == purpose).FirstAsync();
                    await db.InsertManyAsync(people.Select(p => new ConsentRow
                    {
                        Id = Ids.New(),
                        PersonId = p,
                        Purpose = purpose,
                        LivePurpose = purpose,
                        Version = text.Version,
                        TextHash = text.TextHash,
                        Channel = "mini_program",
                        GivenAt = now,
                    }));
                }

                await db.InsertManyAsync(people.Select((p, i) =>
                {
                    var entryId = Ids.New();
                    return new SinglesEntryRow
                    {
                        Id = entryId,
                        PersonId = p,
                        State = EntryState.Approved,
                        Version = 4,
                        DetailsSealed = Written($"嘉宾{i}").Seal(cipher, entryId),
                        TextCheck = TextCheck.Passed,
                        Turn = 0,
                        RenewedAt = now,
                        CreatedAt = now,
                        UpdatedAt = now,
                    };
                }));
            },
            CancellationToken.None);
    }

    public static EntryForm Written(string nickname) => new(
        nickname, 172, "21", WorkKind.Technical, null, MaritalStatus.NeverMarried, "410721", ["爬山", "摄影"], "喜欢安静。", null, null, null, true, true);

    /// <summary>Published and open since now, begins in two hours.</summary>
    public static Task<string> OpenAsync(Database database, DateTimeOffset now, int couples) =>
        Crowd.OpenAsync(
            database,
            now,
            a => a with
            {
                Kind = ActivityKind.Singles,
                Title = "相约翟坡单身联谊",
                ClosesAt = now.AddHours(1).ToUnixTimeMilliseconds(),
                CancelUntil = now.AddHours(1).ToUnixTimeMilliseconds(),
                StartsAt = now.AddHours(2).ToUnixTimeMilliseconds(),
                EndsAt = now.AddHours(5).ToUnixTimeMilliseconds(),
            },
            Crowd.Group(couples, new EligibilityRules(Sex: "1")),
            Crowd.Group(couples, new EligibilityRules(Sex: "2")));

    public async Task<Answer> CheckInAsync(Comer comer) => (await Host.PostWithoutKey(
        $"{Office}/check-ins",
        new { enrolmentId = await house.Text($"SELECT id FROM enrolments WHERE activity_id = '{Id}' AND person_id = '{comer.PersonId}'") })).MustBe(HttpStatusCode.OK);

    public async Task<(string Round, string ClosingKey)> OpenAsync()
    {
        var opened = (await Host.PostWithoutKey($"{Office}/ballot-rounds", new { })).MustBe(HttpStatusCode.Created);
        return (opened["id"], opened["closingKey"]);
    }

    public Task<Answer> CastAsync(string round, string plate, params string[] choices) =>
        Guests[plate].Put($"{Path}/ballot", new { roundId = round, choices });

    public Task<Answer> CloseAsync(string round, string closingKey) =>
        Host.PostWithoutKey($"{Office}/ballot-rounds/{round}/closing", new { closingKey });

    /// <summary>Opens a round, hands in these ballots, and closes it.</summary>
    public async Task<Answer> ChooseAsync(params (string Plate, string[] Choices)[] ballots)
    {
        var (round, key) = await OpenAsync();
        foreach (var (plate, choices) in ballots)
        {
            (await CastAsync(round, plate, choices)).MustBe(HttpStatusCode.OK);
            house.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return (await CloseAsync(round, key)).MustBe(HttpStatusCode.OK);
    }

    /// <summary>plate kind, of a guest's matches.</summary>
    public async Task<string[]> MatchesOf(string plate) =>
        [.. (await Guests[plate].Get($"{Path}/matches")).MustBe(HttpStatusCode.OK).Items.Select(m => $"{m.GetProperty("plate")} {m.GetProperty("kind")}")];

    public async Task<string> MatchOf(string plate, string other) =>
        (await Guests[plate].Get($"{Path}/matches")).Items.Single(m => m.GetProperty("plate").GetString() == other).GetProperty("id").GetString()!;

    private static string PlateOf(int i) => string.Create(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? '男' : '女')}{(i / 2) + 1:00}");
}
