using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using MiniExcelLibs;
using WeChatUnion.Tests.Activities.Attending;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

public abstract partial class OrganisingTests
{
    [Fact]
    public async Task The_attendance_sheet_has_texts_only_and_no_formula()
    {
        var form = await house.Form(new { name = "=组A", capacity = 3 }, new { name = "乙组", capacity = 1 });
        form["questions"] = new object[] { new { kind = "text", wording = "饮食禁忌" }, new { kind = "number", wording = "=鞋码", isRequired = false }, new { kind = "consent", wording = "同意拍照" } };
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var questions = (await house.Anonymous().Get($"{Stage.Mine}/{activity}")).Body.GetProperty("activity").GetProperty("questions").EnumerateArray().Select(q => q.Text("id")).ToArray();
        var people = await People(5);
        string[][] answers = [["=HYPERLINK(\"http://x\",\"点我\")", "-41", "agreed"], ["@SUM(1)", "", "refused"], ["012345678901234567890", "42.5", ""], ["+86 空格", "", ""]];
        for (var i = 0; i < 4; i++)
        {
            var given = questions.Zip(answers[i]).Where(a => a.Second.Length > 0).ToDictionary(a => a.First, a => a.Second);
            (await people[i].SignUp(activity, new { answers = given })).MustBe(HttpStatusCode.OK);
        }

        Assert.Equal("waiting", (await people[4].SignUp(activity)).MustBe(HttpStatusCode.OK)["state"]);
        var export = (await Export(await Organiser(), activity)).MustBe(HttpStatusCode.OK);

        Assert.Equal("no-store", export.Response.Headers.CacheControl?.ToString());
        Assert.StartsWith("签到表-", export.Response.Content.Headers.ContentDisposition?.FileNameStar, StringComparison.Ordinal);
        var rows = await RowsOf(export);
        Assert.Equal(["报名序号", "姓名", "手机尾号", "所属工会", "名额组", "同行人数", "1. 饮食禁忌", "2. =鞋码", "3. 同意拍照", "签到", "备注"], rows[0]);
        Assert.Equal(["1", "2", "3", "4"], rows.Skip(1).Select(r => r[0]));
        Assert.All(rows.Skip(1), r => Assert.Equal("职工 金穗面粉有限公司工会委员会", $"{r[1]} {r[3]}"));
        Assert.Equal(["'=组A", "'=组A", "'=组A", "乙组"], rows.Skip(1).Select(r => r[4]));
        Assert.Equal(["'=HYPERLINK(\"http://x\",\"点我\")", "'@SUM(1)", "012345678901234567890", "'+86 空格"], rows.Skip(1).Select(r => r[6]));
        Assert.Equal(["-41", "", "42.5", ""], rows.Skip(1).Select(r => r[7]));
        Assert.Equal(["同意", "不同意", "", ""], rows.Skip(1).Select(r => r[8]));

        // In the file itself: no formula, and every cell says that it is text.
        using var zip = new ZipArchive(new MemoryStream(await export.Bytes));
        using var reader = new StreamReader(zip.Entries.Single(e => e.FullName.StartsWith("xl/worksheets/sheet", StringComparison.Ordinal)).Open());
        var xml = await reader.ReadToEndAsync();
        Assert.DoesNotMatch("<(x:)?f[ >]", xml);
        Assert.All(Regex.Matches(xml, "<(x:)?c [^>]*>").Select(m => m.Value), c => Assert.Matches("t=\"(str|inlineStr|s)\"", c));
    }

    [Fact]
    public async Task An_export_needs_a_reason_which_everybody_on_the_sheet_can_read_and_so_many_an_hour_are_made()
    {
        var activity = await house.Open(new { name = "开放名额", capacity = 1 });
        var people = await SignedUp(activity, 2);
        var organiser = await Organiser();
        foreach (var reason in new[] { null, "", "表", new string('长', 201) })
        {
            (await Export(organiser, activity, reason)).MustBe(HttpStatusCode.BadRequest, "malformed");
        }

        (await Export(await OrganiserElsewhere(), activity)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await Export(house.Anonymous(), activity)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await Export(organiser, new string('0', 32))).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await people[0].Get("/api/v1/me/data-accesses")).Items);

        (await Export(organiser, activity)).MustBe(HttpStatusCode.OK);

        var seen = Assert.Single((await people[0].Get("/api/v1/me/data-accesses")).Items);
        Assert.Contains("签到表", seen.ToString(), StringComparison.Ordinal);
        Assert.Contains("打印现场签到表", seen.ToString(), StringComparison.Ordinal);
        Assert.Empty((await people[1].Get("/api/v1/me/data-accesses")).Items);
        Assert.Single(await house.Audited("export_attendance", activity));
        await house.AuditNeverTells("打印现场签到表");

        var chair = await house.Staff(Api.Modules.Identity.Role.UnionChair, "zhaipo");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Export(chair, activity)));
        Assert.Equal((10, 10), (answers.Count(a => a.Status == HttpStatusCode.OK), answers.Count(a => a.Status == HttpStatusCode.TooManyRequests)));
        var refused = (await Export(chair, activity)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.InRange(refused.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3600);
        house.Clock.Advance(TimeSpan.FromHours(1));
        (await Export(await house.Staff(Api.Modules.Identity.Role.UnionChair, "zhaipo"), activity)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Statistics_count_who_has_a_place_by_the_facts_of_the_sign_up()
    {
        var form = await house.Form(new { name = "开放名额", capacity = 6 });
        form["mostGuests"] = 2;
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var day = house.Clock.GetUtcNow().Year;
        var (man, woman, old, other, stranger) = (
            await house.Member(birth: $"{day - 30}-01-01"),
            await house.Member(sex: "2", birth: $"{day - 36}-01-01"),
            await house.Member(sex: "2", birth: $"{day - 60}-01-01"),
            await house.Member(union: "zhaipo", birth: $"{day - 30}-01-01"),
            await house.Worker());
        foreach (var person in new[] { man, woman, old, other, stranger })
        {
            (await person.SignUp(activity, new { guests = person == man ? 1 : 0 })).MustBe(HttpStatusCode.OK);
        }

        await SignedUp(activity, 2);
        (await old.Delete($"{Stage.Mine}/{activity}/enrolment")).MustBe(HttpStatusCode.NoContent);
        var organiser = await Organiser();

        var statistics = (await organiser.Get($"{Stage.Office}/{activity}/statistics")).MustBe(HttpStatusCode.OK);

        Assert.Equal("4 1 True", $"{statistics["enrolled"]} {statistics["guests"]} {statistics["hasSmallCounts"]}");
        Assert.Equal(
            ["cancelled 1", "enrolled 4", "offered 1", "waiting 1"], Lines("signUps", s => $"{s.Text("state")} {s.Text("count")}").Order());
        Assert.Equal([" 1", "1 2", "2 1"], Lines("bySex", s => $"{s.Text("sex")} {s.Text("count")}"));
        Assert.Equal(["- 1", "25-35 2", "35-45 1"], Lines("byAge", s => $"{s.Text("from")}-{s.Text("below")} {s.Text("count")}"));
        Assert.Equal(["1", "1", "2"], Lines("byUnion", s => s.Text("count")).Order());
        Assert.Contains("翟坡镇总工会 1", Lines("byUnion", s => $"{s.Text("unionName")} {s.Text("count")}"));
        Assert.Contains(" 1", Lines("byUnion", s => $"{s.Text("unionName")} {s.Text("count")}"));
        (await (await OrganiserElsewhere()).Get($"{Stage.Office}/{activity}/statistics")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await house.Anonymous().Get($"{Stage.Office}/{activity}/statistics")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");

        var nobody = await house.Publish(await house.Form());
        Assert.Equal("False", (await organiser.Get($"{Stage.Office}/{nobody}/statistics")).MustBe(HttpStatusCode.OK)["hasSmallCounts"]);

        IEnumerable<string> Lines(string list, Func<System.Text.Json.JsonElement, string> line) => statistics.Body.GetProperty(list).EnumerateArray().Select(line);
    }

    [Fact]
    public async Task Sheet_and_statistics_tell_who_came()
    {
        var (activity, members) = await house.Gathered(2);
        await house.MoveToStart(activity);
        var before = (await (await Organiser()).Get($"{Stage.Office}/{activity}/statistics")).MustBe(HttpStatusCode.OK);
        Assert.Equal("0 ", $"{before["attended"]} {before["attendanceRate"]}");

        (await (await Organiser()).Scan(activity, await members[1].Code())).MustBe(HttpStatusCode.OK);

        var after = (await (await Organiser()).Get($"{Stage.Office}/{activity}/statistics")).MustBe(HttpStatusCode.OK);
        Assert.Equal("1 0.5", $"{after["attended"]} {after["attendanceRate"]}");
        var rows = await RowsOf((await Export(await Organiser(), activity)).MustBe(HttpStatusCode.OK));
        var now = house.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(["签到", "", now], rows.Select(r => r[^2]));
    }

    private static Task<Answer> Export(Person person, string activity, string? reason = "打印现场签到表") =>
        person.PostWithoutKey($"{Stage.Office}/{activity}/attendance-exports", new { reason });

    private static async Task<List<string[]>> RowsOf(Answer export)
    {
        using var file = new MemoryStream(await export.Bytes);
        return [.. file.Query(useHeaderRow: false).Cast<IDictionary<string, object?>>().Select(r => r.Values.Select(v => v as string ?? "").ToArray())];
    }
}
