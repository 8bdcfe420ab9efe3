using System.Net;
using System.Text.Json;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Identity.MyData;

public sealed class WithdrawConsentOnSqlite(SqliteHouse house) : WithdrawConsentTests(house), IClassFixture<SqliteHouse>;

public sealed class WithdrawConsentOnMariaDb(MariaDbHouse house) : WithdrawConsentTests(house), IClassFixture<MariaDbHouse>;

public abstract class WithdrawConsentTests(TestHouse house)
{
    private const string Consents = "/api/v1/me/consents";
    private const string Membership = Consents + "/membership";

    [Fact]
    public async Task My_consents_are_listed_with_text_and_hash_and_what_was_taken_back()
    {
        var person = await house.Newcomer();
        Assert.Empty((await person.Get(Consents)).MustBe(HttpStatusCode.OK).Items);
        await person.Consent();
        var text = await person.Get("/api/v1/consent-texts/membership");
        var item = (await person.Get(Consents)).Items.Single();
        Assert.Equal((text["textHash"], text["title"], "membership", "True"), (Word(item, "textHash"), Word(item, "title"), Word(item, "purpose"), Word(item, "isLive")));

        house.Clock.Advance(TimeSpan.FromMinutes(1));
        var gone = (await person.Delete(Membership)).MustBe(HttpStatusCode.OK);
        var again = (await person.Delete(Membership)).MustBe(HttpStatusCode.OK);
        Assert.Equal(gone.Text, again.Text);
        await person.Consent();
        var both = (await person.Get(Consents)).Items;
        Assert.Equal(["True", "False"], both.Select(i => Word(i, "isLive")));
        Assert.Equal(gone["withdrawnAt"], Word(both[1], "withdrawnAt"));
        Assert.Single(await house.Audited("withdraw_consent", Word(both[1], "id")));
        Assert.Single((await person.Get($"{Consents}?take=1")).Items);
        Assert.Empty((await (await house.Newcomer()).Get(Consents)).Items);
    }

    [Fact]
    public async Task A_draft_loses_the_ID_number_and_cannot_be_handed_in_until_she_agrees_again()
    {
        var draft = await house.Draft("jinsui");
        var answer = (await draft.Delete(Membership)).MustBe(HttpStatusCode.OK);
        Assert.Contains("证件号码已从登记表中删除", answer.Text, StringComparison.Ordinal);
        Assert.Equal(0, await house.Number($"SELECT COUNT(*) FROM member_records WHERE person_id = '{draft.PersonId}' AND (id_number_sealed IS NOT NULL OR id_number_index IS NOT NULL)"));
        (await draft.Submit()).MustBe(HttpStatusCode.Conflict, "changed_meanwhile");
        draft.Version = (await draft.Get("/api/v1/me/membership")).Body.GetProperty("application").GetProperty("version").GetInt32();
        var refused = (await draft.Submit()).MustBe(HttpStatusCode.Conflict, "application_incomplete");
        Assert.True(refused.Body.GetProperty("errors").TryGetProperty("consent", out _));

        await draft.Consent();
        (await draft.FillIn("identity", draft.IdentityStep())).MustBe(HttpStatusCode.OK);
        (await draft.Submit()).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_application_under_review_is_taken_back_and_its_ID_number_is_free()
    {
        var applicant = await house.Applicant("jinsui");
        (await applicant.Delete(Membership)).MustBe(HttpStatusCode.OK);
        Assert.Equal("withdrawn", (await applicant.Get("/api/v1/me/membership")).Body.GetProperty("application").GetProperty("state").GetString());
        (await (await house.Officer("county")).Post($"{applicant.OfficePath}/approval", new { version = applicant.Version! + 1 }))
            .MustBe(HttpStatusCode.Conflict, "application_not_under_review");
        await house.Applicant("jinsui", idNumber: applicant.IdNumber);
    }

    [Fact]
    public async Task A_membership_stands_and_she_is_told_how_to_leave()
    {
        var member = await house.Member("jinsui");
        var answer = (await member.Delete(Membership)).MustBe(HttpStatusCode.OK);
        Assert.Contains("您的会籍不受影响", answer.Text, StringComparison.Ordinal);
        Assert.Contains("退会", answer.Text, StringComparison.Ordinal);
        Assert.Equal("active", (await member.Get("/api/v1/me")).Body.GetProperty("membership").GetProperty("state").GetString());
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM member_records WHERE person_id = '{member.PersonId}' AND id_number_sealed IS NOT NULL"));
    }

    [Fact]
    public async Task Handing_in_and_taking_back_at_once_never_leave_an_application_under_review_without_consent()
    {
        for (var round = 0; round < 5; round++)
        {
            var draft = await house.Draft("jinsui");
            await Task.WhenAll(draft.Submit(), draft.Delete(Membership));
            Assert.Equal(0, await house.Number(
                $"SELECT COUNT(*) FROM membership_applications WHERE person_id = '{draft.PersonId}' AND state = 'submitted'"));
        }
    }

    [Fact]
    public async Task What_was_never_given_cannot_be_taken_back()
    {
        var person = await house.Newcomer();
        (await person.Delete(Membership)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await person.Delete($"{Consents}/unheard_of")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await house.Anonymous().Delete(Membership)).MustBe(HttpStatusCode.Unauthorized);
        (await house.Anonymous().Get(Consents)).MustBe(HttpStatusCode.Unauthorized);
    }

    private static string Word(JsonElement item, string name) => item.GetProperty(name).ToString();
}
