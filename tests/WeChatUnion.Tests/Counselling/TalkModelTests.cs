using System.Collections.Concurrent;
using System.Net;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Counselling;

public sealed class TalkModelOnSqlite(SqliteHouse house) : TalkModelTests(house), IClassFixture<SqliteHouse>
{
    protected override TestHouse NewHouse() => new SqliteHouse();

    protected override ProcessHouse NewProcess() => new SqliteProcess();
}

public sealed class TalkModelOnMariaDb(MariaDbHouse house) : TalkModelTests(house), IClassFixture<MariaDbHouse>
{
    protected override TestHouse NewHouse() => new MariaDbHouse();

    protected override ProcessHouse NewProcess() => new MariaDbProcess();

    /// <summary>A database server has a second process beside the first.</summary>
    protected override async Task<ApiProcess?> AnotherProcessAsync(ProcessHouse process)
    {
        var other = new ApiProcess(process.Settings);
        await other.StartAsync();
        return other;
    }
}

/// <summary>
/// Many clients and counsellors over two nodes keep, confirm, move, give away and cancel talks at random; what each was told
/// last is what must stand in the end, in the database and in its cells.
/// </summary>
[Trait(Soak.Trait, "yes")]
public abstract class TalkModelTests(TestHouse house)
{
    private const int MostControlRuns = 5;
    private const int FewSteps = 10;

    private static readonly int Clients = Soak.Size(inRun: 10, inSoak: 500);
    private static readonly int Steps = Soak.Size(inRun: 10, inSoak: 30);
    private static readonly int Rounds = Soak.Size(inRun: 2, inSoak: 10);
    private static readonly int Kills = Soak.Size(inRun: 1, inSoak: 3);
    private static readonly TimeSpan UntilKilled = TimeSpan.FromMilliseconds(Soak.Size(inRun: 500, inSoak: 3_000));

    protected abstract TestHouse NewHouse();

    protected abstract ProcessHouse NewProcess();

    protected virtual Task<ApiProcess?> AnotherProcessAsync(ProcessHouse process) => Task.FromResult<ApiProcess?>(null);

    [Fact]
    public async Task Whatever_many_do_at_random_no_time_is_given_twice_and_none_is_lost()
    {
        var stage = await StageOf(house);
        for (var round = 0; round < Rounds; round++)
        {
            await stage.PlayAsync(Steps, round);
            Assert.Empty(await DoubleBooking.InAsync(house.Database));
            Assert.Empty(await stage.LostAsync(house.Database));

            // Holds of this round run out; whoever wants their time clears them away.
            house.Clock.Advance(TimeSpan.FromMinutes(11));
            stage.ForgetHolds();
        }

        Assert.NotEmpty(stage.Told);
    }

    [Fact]
    public async Task Control_without_the_key_of_the_cells_times_are_given_twice()
    {
        await using var own = NewHouse();
        await own.InitializeAsync();
        await own.DropKeyOfCells();
        var stage = await StageOf(own);
        stage.IsBlind = true;
        using var blinded = own.BlindToTalks();
        for (var run = 0; run < MostControlRuns; run++)
        {
            await stage.PlayAsync(Steps, run);
            if ((await DoubleBooking.InAsync(own.Database)).Count > 0)
            {
                return;
            }
        }

        Assert.Fail("The test above would not notice that the key is gone.");
    }

    /// <summary>Control of what is lost: one talk that somebody was told of is put back by hand.</summary>
    [Fact]
    public async Task Control_a_talk_that_vanished_is_missed()
    {
        var stage = await StageOf(house);

        // A few steps: after many everybody's free talks are used, and nobody stands booked.
        await stage.PlayAsync(FewSteps, seed: 99);
        var (id, _) = stage.Told.First(t => t.Value == "booked" && !stage.IsGivenUp(t.Key));
        await house.Execute($"UPDATE appointments SET state = 'lapsed' WHERE id = '{id}'");
        Assert.Contains(await stage.LostAsync(house.Database), l => l.Contains(id, StringComparison.Ordinal));
        await house.Execute($"UPDATE appointments SET state = 'booked' WHERE id = '{id}'");
        await house.Execute($"DELETE FROM appointment_cells WHERE appointment_id = '{id}'");
        Assert.Contains(await stage.LostAsync(house.Database), l => l.Contains(id, StringComparison.Ordinal));
        await house.Execute($"UPDATE appointments SET state = 'lapsed', open_client = NULL WHERE id = '{id}'");
    }

    [Fact]
    public async Task Killed_in_the_middle_it_keeps_what_it_told()
    {
        await using var process = NewProcess();
        await process.InitializeAsync();
        await using var other = await AnotherProcessAsync(process);
        ApiProcess[] nodes = [process.Api, other ?? process.Api];
        var number = 0;
        var stage = await Stage.SetAsync(
            role => process.Staff($"staff-{number++}", role, "county"),
            async () => new Person(nodes[number++ % 2].NewHttp(), (await process.Worker()).Token),
            DateTimeOffset.UtcNow,
            Clients);
        for (var kill = 0; kill < Kills; kill++)
        {
            var playing = stage.PlayAsync(Steps, kill);
            await Task.WhenAny(playing, Task.Delay(UntilKilled));
            Assert.False(playing.IsCompleted, "They are done: the kill comes at no time that matters.");
            await nodes[kill % 2].KillAndStartAsync();
            await playing;
            Assert.Empty(await DoubleBooking.InAsync(process.Database));
            Assert.Empty(await stage.LostAsync(process.Database));
        }
    }

    private static async Task<Stage> StageOf(TestHouse house)
    {
        var another = house.AnotherNode().CreateClient();
        var number = 0;
        return await Stage.SetAsync(
            role => role == Role.Counsellor ? NewStaff(house, role) : house.Staff(role, "county"),
            async () => await house.Worker() is var worker && number++ % 2 == 0 ? worker : new Person(another, worker.Token),
            house.Clock.GetUtcNow(),
            Clients);
    }

    private static async Task<Person> NewStaff(TestHouse house, Role role)
    {
        var name = $"{role}-{Guid.NewGuid():N}"[..24].ToLowerInvariant();
        await house.AddStaffAsync(name, role, "county");
        return await house.SignInStaff(name);
    }
}

/// <summary>Two live appointments on ten minutes of one counsellor or room.</summary>
internal static class DoubleBooking
{
    public static async Task<IReadOnlyList<string>> InAsync(Database database) =>
        [.. (await TalkSeen.ReadAsync(database)).Where(t => t.IsLive).SelectMany(t => t.Cells).GroupBy(c => c).Where(g => g.Count() > 1).Select(g => $"{g.Key} {g.Count()}")];
}

/// <summary>An appointment as it stands in the database.</summary>
internal sealed record TalkSeen
{
    public required string Id { get; init; }

    public required string State { get; init; }

    public required string CounsellorId { get; init; }

    public string? RoomId { get; init; }

    public required long FirstCell { get; init; }

    public required int CellCount { get; init; }

    public bool IsLive => State is "held" or "booked" or "arrived" or "done" or "no_show";

    public IEnumerable<(string Resource, long Cell)> Cells =>
        new[] { CounsellorId, RoomId }.OfType<string>().SelectMany(r => Enumerable.Range(0, CellCount).Select(i => (r, FirstCell + i)));

    public static async Task<List<TalkSeen>> ReadAsync(Database database)
    {
        await using var db = database.Open();
        return await db.QueryToListAsync<TalkSeen>("SELECT id, state, counsellor_id, room_id, first_cell, cell_count FROM appointments");
    }
}

/// <summary>Counsellors who share a room, one with longer talks, and clients who want the same few times.</summary>
internal sealed class Stage
{
    private static readonly string[] Short = ["09:00", "10:00", "11:00"];
    private static readonly string[] Long = ["09:00", "10:40"];

    private static readonly int Days = Soak.Size(inRun: 3, inSoak: 6);

    private readonly ConcurrentDictionary<string, bool> givenUp = new();
    private readonly List<(Person Person, string Id, string[] Times)> counsellors = [];
    private readonly List<Client> clients = [];
    private DateTimeOffset today;

    /// <summary>What clients were told last of each appointment; what nobody knows, since the answer was lost, is not among them.</summary>
    public ConcurrentDictionary<string, string> Told { get; } = new();

    public static async Task<Stage> SetAsync(Func<Role, Task<Person>> staff, Func<Task<Person>> worker, DateTimeOffset now, int clients)
    {
        var supervisor = await staff(Role.CounsellingSupervisor);
        var room = (await supervisor.Post("/api/v1/office/counselling-rooms", new { name = "谈心室", address = "县总工会三楼 302" })).MustBe(HttpStatusCode.Created)["id"];
        var stage = new Stage { today = new DateTimeOffset(now.ToOffset(TimeSpan.FromHours(8)).Date, TimeSpan.FromHours(8)) };
        foreach (var times in new[] { Short, Long, Short })
        {
            var form = Practice.Form();
            (form["sessionMinutes"], form["leadMinutes"]) = times == Long ? (80, 10) : (50, 0);
            var person = await staff(Role.Counsellor);
            var id = (await person.Put(Practice.MyFile, new { form })).MustBe(HttpStatusCode.OK)["id"];
            (await supervisor.Post($"/api/v1/office/counsellors/{id}/approval", new { version = 1 })).MustBe(HttpStatusCode.OK);
            (await person.Put($"{Practice.MyFile}/week", new { version = 2, windows = Practice.Week(room) })).MustBe(HttpStatusCode.OK);
            stage.counsellors.Add((person, id, times));
        }

        for (var i = 0; i < clients; i++)
        {
            var person = await worker();
            await person.Agree();
            stage.clients.Add(new Client(person));
        }

        return stage;
    }

    /// <summary>A control: what the database does not keep may end in any answer.</summary>
    public bool IsBlind { get; set; }

    /// <summary>Their ten minutes are over.</summary>
    public void ForgetHolds()
    {
        foreach (var (id, _) in Told.Where(t => t.Value == "held"))
        {
            Forget(id);
            clients.ForEach(c => c.Open = c.Open == id ? null : c.Open);
        }
    }

    public Task PlayAsync(int steps, int seed) => Task.WhenAll(
        clients.Select((c, i) => ClientAsync(c, new Random(seed * 1000 + i), steps))
            .Concat(counsellors.Select((c, i) => CounsellorAsync(c.Person, new Random(seed * 77 + i), steps))));

    /// <summary>She chose another time meanwhile: how this one ended is not told.</summary>
    public bool IsGivenUp(string id) => givenUp.ContainsKey(id);

    /// <summary>What was told and does not stand, and appointments whose cells tell otherwise.</summary>
    public async Task<IReadOnlyList<string>> LostAsync(Database database)
    {
        var seen = (await TalkSeen.ReadAsync(database)).ToDictionary(t => t.Id);
        await using var db = database.Open();
        var cells = (await db.QueryToListAsync<CellSeen>("SELECT resource_id, cell, appointment_id FROM appointment_cells")).ToLookup(c => c.AppointmentId, c => (c.ResourceId, c.Cell));
        var lost = Told.Where(t => !givenUp.ContainsKey(t.Key) && seen.GetValueOrDefault(t.Key)?.State != t.Value)
            .Select(t => $"{t.Key} was told {t.Value} and is {seen.GetValueOrDefault(t.Key)?.State}");
        var torn = seen.Values.Where(t => !cells[t.Id].Order().SequenceEqual(t.IsLive ? t.Cells.Order() : [])).Select(t => $"{t.Id} is {t.State} and owns {cells[t.Id].Count()} cells");
        return [.. lost, .. torn];
    }

    private async Task ClientAsync(Client client, Random random, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var open = client.Open;
            if (open is null || (Told.GetValueOrDefault(open) == "held" && random.Next(6) == 0))
            {
                await HoldAsync(client, random);
                continue;
            }

            var (answer, state) = (Told.GetValueOrDefault(open), random.Next(4)) switch
            {
                ("held", < 3) => (await client.Person.Try(p => p.Confirm(open)), "booked"),
                (_, 0) => (await client.Person.Try(p => p.Cancel(open, "accepted")), "cancelled"),
                (_, 1) => (await client.Person.Try(p => p.Get($"{Practice.Appointments}/{open}")), null),
                _ => (await MoveAsync(client.Person, open, random), null),
            };
            Note(client, open, answer, state);
        }
    }

    private async Task HoldAsync(Client client, Random random)
    {
        var (counsellor, mode, before) = (counsellors[random.Next(counsellors.Count)], random.Next(2) == 0 ? "in_person" : "video", client.Open);
        var answer = await client.Person.Try(p => p.Hold(random.Next(4) == 0 ? null : counsellor.Id, TimeOf(counsellor.Times, random), mode));
        if (answer?.Status == HttpStatusCode.Created)
        {
            // The one she had not confirmed gave way.
            Forget(before);
            client.Open = answer.Appointment("id");
            Told[client.Open] = "held";
        }
        else if (IsUnknown(answer))
        {
            Forget(before);
            client.Open = null;
        }
        else
        {
            var refusal = answer!.MustBe(HttpStatusCode.Conflict);
            client.Open = refusal.Code == "appointment_open" ? refusal.Present.Text("appointmentId") : client.Open;
        }
    }

    private Task<Answer?> MoveAsync(Person person, string id, Random random)
    {
        var counsellor = counsellors[random.Next(counsellors.Count)];
        return person.Try(p => p.PutWithKey($"{Practice.Appointments}/{id}/time", new { counsellorId = counsellor.Id, startsAt = TimeOf(counsellor.Times, random) }));
    }

    private async Task CounsellorAsync(Person counsellor, Random random, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var list = await counsellor.Try(p => p.Get($"/api/v1/office/me/talks?to={today.AddDays(9):yyyy-MM-dd}"));
            if (list?.Status != HttpStatusCode.OK || list.Items.Where(i => i.Text("state") == "booked").ToList() is not { Count: > 0 } booked)
            {
                continue;
            }

            var talk = booked[random.Next(booked.Count)];
            var (id, version) = (talk.Text("id"), talk.GetProperty("version").GetInt32());
            if (random.Next(4) == 0)
            {
                // Whatever the answer, nobody knows for certain any more what the client was told last.
                givenUp[id] = true;
                await counsellor.Try(p => p.Post($"/api/v1/office/talks/{id}/cancellation", new { version, reason = "临时有事" }));
                continue;
            }

            var to = counsellors[random.Next(counsellors.Count)];
            var startsAt = random.Next(2) == 0 ? (DateTimeOffset?)null : TimeOf(to.Times, random);
            await counsellor.Try(p => p.Post($"/api/v1/office/talks/{id}/reassignment", new { counsellorId = to.Id, startsAt, version, reason = "外出培训" }));
        }
    }

    private void Note(Client client, string id, Answer? answer, string? state)
    {
        switch (answer)
        {
            case var unknown when IsUnknown(unknown):
                Forget(id);
                client.Open = null;
                break;
            case { Status: HttpStatusCode.OK } when state is not null:
                Told[id] = state;
                client.Open = state == "cancelled" ? null : id;
                break;
            case { Status: HttpStatusCode.Conflict, Code: "hold_over" or "appointment_closed" }:
                Forget(Told.GetValueOrDefault(id) == "held" || givenUp.ContainsKey(id) ? id : null);
                client.Open = null;
                break;
            default:
                Assert.True(answer!.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, answer.Text);
                break;
        }
    }

    private bool IsUnknown(Answer? answer) =>
        answer is null or { Status: HttpStatusCode.ServiceUnavailable } || (IsBlind && answer.Status == HttpStatusCode.InternalServerError);

    private void Forget(string? id)
    {
        if (id is not null)
        {
            Told.TryRemove(id, out _);
        }
    }

    /// <summary>Few enough that everybody is in the way of others: 24 times in all, 48 in the long size.</summary>
    private DateTimeOffset TimeOf(string[] times, Random random) => today.AddDays(3 + random.Next(Days)) + TimeSpan.Parse(times[random.Next(times.Length)], null);

    private sealed record CellSeen
    {
        public required string ResourceId { get; init; }

        public required long Cell { get; init; }

        public required string AppointmentId { get; init; }
    }

    private sealed class Client(Person person)
    {
        public Person Person { get; } = person;

        public string? Open { get; set; }
    }
}
