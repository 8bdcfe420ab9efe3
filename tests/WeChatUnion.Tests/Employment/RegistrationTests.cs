using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Employment;

public sealed class RegistrationOnSqlite(SqliteHouse house) : RegistrationTests(house), IClassFixture<SqliteHouse>;

public sealed class RegistrationOnMariaDb(MariaDbHouse house) : RegistrationTests(house), IClassFixture<MariaDbHouse>;

public abstract class RegistrationTests(TestHouse house)
{
    [Fact]
    public async Task A_clerk_registers_her_firm_and_acts_for_it_once_it_is_verified()
    {
        var (worker, stranger, officer) = (await house.Worker(), await house.Worker(), await house.Officer());
        var request = await Firms.Registration(worker, "91410721MA9000038T");
        var made = (await worker.Post(Firms.Mine, request)).MustBe(HttpStatusCode.Created);
        Assert.Equal("True", made["isMatched"]);
        (await worker.Post(Firms.Mine, request)).MustBe(HttpStatusCode.Conflict, "registration_open");
        (await worker.PostWithoutKey($"{Firms.Mine}/{made["id"]}/set-up-links", new { })).MustBe(HttpStatusCode.Conflict, "registration_not_approved");
        (await stranger.Get($"{Firms.Mine}/{made["id"]}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await stranger.Delete($"{Firms.Mine}/{made["id"]}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Officer("zhaipo")).Get($"{Firms.Desk}/{made["id"]}")).MustBe(HttpStatusCode.NotFound, "not_found");

        // The officer sees the documents while they are needed.
        Assert.Contains(made["id"], (await officer.Get(Firms.Desk)).Ids);
        var opened = (await officer.Get($"{Firms.Desk}/{made["id"]}")).MustBe(HttpStatusCode.OK);
        Assert.Equal("0373-5551234", opened["phone"]);
        (await officer.Get($"/api/v1/office/files/{opened["identityFileId"]}")).MustBe(HttpStatusCode.OK);
        (await stranger.Get($"/api/v1/files/{opened["identityFileId"]}")).MustBe(HttpStatusCode.NotFound, "not_found");
        var verified = (await officer.Post($"{Firms.Desk}/{made["id"]}/approval", new { version = 1 })).MustBe(HttpStatusCode.OK);
        (await officer.Post($"{Firms.Desk}/{made["id"]}/approval", new { version = 1 })).MustBe(HttpStatusCode.Conflict, "registration_decided");
        Assert.Equal("", (await officer.Get($"{Firms.Desk}/{made["id"]}"))["identityFileId"]);
        Assert.Contains((await worker.Get("/api/v1/me/messages")).Items, m => m.Text("title") == "企业核验已通过");

        // Of two links the second voids the first; the account is set up once.
        var first = (await worker.PostWithoutKey($"{Firms.Mine}/{made["id"]}/set-up-links", new { })).MustBe(HttpStatusCode.Created);
        var second = (await worker.PostWithoutKey($"{Firms.Mine}/{made["id"]}/set-up-links", new { })).MustBe(HttpStatusCode.Created);
        (await house.Anonymous().PostWithoutKey("/api/v1/office/invitation-checks", new { token = first["token"] })).MustBe(HttpStatusCode.Conflict, "link_unusable");
        var account = await Invited.AcceptAsync(house, second["token"], Invited.NewName());
        Assert.NotNull(account.Secret);
        (await worker.PostWithoutKey($"{Firms.Mine}/{made["id"]}/set-up-links", new { })).MustBe(HttpStatusCode.Conflict, "account_set_up_already");
        var clerk = await account.SignIn();
        Assert.Equal(verified["employerId"], (await clerk.Get("/api/v1/office/employer")).MustBe(HttpStatusCode.OK)["id"]);
    }

    [Fact]
    public async Task A_role_alone_is_no_firm()
    {
        var clerk = await house.Staff(Role.Employer, "county");
        (await clerk.Get("/api/v1/office/employer")).MustBe(HttpStatusCode.Conflict, "no_employer");
        (await clerk.Get(Firms.Office)).MustBe(HttpStatusCode.Conflict, "no_employer");
        (await clerk.Post(Firms.Office, new { vacancy = house.Vacancy() })).MustBe(HttpStatusCode.Conflict, "no_employer");
    }

    [Fact]
    public async Task What_is_wrong_with_a_registration_is_said_by_field()
    {
        var (worker, other) = (await house.Worker(), await house.Worker());
        foreach (var (field, value) in new (string, object?)[]
        {
            ("creditCode", "91410721MA0001237K"), ("creditCode", "91410721MA000I237J"), ("creditCode", null), ("kind", "nothing"), ("divisionCode", "999999"), ("name", "厂"),
            ("phone", "call me"), ("licenceFileId", new string('0', 32)), ("mandateFileId", (await Firms.Registration(other))["mandateFileId"]), ("unknown", 1),
        })
        {
            var request = await Firms.Registration(worker);
            request[field] = value;
            var answer = (await worker.Post(Firms.Mine, request)).MustBe(HttpStatusCode.BadRequest, "malformed");
            Assert.Equal([field], answer.WrongFields);
        }
    }

    [Fact]
    public async Task A_rejected_clerk_reads_why_and_registers_again()
    {
        var (worker, officer) = (await house.Worker(), await house.Officer());
        var id = (await worker.Post(Firms.Mine, await Firms.Registration(worker))).MustBe(HttpStatusCode.Created)["id"];
        (await officer.Post($"{Firms.Desk}/{id}/rejection", new { version = 2, reason = "委托书没有盖章" })).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        (await officer.Post($"{Firms.Desk}/{id}/rejection", new { version = 1, reason = "委托书没有盖章" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("委托书没有盖章", (await worker.Get($"{Firms.Mine}/{id}"))["reason"]);
        (await worker.Delete($"{Firms.Mine}/{id}")).MustBe(HttpStatusCode.Conflict, "registration_decided");

        var again = (await worker.Post(Firms.Mine, await Firms.Registration(worker))).MustBe(HttpStatusCode.Created)["id"];
        (await worker.Delete($"{Firms.Mine}/{again}")).MustBe(HttpStatusCode.NoContent);
        (await worker.Delete($"{Firms.Mine}/{again}")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(["withdrawn", "rejected"], (await worker.Get(Firms.Mine)).Items.Select(i => i.Text("state")));
    }

    [Fact]
    public async Task Twenty_registrations_at_once_leave_one_open()
    {
        var worker = await house.Worker();
        var request = await Firms.Registration(worker);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => worker.Post(Firms.Mine, request)));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.MustBe(HttpStatusCode.Conflict, "registration_open"));
    }

    [Fact]
    public async Task A_verification_lasts_a_year_and_is_renewed_with_fresh_documents()
    {
        var (clerk, employerId, account) = await house.Firm();
        var officer = await house.Officer();
        var vacancy = await house.Offered(clerk, house.Vacancy("年检岗位"));
        house.Clock.Advance(TimeSpan.FromDays(367));
        clerk = await account.SignIn();
        officer = await house.Officer();
        (await clerk.Post($"{Firms.Office}/{vacancy}/renewal", new { version = 3 })).MustBe(HttpStatusCode.Conflict, "verification_over");

        var files = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            files.Add((await clerk.PostFile("/api/v1/office/files?purpose=employer_document", Pictures.Png(10 + i, 10))).MustBe(HttpStatusCode.Created)["id"]);
        }

        var renewal = new { name = "新乡县和顺包装有限公司", divisionCode = "410721102", address = "小冀镇工业路 9 号", phone = "0373-5551234", licenceFileId = files[0], mandateFileId = files[1] };
        var id = (await clerk.Post("/api/v1/office/employer/renewals", renewal)).MustBe(HttpStatusCode.Created)["id"];
        (await clerk.Post("/api/v1/office/employer/renewals", renewal)).MustBe(HttpStatusCode.Conflict, "registration_open");
        Assert.Equal(employerId, (await officer.Post($"{Firms.Desk}/{id}/approval", new { version = 1 })).MustBe(HttpStatusCode.OK)["employerId"]);

        Assert.Equal("小冀镇工业路 9 号", (await clerk.Get("/api/v1/office/employer"))["address"]);
        (await clerk.Post($"{Firms.Office}/{vacancy}/renewal", new { version = 3 })).MustBe(HttpStatusCode.OK);
        Assert.Equal(["verification", "renewal"], (await officer.Get($"/api/v1/office/employers/{employerId}")).Body.GetProperty("steps").EnumerateArray().Select(s => s.Text("kind")));
    }

    [Fact]
    public async Task An_officer_finds_a_firm_by_a_part_of_its_name_or_its_code()
    {
        var (clerk, employerId, _) = await house.Firm();
        var officer = await house.Officer();
        var code = (await clerk.Get("/api/v1/office/employer"))["creditCode"];

        Assert.Contains(employerId, await FoundAsync("包装"));
        Assert.Equal([employerId], await FoundAsync(code));
        Assert.Empty(await FoundAsync(code[..17]));
        Assert.Empty(await FoundAsync("张会é'%"));

        async Task<IEnumerable<string>> FoundAsync(string words) =>
            (await officer.Get($"/api/v1/office/employers?words={Uri.EscapeDataString(words)}")).MustBe(HttpStatusCode.OK).Items.Select(i => i.Text("id"));
    }

    [Fact]
    public async Task Hostile_uploads_are_refused_or_drawn_anew_and_never_more_than_one_is_unfolded()
    {
        const string Upload = "/api/v1/files?purpose=employer_document";
        const string Script = "<script>alert(1)</script><?php system($_GET[0]); ?>";
        var worker = await house.Worker();
        byte[] script = System.Text.Encoding.UTF8.GetBytes(Script);
        var (jpeg, png) = (Pictures.Jpeg(), Pictures.Png());

        // An image that is something else besides (polyglot) comes out as nothing but an image.
        byte[][] polyglots =
        [
            [.. jpeg, .. script], [.. png, .. script], [.. jpeg, .. "PK\u0003\u0004"u8, .. script], [.. jpeg[..2], 0xFF, 0xFE, 0, (byte)(script.Length + 2), .. script, .. jpeg[2..]],
        ];
        foreach (var polyglot in polyglots)
        {
            var id = (await worker.PostFile(Upload, polyglot, contentType: "text/html")).MustBe(HttpStatusCode.Created)["id"];
            var served = (await worker.Get($"/api/v1/files/{id}")).MustBe(HttpStatusCode.OK);
            Assert.True((await served.Bytes).AsSpan().IndexOf("<script"u8) < 0 && (await served.Bytes).AsSpan().IndexOf("<?php"u8) < 0);
            Assert.Equal(("image/jpeg", "nosniff"), (served.Response.Content.Headers.ContentType?.MediaType, served.Response.Headers.GetValues("X-Content-Type-Options").Single()));
        }

        // Wrong first bytes, whatever the sender calls it.
        foreach (var wrong in new[] { script, "%PDF-1.7 /JavaScript"u8.ToArray(), "MZ\u0090"u8.ToArray(), "GIF89a"u8.ToArray(), "#!/bin/sh\nrm -rf /"u8.ToArray(), [.. "BM"u8, .. jpeg], [0, .. jpeg], [] })
        {
            (await worker.PostFile(Upload, wrong)).MustBe(HttpStatusCode.UnsupportedMediaType, "file_type_not_allowed");
        }

        // Names that lead elsewhere, break lines or turn the writing round are no part of a file here.
        foreach (var name in new[] { "../../../etc/cron.d/x", "..%5c..%5cweb.config", "a.jpg%0d%0aSet-Cookie:%20x=1", "%E2%80%AEgpj.exe", "con.jpg%00.sh" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Upload}&name={name}") { Content = new ByteArrayContent(jpeg) };
            request.Headers.Authorization = new("Bearer", worker.Token);
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
            request.Content.Headers.TryAddWithoutValidation("Content-Disposition", $"attachment; filename=\"{name}\"; filename*=UTF-8''{name}");
            using var answer = await house.NewHttp().SendAsync(request);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            Assert.DoesNotContain("cron", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // 20,000 pixels a side are refused unread, also by a whole file of a few kilobytes; 20,000 by 1,000 are 80 MB each, one at a time.
        (await worker.PostFile(Upload, Pictures.Bomb())).MustBe(HttpStatusCode.BadRequest, "image_too_many_pixels");
        (await worker.PostFile(Upload, Pictures.Blank(20_000, 20_000))).MustBe(HttpStatusCode.BadRequest, "image_too_many_pixels");
        var wide = Pictures.Blank(20_000, 1_000);
        var (before, most) = (Environment.WorkingSet, 0L);
        var uploads = Enumerable.Range(0, 8).Select(_ => worker.PostFile(Upload, wide)).ToList();
        while (uploads.Exists(u => !u.IsCompleted))
        {
            most = Math.Max(most, Environment.WorkingSet);
            await Task.WhenAny([.. uploads.Where(u => !u.IsCompleted), Task.Delay(5)]);
        }

        Assert.All(uploads, u => u.Result.MustBe(HttpStatusCode.Created));
        Assert.True(most - before < 500_000_000, $"{most - before} bytes more");
    }
}
