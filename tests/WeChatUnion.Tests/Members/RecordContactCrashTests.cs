using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class RecordContactCrashOnSqlite(SqliteProcess house) : RecordContactCrashTests(house), IClassFixture<SqliteProcess>
{
    private readonly SqliteProcess house = house;

    /// <summary>The control: clients that take a fresh key at each attempt. It is of the clients, so one database will do.</summary>
    [Fact]
    public async Task Without_the_key_of_the_first_attempt_some_notes_are_doubled()
    {
        for (var run = 0; run < MostControlRuns; run++)
        {
            var (application, answered) = await RunAsync(freshKeys: true, house.Api.KillAndStartAsync);
            var kept = await NotesOfAsync(application);
            Assert.Superset(answered, kept.ToHashSet());
            if (kept.Count > Notes)
            {
                return;
            }
        }

        Assert.Fail($"Not one note of {MostControlRuns} runs was doubled: the kills come at no time that matters.");
    }
}

public sealed class RecordContactCrashOnMariaDb(MariaDbProcess house) : RecordContactCrashTests(house), IClassFixture<MariaDbProcess>
{
    private readonly MariaDbProcess house = house;

    [Fact]
    public async Task No_note_is_lost_or_doubled_when_the_database_server_is_killed_as_well()
    {
        var kills = 0;
        var run = await RunAsync(
            freshKeys: false, () => kills++ % 2 == 0 ? house.Server.KillAndStartAsync() : house.Api.KillAndStartAsync());
        await MustBeWholeAsync(run);
    }
}

/// <summary>
/// Officers note contacts while the program is killed again and again; each client repeats a note, with its
/// idempotency key, until it is answered.
/// </summary>
[Trait(Soak.Trait, "yes")]
public abstract class RecordContactCrashTests(ProcessHouse house)
{
    private const int Clients = 16;
    private protected const int MostControlRuns = 5;

    private protected static readonly int Notes = Soak.Size(inRun: 60, inSoak: 2_400);
    private static readonly int Kills = Soak.Size(inRun: 1, inSoak: 24);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task No_note_is_lost_or_doubled_when_the_program_is_killed() =>
        await MustBeWholeAsync(await RunAsync(freshKeys: false, house.Api.KillAndStartAsync));

    /// <summary>Notes <see cref="Notes"/> contacts on a new application, with <see cref="Kills"/> kills spread over them.</summary>
    private protected async Task<Run> RunAsync(bool freshKeys, Func<Task> kill)
    {
        var officer = await house.Staff($"officer-{Guid.NewGuid():N}", Role.MembershipOfficer, "zhaipo");
        var application = await NewApplicationAsync(officer);
        officer = new Person(house.Api.NewSlowHttp(), officer.Token);
        var answered = new ConcurrentDictionary<string, byte>();
        var left = new ConcurrentQueue<int>(Enumerable.Range(0, Notes));
        var clients = Enumerable.Range(0, Clients).Select(_ => ClientAsync()).ToArray();
        for (var killed = 1; killed <= Kills; killed++)
        {
            var patience = Stopwatch.StartNew();
            while (answered.Count < Notes * killed / (Kills + 1) && patience.Elapsed < Patience && !clients.Any(c => c.IsFaulted))
            {
                await Task.Delay(1);
            }

            await kill();
        }

        await Task.WhenAll(clients);
        return new Run(application, [.. answered.Keys]);

        async Task ClientAsync()
        {
            while (left.TryDequeue(out var number))
            {
                var id = await NoteUntilAnsweredAsync(officer, application, number, freshKeys);
                Assert.True(answered.TryAdd(id, 0), "Two notes were answered with one id.");
            }
        }
    }

    private protected async Task MustBeWholeAsync(Run run)
    {
        var kept = await NotesOfAsync(run.Application);
        Assert.Equal(Notes, run.Answered.Count);
        Assert.Equal(run.Answered.Order(), kept.Order());

        // What belongs to a note was written with it, once.
        var audited = await house.Texts(
            $"SELECT id FROM audit_entries WHERE deed = 'record_contact' AND record_id = '{run.Application}'");
        Assert.Equal(Notes, audited.Count);
    }

    private protected Task<List<string>> NotesOfAsync(string application) =>
        house.Texts($"SELECT id FROM membership_contacts WHERE application_id = '{application}'");

    private async Task<string> NewApplicationAsync(Person officer)
    {
        var applicant = Papers.New();
        await applicant.ApplyAsync(house, await house.Worker(applicant.User));
        var found = await officer.Post("/api/v1/office/member-searches", new { idNumber = applicant.IdNumber, reason = "核实入会申请人" });
        return found.MustBe(HttpStatusCode.OK).Items.Single().GetProperty("applicationId").GetString()!;
    }

    private async Task<string> NoteUntilAnsweredAsync(Person officer, string application, int number, bool freshKeys)
    {
        var body = new { way = "phone", contactedAt = DateTimeOffset.UtcNow, note = $"第 {number} 次电话" };
        var key = Guid.NewGuid().ToString("N");
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < Patience)
        {
            try
            {
                var answer = await officer.Post(
                    $"/api/v1/office/membership-applications/{application}/contacts", body, freshKeys ? Guid.NewGuid().ToString("N") : key);
                if (answer.Status == HttpStatusCode.Created)
                {
                    Assert.Equal(body.note, answer["note"]);
                    return answer["id"];
                }

                house.Api.MustBeAway(answer);
            }
            catch (HttpRequestException)
            {
                // The program was killed before it answered.
            }

            await Task.Delay(20);
        }

        throw new TimeoutException("The program did not come back.");
    }

    private protected sealed record Run(string Application, HashSet<string> Answered);
}
