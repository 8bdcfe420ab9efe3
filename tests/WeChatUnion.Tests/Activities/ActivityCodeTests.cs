using System.Net;

namespace WeChatUnion.Tests.Activities;

public abstract partial class OrganisingTests
{
    private const string MakesCodes = "/wxa/getwxacodeunlimit";

    [Fact]
    public async Task A_poster_gets_a_mini_program_code_of_the_activity()
    {
        var activity = await house.Publish(await house.Form());
        var code = (await (await Organiser()).Get($"{Stage.Office}/{activity}/qr")).MustBe(HttpStatusCode.OK);
        Assert.Equal("image/png", code.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await code.Bytes)[..4]);

        (await (await OrganiserElsewhere()).Get($"{Stage.Office}/{activity}/qr")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await (await Organiser()).Get($"{Stage.Office}/{new string('0', 32)}/qr")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await house.Anonymous().Get($"{Stage.Office}/{activity}/qr")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
    }

    [Fact]
    public async Task A_stale_token_is_replaced_once_and_the_platforms_refusals_are_told()
    {
        var activity = await house.Publish(await house.Form());
        var organiser = await Organiser();
        (await organiser.Get($"{Stage.Office}/{activity}/qr")).MustBe(HttpStatusCode.OK);
        house.WeChat.InvalidateTokenNow();
        var before = Asked();
        (await organiser.Get($"{Stage.Office}/{activity}/qr")).MustBe(HttpStatusCode.OK);
        Assert.Equal(2, Asked() - before);

        foreach (var (error, status, code) in new[]
        {
            (41030, HttpStatusCode.Conflict, "mini_program_page_not_published"), (45009, HttpStatusCode.ServiceUnavailable, "wechat_busy"),
            (-1, HttpStatusCode.ServiceUnavailable, "wechat_busy"), (40129, HttpStatusCode.ServiceUnavailable, "wechat_unavailable"),
        })
        {
            before = Asked();
            house.WeChat.Faults.AnswerError(MakesCodes, error);
            (await organiser.Get($"{Stage.Office}/{activity}/qr")).MustBe(status, code);
            Assert.Equal(1, Asked() - before);
        }

        house.WeChat.Faults.AnswerGarbage(MakesCodes);
        (await organiser.Get($"{Stage.Office}/{activity}/qr")).MustBe(HttpStatusCode.ServiceUnavailable, "wechat_unavailable");
        house.WeChat.Faults.Clear();
        (await organiser.Get($"{Stage.Office}/{activity}/qr")).MustBe(HttpStatusCode.OK);

        int Asked() => house.WeChat.Calls.Count(c => c.Path == MakesCodes);
    }
}
