using System.Net;
using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Identity.MyData;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Identity.MyData;

public sealed class DeletionOnSqlite(SqliteHouse house) : DeletionTests(house), IClassFixture<SqliteHouse>
{
    private readonly SqliteHouse house = house;

    /// <summary>Control: deleting alone leaves her words in the file and in the log.</summary>
    [Fact]
    public async Task Without_writing_the_file_anew_the_search_finds_her()
    {
        var person = await house.Draft("jinsui", name: "帕丽旦·犇龘骉焱");
        (await person.Post("/api/v1/me/deletion", new { })).MustBe(HttpStatusCode.Created);
        house.Clock.Advance(TimeSpan.FromDays(7));
        using (house.Guards.Off("VACUUM", "SELECT 1"))
        using (house.Guards.Off("PRAGMA wal_checkpoint(TRUNCATE)", "SELECT 0"))
        {
            await house.Services.GetRequiredService<ErasePersons>().RunAsync(CancellationToken.None);
        }

        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM member_records WHERE person_id = '{person.PersonId}'"));
        var search = new CanarySearch([new Canary("name", person.Name)]);
        Assert.NotEmpty(search.In("left behind", await Written()));
        Assert.True(await house.Database.ScrubAsync(CancellationToken.None));
        Assert.Empty(search.In("scrubbed", await Written()));
    }

    /// <summary>The database file and its write-ahead log as they lie there.</summary>
    protected override Task<byte[]> Written()
    {
        using var bytes = new MemoryStream();
        foreach (var file in Directory.EnumerateFiles(house.Folder, "union.db*"))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.CopyTo(bytes);
        }

        return Task.FromResult(bytes.ToArray());
    }
}

public sealed class DeletionOnMariaDb(MariaDbHouse house) : DeletionTests(house), IClassFixture<MariaDbHouse>
{
    private readonly MariaDbHouse house = house;

    protected override async Task<byte[]> Written() =>
        await (await MariaDbServer.SharedAsync()).DumpAsync(await house.Text("SELECT DATABASE()"));
}

public abstract class DeletionTests(TestHouse house)
{
    private const string Path = "/api/v1/me/deletion";

    private static readonly TimeSpan CoolingOff = TimeSpan.FromDays(7);

    protected abstract Task<byte[]> Written();

    [Fact]
    public async Task Of_somebody_who_left_only_the_sealed_archive_and_bare_ids_remain()
    {
        var ann = await house.BusyPerson("帕提古丽·犇骉焱", "安骉");
        var ben = await house.BusyPerson("热依汗古·龘靐麤", "本靐");
        await house.Leave(ann.Person);
        var search = new CanarySearch(ann.Values.Select(v => new Canary(v, v)));
        Assert.NotEmpty(search.In("before", await Written()));

        var request = (await ann.Person.Post(Path, new { })).MustBe(HttpStatusCode.Created);
        Assert.Equal(request["dueAt"], (await ann.Person.Get(Path)).MustBe(HttpStatusCode.OK)["dueAt"]);
        house.Clock.Advance(CoolingOff - TimeSpan.FromMilliseconds(1));
        await Run();
        (await ann.Person.Get(Path)).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Run();

        (await ann.Person.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized);
        Assert.Empty(search.In("after", await Written()));
        var rows = await RowsOf(ann.PersonId);
        Assert.All(rows, r => Assert.Contains(r.Split(' ')[0], KeptTables));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM kept_records WHERE person_id = '{ann.PersonId}'"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM persons WHERE id = '{ann.PersonId}' AND phone_sealed IS NULL AND phone_index IS NULL AND phone_tail IS NULL"));

        // The archive is whole, opens with the key, and no route leads to it.
        var id = await house.Text($"SELECT id FROM kept_records WHERE person_id = '{ann.PersonId}'");
        var archive = house.Services.GetRequiredService<FieldCipher>().Open(
            "kept_records.content", id, await house.Text($"SELECT content_sealed FROM kept_records WHERE person_id = '{ann.PersonId}'"));
        Assert.All([ann.Person.Name, ann.Person.IdNumber, .. ann.Words.Take(4)], v => Assert.Contains(v, archive, StringComparison.Ordinal));
        await NobodyReaches(ann);

        // Nothing of anybody else went.
        Assert.NotEmpty(new CanarySearch(ben.Values.Select(v => new Canary(v, v))).In("ben", await Written()));
        Assert.Equal("active", (await (await house.Worker(ben.Person.User)).Get("/api/v1/me")).Body.GetProperty("membership").GetProperty("state").GetString());

        // Control: one planted row is found.
        await house.Execute($"INSERT INTO calendar_days (day, kind, name) VALUES ('2099-01-01', 'holiday', '{ann.Person.Name}')");
        Assert.NotEmpty(search.In("planted", await Written()));
        await house.Execute("DELETE FROM calendar_days WHERE day = '2099-01-01'");

        // Whoever comes back is somebody new.
        var again = (await house.SignIn(ann.Person.User)).MustBe(HttpStatusCode.Created);
        Assert.Equal(("True", true), (again["isNew"], again["personId"] != ann.PersonId));
    }

    [Fact]
    public async Task Of_somebody_who_never_joined_nothing_is_archived()
    {
        var applicant = await house.Applicant("jinsui", name: "买买提·焱犇骉龘");
        (await applicant.Post(Path, new { })).MustBe(HttpStatusCode.Conflict, "deletion_not_yet");
        (await applicant.Withdraw()).MustBe(HttpStatusCode.NoContent);
        await AskAndRun(applicant);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM kept_records WHERE person_id = '{applicant.PersonId}'"));
        Assert.All(await RowsOf(applicant.PersonId), r => Assert.Contains(r.Split(' ')[0], KeptTables));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM consents WHERE person_id = '{applicant.PersonId}' AND live_purpose IS NOT NULL"));
        Assert.Empty(new CanarySearch([new("name", applicant.Name), new("number", applicant.IdNumber)]).In("after", await Written()));
    }

    [Fact]
    public async Task A_member_is_told_to_leave_first_and_staff_to_wait()
    {
        var member = await house.Member("jinsui");
        var refused = (await member.Post(Path, new { })).MustBe(HttpStatusCode.Conflict, "deletion_not_yet");
        Assert.Contains("退会", refused["detail"], StringComparison.Ordinal);

        var worker = await house.Newcomer();
        await house.AddStaffAsync($"both-{worker.User}", Role.MembershipOfficer, "jinsui", worker.PersonId);
        Assert.Contains("安全管理员", (await worker.Post(Path, new { })).MustBe(HttpStatusCode.Conflict, "deletion_not_yet")["detail"], StringComparison.Ordinal);

        // 183 days after she stopped, logs need not be kept any more.
        var stopped = house.Clock.Milliseconds() - (long)TimeSpan.FromDays(183).TotalMilliseconds;
        await house.Execute($"UPDATE staff_accounts SET disabled_at = {stopped + 1} WHERE person_id = '{worker.PersonId}'");
        (await worker.Post(Path, new { })).MustBe(HttpStatusCode.Conflict, "deletion_not_yet");
        await house.Execute($"UPDATE staff_accounts SET disabled_at = {stopped}, display_name = '买买提·犇犇骉骉' WHERE person_id = '{worker.PersonId}'");
        await AskAndRun(worker);
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM staff_accounts WHERE person_id = '{worker.PersonId}' AND name = person_id AND display_name = '' AND password_hash = ''"));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM grants WHERE person_id = '{worker.PersonId}'"));
    }

    [Fact]
    public async Task It_can_be_taken_back_until_it_is_carried_out()
    {
        var person = await house.Newcomer();
        (await person.Get(Path)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await person.Delete(Path)).MustBe(HttpStatusCode.NoContent);
        var key = Guid.NewGuid().ToString("N");
        var first = (await person.Post(Path, new { }, key)).MustBe(HttpStatusCode.Created);
        Assert.Equal(first.Text, (await person.Post(Path, new { }, key)).MustBe(HttpStatusCode.Created).Text);
        (await person.Post(Path, new { })).MustBe(HttpStatusCode.Conflict, "deletion_open");
        house.Clock.Advance(CoolingOff);
        (await person.Delete(Path)).MustBe(HttpStatusCode.NoContent);
        (await person.Delete(Path)).MustBe(HttpStatusCode.NoContent);
        await Run();
        (await person.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        (await person.Get(Path)).MustBe(HttpStatusCode.NotFound);
        var id = await house.Text($"SELECT id FROM deletion_requests WHERE person_id = '{person.PersonId}'");
        Assert.Single(await house.Audited("take_back_deletion", id));
    }

    [Fact]
    public async Task Whoever_became_a_member_meanwhile_stays_and_is_told()
    {
        var draft = await house.Draft("jinsui");
        (await draft.Post(Path, new { })).MustBe(HttpStatusCode.Created);
        (await draft.Submit()).MustBe(HttpStatusCode.OK);
        await house.Approve(draft);
        house.Clock.Advance(CoolingOff);
        await Run();
        Assert.Equal("active", (await draft.Get("/api/v1/me")).Body.GetProperty("membership").GetProperty("state").GetString());
        Assert.Contains("deletion_refused", (await draft.Get("/api/v1/me/messages")).Text, StringComparison.Ordinal);
        (await draft.Get(Path)).MustBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_run_that_fails_in_the_middle_leaves_whole_persons_and_the_next_goes_on()
    {
        var (one, two) = (await house.Draft("jinsui"), await house.Draft("jinsui"));
        (await one.Post(Path, new { })).MustBe(HttpStatusCode.Created);
        (await two.Post(Path, new { })).MustBe(HttpStatusCode.Created);
        house.Clock.Advance(CoolingOff);
        using (house.Guards.Off("DELETE FROM wechat_accounts", "DELETE FROM wechat_accounts_gone"))
        {
            await Assert.ThrowsAnyAsync<Exception>(Run);
        }

        foreach (var person in new[] { one, two })
        {
            Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM member_records WHERE person_id = '{person.PersonId}' AND name IS NOT NULL"));
            (await person.Get("/api/v1/me")).MustBe(HttpStatusCode.OK);
        }

        await Run();
        Assert.Equal(2, await house.Number(
            $"SELECT COUNT(*) FROM deletion_requests WHERE person_id IN ('{one.PersonId}', '{two.PersonId}') AND carried_out_at IS NOT NULL AND scrubbed_at IS NOT NULL"));
        (await one.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Taking_the_authorisation_back_in_WeChat_feeds_the_same_job_at_once()
    {
        var person = await house.Newcomer();
        var account = await house.Words($"SELECT app_id FROM wechat_accounts WHERE person_id = '{person.PersonId}' UNION ALL SELECT open_id FROM wechat_accounts WHERE person_id = '{person.PersonId}'");
        for (var push = 0; push < 2; push++)
        {
            Assert.True(await house.Database.TransactAsync(
                db => Deletions.OpenForWeChatAsync(db, account[0], account[1], house.Clock.Milliseconds(), CancellationToken.None), CancellationToken.None));
        }

        Assert.Equal("wechat", (await person.Get(Path)).MustBe(HttpStatusCode.OK)["cause"]);
        await Run();
        (await person.Get("/api/v1/me")).MustBe(HttpStatusCode.Unauthorized);
        Assert.False(await house.Database.TransactAsync(
            db => Deletions.OpenForWeChatAsync(db, account[0], account[1], house.Clock.Milliseconds(), CancellationToken.None), CancellationToken.None));
    }

    [Fact]
    public async Task Strangers_have_nothing_to_delete()
    {
        (await house.Anonymous().Post(Path, new { })).MustBe(HttpStatusCode.Unauthorized);
        (await house.Anonymous().Get(Path)).MustBe(HttpStatusCode.Unauthorized);
        (await house.Anonymous().Delete(Path)).MustBe(HttpStatusCode.Unauthorized);
        var person = await house.Newcomer();
        (await person.PostWithoutKey(Path, new { })).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        (await person.Post(Path, new { reason = "x" })).MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    /// <summary>Where a bare id may remain: the stub, the log of who saw whom, the proof of consent, the request, the archive.</summary>
    private static readonly string[] KeptTables =
        ["persons", "audit_entries", "unmaskings", "consents", "deletion_requests", "kept_records"];

    private async Task NobodyReaches(BusyPerson gone)
    {
        var officer = await house.Officer("county");
        (await officer.Get(gone.Person.OfficePath)).MustBe(HttpStatusCode.NotFound);
        (await officer.Get($"/api/v1/office/memberships/{gone.MembershipId}")).MustBe(HttpStatusCode.NotFound);
        Assert.Empty((await officer.Post("/api/v1/office/member-searches", new { name = gone.Person.Name })).MustBe(HttpStatusCode.OK).Items);
        Assert.Empty((await officer.Post("/api/v1/office/member-searches", new { idNumber = gone.Person.IdNumber, reason = "核实入会申请人" })).MustBe(HttpStatusCode.OK).Items);
        (await officer.Post("/api/v1/office/unmaskings", new { recordKind = "person", recordId = gone.PersonId, field = "phone", reason = "核对联系电话" }))
            .MustBe(HttpStatusCode.NotFound);
        Assert.DoesNotContain("kept_records", string.Concat(Sources.Program.Where(f => f.Path.StartsWith("api/Modules/", StringComparison.Ordinal)).Select(f => f.Text)), StringComparison.Ordinal);
    }

    private async Task AskAndRun(Applicant person)
    {
        (await person.Post(Path, new { })).MustBe(HttpStatusCode.Created);
        house.Clock.Advance(CoolingOff);
        await Run();
    }

    private Task Run() => house.Services.GetRequiredService<ErasePersons>().RunAsync(CancellationToken.None);

    /// <summary>Every row of every table that has her id in any column.</summary>
    private async Task<List<string>> RowsOf(string personId)
    {
        var rows = new List<string>();
        await using var db = house.Database.Open();
        foreach (var table in house.Services.GetRequiredService<ColumnRegistry>().Tables)
        {
            rows.AddRange((await db.QueryToListAsync(
                row => Enumerable.Range(0, row.FieldCount).Where(i => !row.IsDBNull(i) && row.GetValue(i) is string text && text == personId).Select(row.GetName).FirstOrDefault(),
                $"SELECT * FROM {table}",
                CancellationToken.None)).OfType<string>().Select(c => $"{table} {c}"));
        }

        return rows;
    }
}
