using System.Diagnostics;
using System.Net;
using System.Text;
using StackExchange.Redis;
using WeChatUnion.Tests.House;
using Role = WeChatUnion.Api.Modules.Identity.Role;

namespace WeChatUnion.Tests.Privacy;

public sealed class CanaryOnSqlite(SqliteProcess house) : CanaryTests(house), IClassFixture<SqliteProcess>
{
    private readonly SqliteProcess house = house;

    /// <summary>Database file and write-ahead log, as they lie there.</summary>
    private protected override Task<List<Writing>> DatabaseAsync() =>
        Task.FromResult(Directory.EnumerateFiles(house.Api.DataDirectory).Select(Read).ToList());

    /// <summary>Writes the file anew without what was overwritten, and empties the log.</summary>
    private protected override Task SettleAsync() => house.Execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");

    private protected override string Blob => "BLOB";
}

public sealed class CanaryOnMariaDb(MariaDbProcess house) : CanaryTests(house), IClassFixture<MariaDbProcess>
{
    private readonly MariaDbProcess house = house;

    /// <summary>A dump, the server's own files, and all of Redis.</summary>
    private protected override async Task<List<Writing>> DatabaseAsync()
    {
        List<Writing> all = [new("dump", await house.Server.DumpAsync(house.DatabaseName))];
        if (!isSettled)
        {
            all.AddRange(house.Server.Files().Select(Read));
        }

        await using var redis = await ConnectionMultiplexer.ConnectAsync(house.Redis.Endpoint);
        foreach (var key in redis.GetServers().Single().Keys())
        {
            // Anything but plain values would throw here: then this reader must learn it.
            all.Add(new("redis", Encoding.UTF8.GetBytes($"{key} {await redis.GetDatabase().StringGetAsync(key)}")));
        }

        return all;
    }

    private bool isSettled;

    /// <summary>The server's files keep old versions of a row for a while; from here on the dump speaks.</summary>
    private protected override Task SettleAsync()
    {
        isSettled = true;
        return Task.CompletedTask;
    }

    private protected override string Blob => "LONGBLOB";
}

/// <summary>
/// People with unmistakable names, numbers and words do all that can be done here, also what goes wrong; then
/// everything that the program wrote, and every answer to somebody else, is searched for them.
/// </summary>
public abstract class CanaryTests(ProcessHouse house)
{
    private const string Ann = "applicant";
    private const string Ben = "second applicant";
    private const string Officer = "officer";
    private const string Stranger = "officer of another branch";
    private const string Anonymous = "anonymous";

    // Four-byte Han, a surname of its own, and the dot of minority names.
    private static readonly Papers TheFirst = new("canary-1", "𠮷龘麤靐", MadeUp.IdNumber(), "13987650001");
    private static readonly Papers TheSecond = new("canary-2", "阿依古丽·𪚥焱犇骉", MadeUp.IdNumber(), "13987650002");

    private readonly List<Canary> canaries =
    [
        new("name", TheFirst.Name, Ann, Officer),
        new("ID number", TheFirst.IdNumber),
        new("phone", TheFirst.Phone),
        new("second name", TheSecond.Name, Ben, Officer),
        new("second ID number", TheSecond.IdNumber),
        new("second phone", TheSecond.Phone),
    ];

    private readonly List<(string Reader, Answer Answer)> answers = [];

    [Fact]
    public async Task What_people_entrust_to_the_program_is_found_nowhere_else()
    {
        await LiveAsync();
        canaries.AddRange(house.WeChat.Secrets.Select(s => new Canary("session key or access token of WeChat", s)));
        canaries.AddRange(house.Settings.Where(s => s.Key is "WeChat:AppSecret" or "Privacy:FieldKeys:k1" or "Privacy:IndexKey")
            .Select(s => new Canary(s.Key, s.Value)));
        Assert.True(house.WeChat.Secrets.Count >= 4);

        // Names are the one thing that stands in the clear, in one column.
        var sealedOnes = new CanarySearch(canaries.Where(c => !IsName(c)));
        var all = new CanarySearch(canaries);
        var found = (await DatabaseAsync()).SelectMany(w => sealedOnes.In(w.Place, w.Bytes)).ToList();
        Assert.Contains(TheFirst.Name, await house.Texts("SELECT name FROM member_records"));
        Assert.Equal(0, await house.Api.StopAsync(TimeSpan.FromSeconds(30)));
        await house.Execute("UPDATE member_records SET name = NULL");
        await SettleAsync();
        found.AddRange((await DatabaseAsync()).SelectMany(w => all.In(w.Place, w.Bytes)));
        found.AddRange(all.In("log", Read(house.Api.LogFile).Bytes));
        found.AddRange(answers.SelectMany(AnswerFinds));
        Assert.True(found.Count == 0, string.Join('\n', found.Distinct()));

        // The log was written and says what it may: which route refused what.
        var log = await File.ReadAllTextAsync(house.Api.LogFile);
        Assert.Matches("PUT /api/v1/me/membership-application/identity 400 ", log);
        Assert.Matches("POST /api/v1/me/membership-application/submission 409 ", log);
        Assert.Contains("Unexpected", log, StringComparison.Ordinal);
    }

    /// <summary>The control: planted on purpose, a canary is found in each form, in the log and in the database's files.</summary>
    [Fact]
    public async Task A_canary_that_was_planted_is_found_in_each_form()
    {
        const string text = "金丝雀·𠮷13987659999";
        var search = new CanarySearch([new Canary("planted", text)]);
        var forms = CanarySearch.FormsOf(text).ToList();
        Assert.Equal(["UTF-8", "UTF-16 LE", "UTF-16 BE", "GB18030"], forms.Take(4).Select(f => f.Name));

        var log = Read(house.Api.LogFile).Bytes;
        Assert.All(forms, form => Assert.Contains(
            search.In("log", [.. log, .. Encoding.UTF8.GetBytes("{\"Message\":\"x"), .. form.Bytes, .. Encoding.UTF8.GetBytes("\"}\n")]),
            f => f.Form == form.Name));

        await house.Execute($"CREATE TABLE planted (id INT NOT NULL PRIMARY KEY, word {Blob} NOT NULL)");
        for (var i = 0; i < forms.Count; i++)
        {
            await house.Execute($"INSERT INTO planted (id, word) VALUES ({i}, x'{Convert.ToHexString([.. "before "u8, .. forms[i].Bytes])}')");
        }

        var found = (await DatabaseAsync()).SelectMany(w => search.In(w.Place, w.Bytes)).Select(f => f.Form).ToHashSet();
        await house.Execute("DROP TABLE planted");
        Assert.All(forms, f => Assert.Contains(f.Name, found));
    }

    private protected abstract Task<List<Writing>> DatabaseAsync();

    private protected abstract Task SettleAsync();

    private protected abstract string Blob { get; }

    private protected static Writing Read(string file)
    {
        // Another process reads: closing a database file here would drop the locks that this process holds on it.
        using var reader = Process.Start(new ProcessStartInfo("cat", [file]) { RedirectStandardOutput = true })!;
        using var bytes = new MemoryStream();
        reader.StandardOutput.BaseStream.CopyTo(bytes);
        reader.WaitForExit();
        return new(Path.GetFileName(file), bytes.ToArray());
    }

    private static bool IsName(Canary canary) => canary.What.EndsWith("name", StringComparison.Ordinal);

    /// <summary>A refusal repeats nothing to anybody; other answers show a canary to its readers only.</summary>
    private IEnumerable<Find> AnswerFinds((string Reader, Answer Answer) heard)
    {
        var hidden = canaries.Where(c => (int)heard.Answer.Status >= 400 || !c.Readers.Contains(heard.Reader));
        var request = heard.Answer.Response.RequestMessage!;
        var bytes = Encoding.UTF8.GetBytes($"{heard.Answer.Response.Headers} {heard.Answer.Text}");
        return new CanarySearch(hidden).In($"answer to {heard.Reader}: {request.Method} {request.RequestUri!.AbsolutePath}", bytes);
    }

    private string Plant(string what, string text, params string[] readers)
    {
        canaries.Add(new Canary(what, text, readers));
        return text;
    }

    private async Task<Answer> Hear(string reader, Task<Answer> answer)
    {
        var heard = await answer;
        answers.Add((reader, heard));
        return heard;
    }

    private async Task LiveAsync()
    {
        var ann = await SignInAsync(Ann, TheFirst.User);
        var ben = await SignInAsync(Ben, TheSecond.User);
        var officer = await SignInStaffAsync(Officer, "zhaipo");
        var stranger = await SignInStaffAsync(Stranger, "xiaoji");
        await SpoilFormAsync(ann);
        var version = await TheFirst.ApplyAsync(house, ann);
        await TakeWhatIsTakenAsync(ben);
        var secondVersion = await TheSecond.ApplyAsync(house, ben);

        var application = await FindAsync(officer, TheFirst);
        await ReviewAsync(officer, stranger, application, version);
        await ReadEverythingAsync(ann, ben, officer, stranger, application);
        var reason = Plant("reason of a rejection", "驳回理由:核实人李犇犇说材料系伪造", Ben, Officer);
        await Hear(Officer, officer.Post(
            $"/api/v1/office/membership-applications/{await FindAsync(officer, TheSecond)}/rejection", new { version = secondVersion, reason }));
        version = await ResubmitAsync(ann);
        await Hear(Officer, officer.Post($"/api/v1/office/membership-applications/{application}/approval", new { version }));
        await WithFaultsOfWeChatAsync(ann);
        await WithoutATableAsync(ann, officer, application);
        await MustArriveAsync(ann, 2);
        await MustArriveAsync(ben, 1);
        await ReadEverythingAsync(ann, ben, officer, stranger, application);
        await KnockAtTheDoorAsync();
        await Hear(Ann, ann.Delete("/api/v1/me/sessions"));
        await Hear(Ann, ann.Get("/api/v1/me"));
    }

    private async Task<Person> SignInAsync(string reader, string user)
    {
        var http = house.Api.NewHttp();
        http.DefaultRequestHeaders.Add(
            "User-Agent", $"Mozilla/5.0 (iPhone; {Plant("device", $"PhoneOf{user}Zx81Qy")}) MicroMessenger/8.0.50");
        var code = Plant("login code", house.WeChat.IssueLoginCode(user));
        var session = await Hear(reader, new Person(http, null).PostWithoutKey("/api/v1/sessions", new { code }));
        var again = await Hear(reader, new Person(http, null).PostWithoutKey("/api/v1/sessions", new { code }));
        again.MustBe(HttpStatusCode.Unauthorized, "wechat_code_unusable");
        return new Person(http, Plant("token", session.MustBe(HttpStatusCode.Created)["token"], reader));
    }

    private async Task<Person> SignInStaffAsync(string reader, string union)
    {
        var name = $"canary-{union}";
        var password = Plant("password", $"密码短语 {union} Ky7-vermilion");
        var officer = await house.Staff(name, Role.MembershipOfficer, union, password);
        Plant("staff token", officer.Token!, reader);
        var wrong = Plant("wrong password", $"密码短语 {union} Ky8-vermilion");
        (await Hear(Anonymous, house.Api.Anonymous().PostWithoutKey("/api/v1/office/sessions", new { name, password = wrong })))
            .MustBe(HttpStatusCode.Unauthorized);

        // In a hurry the password goes into the wrong field.
        (await Hear(Anonymous, house.Api.Anonymous().PostWithoutKey("/api/v1/office/sessions", new { name = password, password })))
            .MustBe(HttpStatusCode.Unauthorized);
        return officer;
    }

    /// <summary>Bodies that cannot be read or are refused, with what a person would really type.</summary>
    private async Task SpoilFormAsync(Person ann)
    {
        const string path = "/api/v1/me/membership-application/identity";
        var (name, number) = (TheFirst.Name, TheFirst.IdNumber);
        foreach (var body in new[]
        {
            $$"""{"name":"{{name}}","idNumber":"{{number}}" """,
            $$"""{"name":"{{name}}","idNumber":["{{number}}"]}""",
            $$"""{"name":"{{name}}","idNumber":"{{number}}","idNumber":"{{number}}"}""",
            $$"""{"version":"{{number}}","name":"{{name}}"}""",
            $$"""{"name":"{{name}}","idType":"{{number}}","idNumber":"{{number}}","idValidTo":"{{number}}","ethnicity":"{{name}}"}""",
            $$"""{"name":"{{name}}1","idType":"1","idNumber":"{{number}}","idValidTo":"long_term","ethnicity":"01"}""",
            $$"""{"name":"{{name}}","idType":"1","idNumber":"{{number[..17]}}{{(number[17] == '0' ? '1' : '0')}}","idValidTo":"long_term","ethnicity":"01"}""",
            $$"""{"name":"{{name}}","birthOn":"{{number}}"}""",
            $"{name} {number}",
        })
        {
            (await Hear(Ann, ann.SendRaw(HttpMethod.Put, path, body))).MustBe(HttpStatusCode.BadRequest, "malformed");
        }

        (await Hear(Ann, ann.SendRaw(HttpMethod.Put, path, number, "text/plain"))).MustBe(HttpStatusCode.UnsupportedMediaType);
        (await Hear(Ann, ann.Get($"/api/v1/me/{number}"))).MustBe(HttpStatusCode.NotFound);
        (await Hear(Ann, ann.Get($"/api/v1/me/messages?after={number}&take={TheFirst.Phone}"))).MustBe(HttpStatusCode.BadRequest);
        (await Hear(Ann, ann.Post("/api/v1/me/membership-application/submission", new { version = 1 }, key: $"{number}:{TheFirst.Phone}")))
            .MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        (await Hear(Ann, ann.Post("/api/v1/me/membership-application/submission", new { version = 1 }))).MustBe(HttpStatusCode.Conflict);
        (await Hear(Ann, ann.Put("/api/v1/me/phone", new { code = Plant("bad phone code", "phone-code-zx81-qy77") })))
            .MustBe(HttpStatusCode.Conflict, "phone_code_unusable");
    }

    /// <summary>Numbers that somebody else has: UNIQUE speaks, and its message would quote them.</summary>
    private async Task TakeWhatIsTakenAsync(Person ben)
    {
        var code = Plant("phone code", house.WeChat.IssuePhoneCode(TheSecond.User, TheFirst.Phone));
        (await Hear(Ben, ben.Put("/api/v1/me/phone", new { code }))).MustBe(HttpStatusCode.Conflict, "phone_taken");
        var greedy = TheSecond with { User = "canary-3", IdNumber = TheFirst.IdNumber, Phone = Plant("third phone", "13987650003") };
        var third = await house.Worker(greedy.User);
        var refused = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => greedy.ApplyAsync(house, third));
        Assert.Contains("id_number_taken", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> FindAsync(Person officer, Papers applicant)
    {
        const string path = "/api/v1/office/member-searches";
        await Hear(Officer, officer.Post(path, new { name = applicant.Name }));
        await Hear(Officer, officer.Post(path, new { phoneTail = applicant.Phone[^4..] }));
        await Hear(Officer, officer.Post(path, new { phoneTail = applicant.Phone }));
        var found = await Hear(Officer, officer.Post(path, new { idNumber = applicant.IdNumber, reason = "核实入会申请人" }));
        return found.MustBe(HttpStatusCode.OK).Items.Single().GetProperty("applicationId").GetString()!;
    }

    private async Task ReviewAsync(Person officer, Person stranger, string application, int version)
    {
        var path = $"/api/v1/office/membership-applications/{application}";
        var note = Plant("note", "电话里说婆婆住院𠮷缺钱,暂不声张", Officer);
        var contact = new { way = "phone", contactedAt = DateTimeOffset.UtcNow, note };
        var key = Guid.NewGuid().ToString("N");
        (await Hear(Officer, officer.Post($"{path}/contacts", contact, key))).MustBe(HttpStatusCode.Created);
        (await Hear(Officer, officer.Post($"{path}/contacts", contact, key))).MustBe(HttpStatusCode.Created);
        (await Hear(Officer, officer.Post($"{path}/contacts", contact with { way = "visit" }, key)))
            .MustBe(HttpStatusCode.UnprocessableEntity);
        (await Hear(Officer, officer.Post($"{path}/contacts", contact with { note = string.Concat(Enumerable.Repeat(note, 40)) })))
            .MustBe(HttpStatusCode.BadRequest);
        (await Hear(Stranger, stranger.Post($"{path}/contacts", contact))).MustBe(HttpStatusCode.NotFound);

        var reason = Plant("reason of a return", "退回原因:离婚证上的单位写错了犇", Ann, Officer);
        (await Hear(Officer, officer.Post($"{path}/return", new { version = version + 7, reason }))).MustBe(HttpStatusCode.Conflict);
        (await Hear(Stranger, stranger.Post($"{path}/return", new { version, reason }))).MustBe(HttpStatusCode.NotFound);
        (await Hear(Officer, officer.Post($"{path}/return", new { version, reason }))).MustBe(HttpStatusCode.NoContent);
    }

    private async Task<int> ResubmitAsync(Person ann)
    {
        var mine = (await Hear(Ann, ann.Get("/api/v1/me/membership"))).MustBe(HttpStatusCode.OK);
        var version = mine.Body.GetProperty("application").GetProperty("version").GetInt32();
        return (await Hear(Ann, ann.Post("/api/v1/me/membership-application/submission", new { version }))).MustBe(HttpStatusCode.OK).Version;
    }

    private async Task ReadEverythingAsync(Person ann, Person ben, Person officer, Person stranger, string application)
    {
        foreach (var (reader, worker) in new[] { (Ann, ann), (Ben, ben) })
        {
            foreach (var path in new[] { "me", "me/membership", "me/messages", "me/sessions", "me/sessions/current", "code-tables" })
            {
                (await Hear(reader, worker.Get($"/api/v1/{path}"))).MustBe(HttpStatusCode.OK);
            }

            await Hear(reader, worker.Get($"/api/v1/office/membership-applications/{application}"));
            await Hear(reader, worker.Post("/api/v1/union-searches", new { words = TheFirst.Name }));
        }

        foreach (var (reader, staff) in new[] { (Officer, officer), (Stranger, stranger) })
        {
            var list = "membership-applications";
            foreach (var path in new[]
            {
                "me", "me/sessions", list, $"{list}?state=returned", $"{list}?state=rejected", $"{list}?state=approved",
                $"{list}/{application}", $"{list}/{application}/contacts",
            })
            {
                await Hear(reader, staff.Get($"/api/v1/office/{path}"));
            }

            await Hear(reader, staff.Post("/api/v1/office/member-searches", new { name = TheFirst.Name }));
            await Hear(reader, staff.Post("/api/v1/office/member-searches", new { idNumber = TheFirst.IdNumber, reason = "核实入会申请人" }));
        }
    }

    private async Task WithFaultsOfWeChatAsync(Person ann)
    {
        foreach (var fail in new Action<string>[]
        {
            p => house.WeChat.Faults.AnswerError(p, 40013, calls: 1), p => house.WeChat.Faults.AnswerStatus(p, 502, calls: 1),
            p => house.WeChat.Faults.AnswerGarbage(p, calls: 1), p => house.WeChat.Faults.Drop(p, calls: 1),
        })
        {
            fail("/sns/jscode2session");
            var code = Plant("login code", house.WeChat.IssueLoginCode(TheFirst.User));
            (await Hear(Anonymous, house.Api.Anonymous().PostWithoutKey("/api/v1/sessions", new { code })))
                .MustBe(HttpStatusCode.ServiceUnavailable);
            fail("/wxa/business/getuserphonenumber");
            code = Plant("phone code", house.WeChat.IssuePhoneCode(TheFirst.User, TheFirst.Phone));
            (await Hear(Ann, ann.Put("/api/v1/me/phone", new { code }))).MustBe(HttpStatusCode.ServiceUnavailable);
        }
    }

    /// <summary>The unexpected: tables are gone, so reads and writes fail with whatever the database says.</summary>
    private async Task WithoutATableAsync(Person ann, Person officer, string application)
    {
        await house.Execute("ALTER TABLE messages RENAME TO messages_away");
        await house.Execute("ALTER TABLE membership_contacts RENAME TO membership_contacts_away");
        (await Hear(Ann, ann.Get("/api/v1/me/messages"))).MustBe(HttpStatusCode.InternalServerError, "server_fault");
        var note = Plant("note that was never kept", "此条从未存下:她说怀孕了麤");
        (await Hear(Officer, officer.Post(
            $"/api/v1/office/membership-applications/{application}/contacts",
            new { way = "phone", contactedAt = DateTimeOffset.UtcNow, note }))).MustBe(HttpStatusCode.InternalServerError, "server_fault");
        var applicant = Papers.New();
        var worker = await house.Worker(applicant.User);
        var version = await applicant.ApplyAsync(house, worker);
        var id = (await officer.Post("/api/v1/office/member-searches", new { idNumber = applicant.IdNumber, reason = "核实入会申请人" })).Items.Single()
            .GetProperty("applicationId").GetString();
        var reason = Plant("reason whose notice fails", "此由头送不出去:龘龘欠薪告状", Officer);
        (await Hear(Officer, officer.Post($"/api/v1/office/membership-applications/{id}/rejection", new { version, reason })))
            .MustBe(HttpStatusCode.InternalServerError, "server_fault");
        await house.Execute("ALTER TABLE messages_away RENAME TO messages");
        await house.Execute("ALTER TABLE membership_contacts_away RENAME TO membership_contacts");
    }

    private async Task MustArriveAsync(Person worker, int messages)
    {
        for (var look = 0; look < 200; look++)
        {
            if ((await worker.Get("/api/v1/me/messages")).Items.Length == messages)
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail("The messages did not arrive.");
    }

    private async Task KnockAtTheDoorAsync()
    {
        var stranger = new Person(house.Api.NewHttp(), Plant("token that never was", "qX7vermilion_never_was_a_token_0001"));
        (await Hear(Anonymous, stranger.Get("/api/v1/me"))).MustBe(HttpStatusCode.Unauthorized);
        var tooLong = new Person(house.Api.NewHttp(), TheFirst.Phone + new string('x', 100));
        (await Hear(Anonymous, tooLong.Get("/api/v1/office/membership-applications"))).MustBe(HttpStatusCode.Unauthorized);
        var code = Plant("code that never was", "code-never-issued-vermilion");
        (await Hear(Anonymous, house.Api.Anonymous().PostWithoutKey("/api/v1/sessions", new { code }))).MustBe(HttpStatusCode.Unauthorized);
        (await Hear(Anonymous, house.Api.Anonymous().Get($"/{TheFirst.Phone}?id={TheFirst.IdNumber}"))).MustBe(HttpStatusCode.NotFound);
    }

    private protected sealed record Writing(string Place, byte[] Bytes);
}
