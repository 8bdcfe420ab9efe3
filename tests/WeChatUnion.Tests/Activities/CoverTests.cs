using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

public abstract partial class OrganisingTests
{
    private const string Files = "/api/v1/office/files";
    private const string UploadCover = Files + "?purpose=activity_cover";

    [Fact]
    public async Task A_cover_is_seen_by_everybody_once_its_activity_is_published()
    {
        var organiser = await Organiser();
        var key = Guid.NewGuid().ToString("N");
        var upload = (await organiser.PostFile(UploadCover, Pictures.Jpeg(), key)).MustBe(HttpStatusCode.Created);
        Assert.Equal("image/jpeg 60 40", $"{upload["contentType"]} {upload["width"]} {upload["height"]}");
        Assert.Equal(upload["id"], (await organiser.PostFile(UploadCover, Pictures.Jpeg(), key)).MustBe(HttpStatusCode.Created)["id"]);
        (await organiser.PostFile(UploadCover, Pictures.Png(), key)).MustBe(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        var form = await house.Form();
        form["title"] = "封面用活动";
        form["coverFileId"] = upload["id"];
        var draft = (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.Created)["id"];
        (await house.Anonymous().Get($"{Stage.Mine}/{draft}/cover")).MustBe(HttpStatusCode.NotFound, "not_found");
        var preview = (await organiser.Get($"{Files}/{upload["id"]}")).MustBe(HttpStatusCode.OK);
        Assert.Equal("no-store", preview.Response.Headers.CacheControl?.ToString());

        var activity = await house.Publish(form);
        var cover = (await house.Anonymous().Get($"{Stage.Mine}/{activity}/cover")).MustBe(HttpStatusCode.OK);
        Assert.Equal("image/jpeg", cover.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", cover.Response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(("r", "b"), ($"{Pictures.ColourAt(await cover.Bytes, 10, 20)}", $"{Pictures.ColourAt(await cover.Bytes, 50, 20)}"));
        Assert.True((await house.Anonymous().Get($"{Stage.Mine}?words=封面用")).Items.Single().GetProperty("hasCover").GetBoolean());
        using var again = new HttpRequestMessage(HttpMethod.Get, $"{Stage.Mine}/{activity}/cover");
        again.Headers.IfNoneMatch.Add(cover.Response.Headers.ETag!);
        using var unchanged = await house.NewHttp().SendAsync(again);
        Assert.Equal((HttpStatusCode.NotModified, 0), (unchanged.StatusCode, (await unchanged.Content.ReadAsByteArrayAsync()).Length));
        (await house.Anonymous().Get($"{Stage.Mine}/{await house.Publish(await house.Form())}/cover")).MustBe(HttpStatusCode.NotFound, "not_found");

        // A copy shows the same picture.
        var copy = (await organiser.Post($"{Stage.Office}/{activity}/copies", new { startsAt = house.Clock.GetUtcNow().AddDays(9) })).MustBe(HttpStatusCode.Created)["id"];
        Assert.Equal(upload["id"], (await FormOf(organiser, copy)).Text("coverFileId"));
    }

    [Fact]
    public async Task Whatever_else_an_image_file_held_is_gone_and_it_stands_upright()
    {
        const string Canary = "金丝雀照片说明410721199001011234";
        var organiser = await Organiser();
        var photo = Pictures.WithExif(Pictures.Jpeg(), orientation: 6, Canary);
        Assert.True(Contains(photo, Canary));
        byte[] withSecond = [.. photo, .. Encoding.UTF8.GetBytes(Canary)];
        var upload = (await organiser.PostFile(UploadCover, withSecond)).MustBe(HttpStatusCode.Created);

        var served = await (await organiser.Get($"{Files}/{upload["id"]}")).MustBe(HttpStatusCode.OK).Bytes;

        Assert.False(Contains(served, Canary));
        Assert.False(Contains(served, "Exif"));
        Assert.Equal("40 60", $"{upload["width"]} {upload["height"]}");
        Assert.Equal(("r", "b"), ($"{Pictures.ColourAt(served, 20, 10)}", $"{Pictures.ColourAt(served, 20, 50)}"));

        // At rest nothing of it can be read: neither the picture's own first bytes nor the words.
        var chunk = await house.Text($"SELECT content_sealed FROM file_chunks WHERE file_id = '{upload["id"]}'");
        Assert.DoesNotContain(Convert.ToBase64String(served)[..16], chunk, StringComparison.Ordinal);
        Assert.DoesNotContain(house.Log, l => l.Contains(Canary, StringComparison.Ordinal));

        static bool Contains(byte[] bytes, string words) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(words)) >= 0;
    }

    [Fact]
    public async Task A_large_picture_becomes_smaller_and_every_known_kind_is_taken()
    {
        var organiser = await Organiser();
        var large = (await organiser.PostFile(UploadCover, Pictures.Jpeg(3200, 1000))).MustBe(HttpStatusCode.Created);
        Assert.Equal("1600 500", $"{large["width"]} {large["height"]}");
        foreach (var image in new[] { Pictures.Png(3000, 600), Pictures.WebP() })
        {
            // What the sender calls it does not count.
            (await organiser.PostFile(UploadCover, image, contentType: "image/gif")).MustBe(HttpStatusCode.Created);
        }
    }

    [Fact]
    public async Task What_is_no_whole_image_is_refused()
    {
        var organiser = await Organiser();
        foreach (var wrong in new[] { [], "GIF89a"u8.ToArray(), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"u8.ToArray(), "%PDF-1.7"u8.ToArray(), "RIFF0000WAVEfmt "u8.ToArray(), [0xFF, 0xD8] })
        {
            (await organiser.PostFile(UploadCover, wrong)).MustBe(HttpStatusCode.UnsupportedMediaType, "file_type_not_allowed");
        }

        var (jpeg, png, webP) = (Pictures.Jpeg(400, 300), Pictures.Png(400, 300), Pictures.WebP(400, 300));
        foreach (var broken in new[] { jpeg[..(jpeg.Length / 2)], jpeg[..4], png[..(png.Length / 2)], png[..8], webP[..(webP.Length / 2)], [.. png[..8], .. new byte[500]] })
        {
            (await organiser.PostFile(UploadCover, broken)).MustBe(HttpStatusCode.BadRequest, "image_unreadable");
        }

        Assert.True(Pictures.Bomb().Length < 200);
        (await organiser.PostFile(UploadCover, Pictures.Bomb())).MustBe(HttpStatusCode.BadRequest, "image_too_many_pixels");

        const int Most = 5 * 1024 * 1024;
        (await organiser.PostFile(UploadCover, [.. jpeg, .. new byte[Most - jpeg.Length]])).MustBe(HttpStatusCode.Created);
        var large = (await organiser.PostFile(UploadCover, [.. jpeg, .. new byte[Most - jpeg.Length + 1]])).MustBe(HttpStatusCode.RequestEntityTooLarge, "too_large");
        Assert.Contains("5 MB", large["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_its_owners_and_of_those_whose_activity_uses_it()
    {
        var (organiser, elsewhere) = (await Organiser(), await OrganiserElsewhere());
        var file = (await organiser.PostFile(UploadCover, Pictures.Jpeg())).MustBe(HttpStatusCode.Created)["id"];

        (await elsewhere.Get($"{Files}/{file}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await house.Staff(Role.MembershipOfficer, "zhaipo")).Get($"{Files}/{file}")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await house.Anonymous().Get($"{Files}/{file}")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Worker()).Get($"{Files}/{file}")).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await organiser.Get($"{Files}/{new string('0', 32)}")).MustBe(HttpStatusCode.NotFound, "not_found");
        var form = await house.Form();
        form["coverFileId"] = file;
        var chair = await house.Staff(Role.UnionChair, "zhaipo");
        Assert.Equal(["activity.coverFileId"], (await chair.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.Created);
        (await chair.Get($"{Files}/{file}")).MustBe(HttpStatusCode.OK);
        (await elsewhere.Get($"{Files}/{file}")).MustBe(HttpStatusCode.NotFound, "not_found");

        (await (await house.Staff(Role.MembershipOfficer, "zhaipo")).PostFile(UploadCover, Pictures.Jpeg())).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Worker()).PostFile(UploadCover, Pictures.Jpeg())).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await house.Anonymous().PostFile(UploadCover, Pictures.Jpeg())).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await organiser.PostFile(UploadCover, Pictures.Jpeg(), key: "short")).MustBe(HttpStatusCode.BadRequest, "idempotency_key_missing");
        foreach (var purpose in new[] { "", "?purpose=", "?purpose=payslip" })
        {
            Assert.Equal(["purpose"], (await organiser.PostFile(Files + purpose, Pictures.Jpeg())).MustBe(HttpStatusCode.BadRequest, "malformed").WrongFields);
        }

        form["coverFileId"] = "x";
        (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    public async Task A_file_that_nothing_uses_is_gone_after_a_day()
    {
        var organiser = await Organiser();
        async Task<string> Upload() => (await organiser.PostFile(UploadCover, Pictures.Jpeg())).MustBe(HttpStatusCode.Created)["id"];
        var (unused, used, replaced) = (await Upload(), await Upload(), await Upload());
        var form = await house.Form();
        form["coverFileId"] = replaced;
        var draft = (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.Created)["id"];
        form["coverFileId"] = used;
        (await organiser.Put($"{Stage.Office}/{draft}", new { version = 1, activity = form })).MustBe(HttpStatusCode.OK);

        house.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        await house.Services.GetRequiredService<PeriodicWorker>().RunDueAsync(CancellationToken.None);
        Assert.Equal(3, await Count());
        house.Clock.Advance(TimeSpan.FromHours(1));
        await house.Services.GetRequiredService<PeriodicWorker>().RunDueAsync(CancellationToken.None);
        Assert.Equal(1, await Count());
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM file_chunks WHERE file_id IN ('{unused}', '{replaced}')"));
        (await (await Organiser()).Get($"{Files}/{used}")).MustBe(HttpStatusCode.OK);

        Task<long> Count() => house.Number($"SELECT COUNT(*) FROM files WHERE id IN ('{unused}', '{used}', '{replaced}')");
    }
}
