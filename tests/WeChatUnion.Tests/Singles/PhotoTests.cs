using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Files;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Entries;
using WeChatUnion.Api.Modules.Singles.Photos;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Messages;
using WeChatUnion.WeChatStandIn;

namespace WeChatUnion.Tests.Singles;

public sealed class PhotoSqlite : SqliteHouse
{
    protected override void Adjust(Dictionary<string, string> settings) => PhotoTests.Connect(settings);
}

public sealed class PhotoMariaDb : MariaDbHouse
{
    protected override void Adjust(Dictionary<string, string> settings) => PhotoTests.Connect(settings);
}

public sealed class PhotoOnSqlite(PhotoSqlite house) : PhotoTests(house), IClassFixture<PhotoSqlite>;

public sealed class PhotoOnMariaDb(PhotoMariaDb house) : PhotoTests(house), IClassFixture<PhotoMariaDb>;

/// <summary>Photos: unseen until the platform has spoken and the county has looked, and seen by few then.</summary>
public abstract class PhotoTests(TestHouse house)
{
    private const string Mine = "/api/v1/me/singles-entry";
    private const string Office = "/api/v1/office/singles-entries";

    private readonly StandInPush push = new(MessagesHouse.PushToken, MessagesHouse.PushKey, new StandInOptions().AppId);

    /// <summary>Who submitted last, as the stand-in knows her.</summary>
    private string user = "";

    internal static void Connect(Dictionary<string, string> settings)
    {
        settings["WeChatPush:Token"] = MessagesHouse.PushToken;
        settings["WeChatPush:EncodingAesKey"] = MessagesHouse.PushKey;
        settings["WeChat:PublicAddress"] = "https://union.example.cn/";
    }

    [Fact]
    public async Task A_photo_is_seen_after_the_check_and_the_county_and_by_guests_of_that_evening_alone()
    {
        var (worker, personId, photo, entryId) = await SubmitAsync();
        var evening = await Evening.BeginAsync(house, 1);
        var county = await house.Staff(Role.ActivityOrganiser, "county");
        var unit = await house.Staff(Role.UnionChair, "jinsui");
        await house.Execute(
            "INSERT INTO plates (id, activity_id, person_id, sex, number, given_at) "
            + $"VALUES ('{Guid.NewGuid():N}', '{evening.Id}', '{personId}', '2', 9, 0)");
        var (man, woman) = (evening.Guests["男01"], evening.Guests["女01"]);
        await AskAsync();
        var address = Assert.Single(house.WeChat.Images.Waiting).PathAndQuery;
        (await house.Anonymous().Get(address[..^1] + (address[^1] == '0' ? '1' : '0'))).MustBe(HttpStatusCode.NotFound, "not_found");

        // Its file is the owner's and the county's; her own union and the guests do not see it yet.
        (await worker.Get($"/api/v1/files/{photo}")).MustBe(HttpStatusCode.OK);
        (await county.Get($"/api/v1/office/files/{photo}")).MustBe(HttpStatusCode.OK);
        (await unit.Get($"/api/v1/office/files/{photo}")).MustBe(HttpStatusCode.NotFound);
        await ApproveAsync(entryId);
        (await man.Get($"/api/v1/files/{photo}")).MustBe(HttpStatusCode.NotFound);
        Assert.Equal("""[]""", await CardOf(man));

        await SpeakAsync("pass");
        (await house.Anonymous().Get(address)).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Equal($"""["{photo}"]""", await CardOf(man));
        (await man.Get($"/api/v1/files/{photo}")).MustBe(HttpStatusCode.OK);
        (await woman.Get($"/api/v1/files/{photo}")).MustBe(HttpStatusCode.NotFound);
        (await (await house.Member()).Get($"/api/v1/files/{photo}")).MustBe(HttpStatusCode.NotFound);
        house.Clock.Advance(TimeSpan.FromHours(8));
        (await man.Get($"/api/v1/files/{photo}")).MustBe(HttpStatusCode.NotFound);

        // With the consent the photo goes, at once.
        (await worker.Delete("/api/v1/me/consents/singles")).MustBe(HttpStatusCode.OK);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM files WHERE id = '{photo}'"));
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM file_chunks WHERE file_id = '{photo}'"));

        async Task<string> CardOf(Person guest) =>
            (await guest.Get($"{evening.Path}/guests")).MustBe(HttpStatusCode.OK).Items.Single(i => i.Text("plate") == "女09").GetProperty("photoFileIds").GetRawText();
    }

    [Fact]
    public async Task While_the_platform_cannot_be_asked_or_cannot_fetch_a_photo_waits_and_is_asked_about_again()
    {
        var (worker, _, _, _) = await SubmitAsync();
        house.WeChat.Faults.AnswerError("/wxa/media_check_async", 61010, calls: 1);
        await AskAsync();
        await MustWaitAsync(TimeSpan.FromHours(1));
        house.WeChat.Faults.AnswerStatus("/wxa/media_check_async", 502, calls: 1);
        await AskAsync();
        await MustWaitAsync(TimeSpan.FromMinutes(10));
        await AskAsync();
        house.Clock.Advance(TimeSpan.FromHours(1));
        await SpeakAsync("pass");
        await MustWaitAsync(TimeSpan.FromMinutes(10));

        async Task MustWaitAsync(TimeSpan wait)
        {
            house.Clock.Advance(wait - TimeSpan.FromMilliseconds(1));
            await AskAsync();
            Assert.Empty(house.WeChat.Images.Waiting);
            Assert.Equal("pending", await CheckOf(worker));
            house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public async Task After_an_hour_without_a_word_the_address_is_dead_and_another_is_given()
    {
        var (worker, _, _, _) = await SubmitAsync();
        await AskAsync();
        var first = house.WeChat.Images.Waiting[0].PathAndQuery;
        (await house.Anonymous().Get(first)).MustBe(HttpStatusCode.OK);
        house.Clock.Advance(TimeSpan.FromHours(1));
        (await house.Anonymous().Get(first)).MustBe(HttpStatusCode.NotFound, "not_found");
        await AskAsync();

        // The word on the first one comes after all; it is about nothing any more.
        await SpeakAsync("pass");
        Assert.Equal("pending", await CheckOf(worker));
        await SpeakAsync("pass");
        Assert.Equal("passed", await CheckOf(worker));
    }

    [Theory]
    [InlineData("review", "passed")]
    [InlineData("risky", "risky")]
    public async Task What_the_platform_doubts_the_county_decides_and_what_it_forbids_nobody_does(string suggest, string check)
    {
        var (worker, _, _, entryId) = await SubmitAsync();
        await AskAsync();
        await SpeakAsync(suggest);
        var approval = await ApproveAsync(entryId);
        if (suggest == "risky")
        {
            approval.MustBe(HttpStatusCode.Conflict, "photo_risky");
        }

        Assert.Equal(check, await CheckOf(worker));
    }

    [Fact]
    public async Task Photos_are_brought_with_the_consent_and_used_by_their_owner()
    {
        var worker = await house.Member(sex: "2");
        (await worker.PostFile("/api/v1/files?purpose=singles_photo", Pictures.Jpeg())).MustBe(HttpStatusCode.Forbidden);
        var (_, _, photo, _) = await SubmitAsync();
        await EntryTests.AgreeAsync(worker, SinglesConsents.Purpose);
        foreach (var wrong in new object[] { new[] { photo }, new[] { "abc" }, new[] { photo, photo }, new[] { photo, photo, photo, photo } })
        {
            var entry = EntryTests.Entry();
            entry["photoFileIds"] = wrong;
            Assert.Equal(["entry.photoFileIds"], (await worker.Put(Mine, new { entry })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        }

        await AskAsync();
        await SpeakAsync("pass");
    }

    [Fact]
    public async Task A_word_on_a_photo_that_cannot_be_ours_is_acknowledged_and_changes_nothing()
    {
        var (worker, _, _, _) = await SubmitAsync();
        await AskAsync();
        foreach (var trace in new[] { "痕", new string('x', 101) })
        {
            Assert.Equal(
                HttpStatusCode.OK,
                await PushAsync($$"""{"Event":"wxa_media_check","MsgType":"event","FromUserName":"o","CreateTime":1,"trace_id":"{{trace}}","errcode":0,"result":{"suggest":"pass","label":100} }"""));
        }

        Assert.Equal("pending", await CheckOf(worker));
        await SpeakAsync("pass");
        Assert.Equal("passed", await CheckOf(worker));
    }

    [Fact]
    public async Task A_word_that_comes_before_its_trace_is_stored_is_asked_for_again()
    {
        var (worker, _, _, entryId) = await SubmitAsync();
        await AskAsync();
        var trace = await house.Text($"SELECT trace_id FROM singles_photos WHERE entry_id = '{entryId}'");
        await house.Execute($"UPDATE singles_photos SET trace_id = NULL WHERE entry_id = '{entryId}'");
        var word = await house.WeChat.Images.SpeakAsync(house.NewHttp(), "pass");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PushAsync(word));

        await house.Execute($"UPDATE singles_photos SET trace_id = '{trace}' WHERE entry_id = '{entryId}'");
        Assert.Equal(HttpStatusCode.OK, await PushAsync(word));
        Assert.Equal("passed", await CheckOf(worker));
    }

    /// <summary>The county had approved the entry, and guests saw the photo.</summary>
    [Fact]
    public async Task A_late_word_hides_the_photo_and_tells_the_county_and_its_owner()
    {
        var (worker, personId, photo, entryId) = await SubmitAsync();
        await AskAsync();
        await ApproveAsync(entryId);
        await SpeakAsync("pass");
        var evening = await Evening.BeginAsync(house, 1);
        await house.Execute(
            "INSERT INTO plates (id, activity_id, person_id, sex, number, given_at) "
            + $"VALUES ('{Guid.NewGuid():N}', '{evening.Id}', '{personId}', '2', 9, 0)");
        var (man, county, unit) = (evening.Guests["男01"], await house.Staff(Role.ActivityOrganiser, "county"), await house.Staff(Role.UnionChair, "jinsui"));
        var decision = $"{Office}/{entryId}/photos/{photo}/decision";

        // Shown so far: what follows is the word's doing.
        (await man.Get($"/api/v1/files/{photo}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(0, await ToLookAt(county, entryId));
        (await county.Put(decision, new { decision = "refused" })).MustBe(HttpStatusCode.Conflict, "photo_not_waiting");

        await SayAsync(entryId, "review");
        (await man.Get($"/api/v1/files/{photo}")).MustBe(HttpStatusCode.NotFound);
        Assert.Equal(1, await ToLookAt(county, entryId));
        Assert.Equal(0, await ToLookAt(unit, entryId));
        Assert.Equal(1, await Told(worker, "singles_photo_hidden", "县总工会再看一遍"));
        (await unit.Put(decision, new { decision = "shown" })).MustBe(HttpStatusCode.Conflict, "county_reviews");
        (await county.Put(decision, new { decision = "asked_again" })).MustBe(HttpStatusCode.Conflict, "photo_decision_impossible");
        (await county.Put(decision, new { decision = "hidden" })).MustBe(HttpStatusCode.BadRequest, "malformed");
        for (var i = 0; i < 2; i++)
        {
            (await county.Put(decision, new { decision = "shown" })).MustBe(HttpStatusCode.NoContent);
        }

        Assert.Equal("passed", await CheckOf(worker));
        (await man.Get($"/api/v1/files/{photo}")).MustBe(HttpStatusCode.OK);
        Assert.Equal(0, await ToLookAt(county, entryId));
        Assert.Equal(1, await Told(worker, "singles_photo_decided", "可以向嘉宾显示"));

        // What it forbids nobody shows, and a milder word afterwards takes nothing back.
        await SayAsync(entryId, "risky");
        (await man.Get($"/api/v1/files/{photo}")).MustBe(HttpStatusCode.NotFound);
        Assert.Equal(1, await ToLookAt(county, entryId));
        Assert.Equal("risky", (await county.Get($"{Office}/{entryId}")).Body.GetProperty("photos")[0].Text("look"));
        Assert.Equal(1, await Told(worker, "singles_photo_hidden", "换一张或删去"));
        (await county.Put(decision, new { decision = "shown" })).MustBe(HttpStatusCode.Conflict, "photo_decision_impossible");
        (await county.Put(decision, new { decision = "refused" })).MustBe(HttpStatusCode.NoContent);
        await SayAsync(entryId, "pass");
        Assert.Equal("risky", await CheckOf(worker));
        Assert.Equal(0, await ToLookAt(county, entryId));
        Assert.Equal(2, (await house.Audited("decide_singles_photo", entryId)).Count);
    }

    [Fact]
    public async Task Who_is_not_answered_is_asked_a_day_long_and_then_the_county_sees_it()
    {
        var (worker, _, photo, entryId) = await SubmitAsync();
        var decision = $"{Office}/{entryId}/photos/{photo}/decision";
        for (var asked = 1; asked <= 30; asked++)
        {
            await AskAsync();
            Assert.Equal(Math.Min(asked, 24), house.WeChat.Images.Waiting.Count);
            Assert.Equal(asked > 24 ? 1 : 0, await ToLookAt(await house.Staff(Role.ActivityOrganiser, "county"), entryId));
            house.Clock.Advance(TimeSpan.FromHours(1));
            await house.SignIn(user);
        }

        var county = await house.Staff(Role.ActivityOrganiser, "county");
        Assert.Equal(("pending", "unanswered"), (await CheckOf(worker), (await county.Get($"{Office}/{entryId}")).Body.GetProperty("photos")[0].Text("look")));
        (await county.Put(decision, new { decision = "shown" })).MustBe(HttpStatusCode.Conflict, "photo_decision_impossible");
        (await county.Put(decision, new { decision = "asked_again" })).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(0, await ToLookAt(county, entryId));
        await AskAsync();
        while (house.WeChat.Images.Waiting.Count > 0)
        {
            await SpeakAsync("pass");
        }

        Assert.Equal("passed", await CheckOf(worker));
    }

    [Fact]
    public async Task With_the_entry_its_photos_go_and_no_copy_of_them_is_left()
    {
        var (worker, personId, photo, entryId) = await SubmitAsync();
        await AskAsync();
        await SpeakAsync("pass");
        var bytes = await (await worker.Get($"/api/v1/files/{photo}")).MustBe(HttpStatusCode.OK).Bytes;
        Assert.Equal((1, 1), (await house.Number($"SELECT COUNT(*) FROM files WHERE id = '{photo}'"), await house.Number($"SELECT COUNT(*) FROM singles_photos WHERE entry_id = '{entryId}'")));
        await house.Execute($"UPDATE singles_entries SET renewed_at = renewed_at - {TimeSpan.FromDays(365).TotalMilliseconds} WHERE person_id = '{personId}'");
        await house.Services.GetRequiredService<ApplyRetention>().RunAsync(CancellationToken.None);
        house.Clock.Advance(TimeSpan.FromHours(24));
        await house.Services.GetRequiredService<ForgetUnusedFiles>().RunAsync(CancellationToken.None);
        foreach (var rows in new[] { $"files WHERE id = '{photo}'", $"file_chunks WHERE file_id = '{photo}'", $"singles_photos WHERE entry_id = '{entryId}'" })
        {
            Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM {rows}"));
        }

        // Nothing of it was ever written beside the database; the control: a copy there would be found.
        Assert.Empty(Copies());
        await File.WriteAllBytesAsync(Path.Combine(house.Folder, "thumbnail.jpg"), [0, .. bytes]);
        Assert.Single(Copies());
        File.Delete(Path.Combine(house.Folder, "thumbnail.jpg"));

        List<string> Copies() => [.. Directory.EnumerateFiles(house.Folder, "*", SearchOption.AllDirectories).Where(f => BallotSecrecyTests.ReadBeside(f).AsSpan().IndexOf(bytes) >= 0)];
    }

    /// <summary>A word about what the platform was asked last, whenever it comes.</summary>
    private async Task SayAsync(string entryId, string suggest)
    {
        var trace = await house.Text($"SELECT trace_id FROM singles_photos WHERE entry_id = '{entryId}'");
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(
            HttpStatusCode.OK,
            await PushAsync($$"""{"Event":"wxa_media_check","MsgType":"event","FromUserName":"o","CreateTime":{{house.Clock.GetUtcNow().ToUnixTimeSeconds()}},"trace_id":"{{trace}}","errcode":0,"result":{"suggest":"{{suggest}}","label":100} }"""));
    }

    private static async Task<int> ToLookAt(Person staff, string entryId) =>
        (await staff.Get($"{Office}?state=to_look_at&take=50")).MustBe(HttpStatusCode.OK).Items.Where(i => i.Text("id") == entryId).Sum(i => i.GetProperty("photosToLookAt").GetInt32());

    private static async Task<int> Told(Person worker, string kind, string words) =>
        (await worker.Get("/api/v1/me/messages?take=50")).MustBe(HttpStatusCode.OK).Items.Count(m => m.Text("kind") == kind && m.Text("text")!.Contains(words, StringComparison.Ordinal));

    private static async Task<string?> CheckOf(Person worker) => (await worker.Get(Mine)).MustBe(HttpStatusCode.OK).Body.GetProperty("photos")[0].Text("check");

    private Task AskAsync() => house.Services.GetRequiredService<CheckPhotos>().RunAsync(CancellationToken.None);

    /// <summary>The platform fetches the oldest photo that it was asked about, and pushes its word.</summary>
    private async Task SpeakAsync(string suggest) =>
        Assert.Equal(HttpStatusCode.OK, await PushAsync(await house.WeChat.Images.SpeakAsync(house.NewHttp(), suggest)));

    private async Task<HttpStatusCode> PushAsync(string word)
    {
        var (query, body) = push.Safe(word, house.Clock.GetUtcNow().ToUnixTimeSeconds(), "1514711492");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return (await house.NewHttp().PostAsync($"/api/v1/wechat-push{query}", content)).StatusCode;
    }

    private async Task<Answer> ApproveAsync(string entryId)
    {
        var (unit, county) = (await house.Staff(Role.UnionChair, "jinsui"), await house.Staff(Role.ActivityOrganiser, "county"));
        var version = (await unit.Get($"{Office}/{entryId}")).MustBe(HttpStatusCode.OK).Version;
        (await unit.Post($"{Office}/{entryId}/confirmation", new { version })).MustBe(HttpStatusCode.NoContent);
        Assert.Single((await county.Get($"{Office}/{entryId}")).MustBe(HttpStatusCode.OK).Body.GetProperty("photos").EnumerateArray());
        return await county.Post($"{Office}/{entryId}/approval", new { version = version + 1 });
    }

    private async Task<(Person Worker, string PersonId, string Photo, string EntryId)> SubmitAsync()
    {
        user = house.NewUser();
        var session = (await house.SignIn(user)).MustBe(HttpStatusCode.Created);
        var (worker, personId) = (new Person(house.NewHttp(), session["token"]), session["personId"]);
        await house.MakeMember(personId, "jinsui", "2", "1990-05-01");
        await EntryTests.AgreeAsync(worker, SinglesConsents.Purpose);
        await EntryTests.AgreeAsync(worker, SinglesConsents.Declaration);
        await EntryTests.BindAsync(house, personId);
        var photo = (await worker.PostFile("/api/v1/files?purpose=singles_photo", Pictures.Jpeg())).MustBe(HttpStatusCode.Created)["id"];
        var entry = EntryTests.Entry();
        entry["photoFileIds"] = new[] { photo };
        var version = (await worker.Put(Mine, new { entry })).MustBe(HttpStatusCode.OK).Version;
        (await worker.Post(Mine + "/submission", new { version })).MustBe(HttpStatusCode.OK);
        return (worker, personId, photo, await house.Text($"SELECT id FROM singles_entries WHERE person_id = '{personId}'"));
    }
}
