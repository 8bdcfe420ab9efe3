using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Singles;

public sealed class MatchOnSqlite(SinglesOnSqlite house) : MatchTests(house), IClassFixture<SinglesOnSqlite>;

public sealed class MatchOnMariaDb(SinglesOnMariaDb house) : MatchTests(house), IClassFixture<SinglesOnMariaDb>;

/// <summary>After the count: contacts by both consents, for thirty days, until either wants no more.</summary>
public abstract class MatchTests(TestHouse house)
{
    private const string HisPhone = "13900000001";
    private const string HerPhone = "13900000002";

    [Fact]
    public async Task Phones_are_exchanged_when_both_agree_and_for_thirty_days()
    {
        var (evening, his, hers) = await CoupleAsync();
        (await evening.Guests["男01"].Put(his + "/contact", null)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("", (await Match(evening, "男01")).Text("phone"));

        // She is not told that he agreed.
        Assert.Equal("False ", await Agreed(evening, "女01"));
        Assert.Equal(0, await Exchanged(evening));

        (await evening.Guests["女01"].Put(hers + "/contact", null)).MustBe(HttpStatusCode.NoContent);
        (await evening.Guests["女01"].Put(hers + "/contact", null)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(HerPhone, (await Match(evening, "男01")).Text("phone"));
        Assert.Equal($"True {HisPhone}", await Agreed(evening, "女01"));
        Assert.Equal(2, await Exchanged(evening));

        house.Clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal($"True {HisPhone}", await Agreed(evening, "女01"));
        Assert.Equal(HerPhone, (await Match(evening, "男01")).Text("phone"));
        house.Clock.Advance(TimeSpan.FromDays(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(HerPhone, (await Match(evening, "男01")).Text("phone"));
        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("", (await Match(evening, "男01")).Text("phone"));

        // The control: had both agreed a moment later, it would still be there to be seen.
        await ShiftAsync(evening, 1);
        Assert.Equal(HerPhone, (await Match(evening, "男01")).Text("phone"));
        await ShiftAsync(evening, -1);
        Assert.Equal("", (await Match(evening, "男01")).Text("phone"));

        // Taking back and agreeing again makes it no longer.
        (await evening.Guests["女01"].Delete(hers + "/contact")).MustBe(HttpStatusCode.NoContent);
        (await evening.Guests["女01"].Put(hers + "/contact", null)).MustBe(HttpStatusCode.Conflict, "contact_over");
    }

    /// <summary>What an officer of her union and an auditor can read: neither that they exchanged contacts, nor who wanted what.</summary>
    [Fact]
    public async Task Neither_the_delivery_list_nor_the_audit_log_tells_what_somebody_wanted()
    {
        var (evening, his, hers) = await CoupleAsync();
        (await evening.Guests["男01"].Put(his + "/announcement", null)).MustBe(HttpStatusCode.NoContent);
        (await evening.Guests["男01"].Put(his + "/contact", null)).MustBe(HttpStatusCode.NoContent);
        (await evening.Guests["女01"].Put(hers + "/contact", null)).MustBe(HttpStatusCode.NoContent);
        (await evening.Guests["女01"].Put(hers + "/block", null)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(2, await Exchanged(evening));
        Assert.Equal(
            "change_match change_match",
            await house.Text($"SELECT CONCAT(MIN(deed), ' ', MAX(deed)) FROM audit_entries WHERE record_id = '{evening.Id}' AND person_id IN ('{evening.Comers[0].PersonId}', '{evening.Comers[1].PersonId}')"));
        var officer = await house.Staff(Role.MembershipOfficer, "county");
        Assert.Empty((await officer.Get($"/api/v1/office/deliveries/{evening.Comers[0].PersonId}")).MustBe(HttpStatusCode.OK).Items);
    }

    [Fact]
    public async Task Either_takes_back_and_at_that_instant_nobody_sees_anything()
    {
        var (evening, his, hers) = await CoupleAsync();
        (await evening.Guests["男01"].Put(his + "/contact", null)).MustBe(HttpStatusCode.NoContent);
        (await evening.Guests["女01"].Put(hers + "/contact", null)).MustBe(HttpStatusCode.NoContent);
        (await evening.Guests["女01"].Delete(hers + "/contact")).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("", (await Match(evening, "男01")).Text("phone"));
        Assert.Equal("False ", await Agreed(evening, "女01"));
        Assert.Equal("False", (await Match(evening, "男01")).Text("isOver"));

        (await evening.Guests["女01"].Put(hers + "/contact", null)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(HerPhone, (await Match(evening, "男01")).Text("phone"));
        Assert.Equal(2, await Exchanged(evening));
    }

    [Fact]
    public async Task Both_agree_at_once_and_the_days_begin_once()
    {
        var (evening, his, hers) = await CoupleAsync();
        await Task.WhenAll(evening.Guests["男01"].Put(his + "/contact", null), evening.Guests["女01"].Put(hers + "/contact", null));
        Assert.Equal(HerPhone, (await Match(evening, "男01")).Text("phone"));
        Assert.Equal(2, await Exchanged(evening));
    }

    [Fact]
    public async Task A_block_ends_it_for_both_and_no_later_count_brings_them_together()
    {
        var (evening, his, hers) = await CoupleAsync();
        (await evening.Guests["男01"].Put(his + "/contact", null)).MustBe(HttpStatusCode.NoContent);
        (await evening.Guests["女01"].Put(hers + "/contact", null)).MustBe(HttpStatusCode.NoContent);
        for (var i = 0; i < 2; i++)
        {
            (await evening.Guests["女01"].Put(hers + "/block", null)).MustBe(HttpStatusCode.NoContent);
        }

        var seen = await Match(evening, "男01");
        Assert.Equal(("True", ""), (seen.Text("isOver"), seen.Text("phone")));
        (await evening.Guests["男01"].Put(his + "/contact", null)).MustBe(HttpStatusCode.Conflict, "match_ended");
        (await evening.Guests["男01"].Put(his + "/announcement", null)).MustBe(HttpStatusCode.Conflict, "match_ended");

        var later = await Evening.BeginAsync(house, 1);
        await house.Execute($"UPDATE blocks SET person_id = '{later.Comers[0].PersonId}', blocked_id = '{later.Comers[1].PersonId}' WHERE person_id = '{evening.Comers[1].PersonId}'");
        Assert.Equal("0", (await later.ChooseAsync(("男01", ["女01"]), ("女01", ["男01"])))["pairs"]);
        Assert.Empty(await later.MatchesOf("男01"));

        // The control: the same two who did not block each other are a pair.
        var without = await Evening.BeginAsync(house, 1);
        Assert.Equal("1", (await without.ChooseAsync(("男01", ["女01"]), ("女01", ["男01"])))["pairs"]);
    }

    /// <summary>The control: a block that did not end what was between them would leave the phone to be seen.</summary>
    [Fact]
    public async Task Without_its_end_a_blocked_match_would_be_seen()
    {
        var (evening, his, hers) = await CoupleAsync();
        (await evening.Guests["男01"].Put(his + "/contact", null)).MustBe(HttpStatusCode.NoContent);
        (await evening.Guests["女01"].Put(hers + "/contact", null)).MustBe(HttpStatusCode.NoContent);
        var sides = await house.Text($"SELECT GROUP_CONCAT(s.contact_agreed_at) FROM match_sides s JOIN matches m ON m.id = s.match_id JOIN ballot_rounds r ON r.id = m.round_id WHERE r.activity_id = '{evening.Id}'");
        (await evening.Guests["女01"].Put(hers + "/block", null)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("", (await Match(evening, "男01")).Text("phone"));
        await house.Execute(
            $"UPDATE match_sides SET ended_at = NULL, contact_agreed_at = {sides.Split(',')[0]} WHERE match_id IN "
            + $"(SELECT m.id FROM matches m JOIN ballot_rounds r ON r.id = m.round_id WHERE r.activity_id = '{evening.Id}')");
        var seen = await Match(evening, "男01");
        Assert.Equal(("False", HerPhone), (seen.Text("isOver"), seen.Text("phone")));
    }

    [Fact]
    public async Task A_pair_is_announced_when_both_agree_and_not_after_either_takes_it_back()
    {
        var (evening, his, hers) = await CoupleAsync();
        (await evening.Guests["男01"].Put(his + "/announcement", null)).MustBe(HttpStatusCode.NoContent);
        Assert.Empty((await evening.Host.Get($"{evening.Office}/announced-pairs")).MustBe(HttpStatusCode.OK).Items);
        (await evening.Guests["女01"].Put(hers + "/announcement", null)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("男01 女01", (await evening.Host.Get($"{evening.Office}/announced-pairs")).Items.Select(p => $"{p.Text("man")} {p.Text("woman")}").Single());
        (await evening.Guests["女01"].Delete(hers + "/announcement")).MustBe(HttpStatusCode.NoContent);
        Assert.Empty((await evening.Host.Get($"{evening.Office}/announced-pairs")).Items);
    }

    [Fact]
    public async Task Mutual_interest_is_not_announced_and_a_phone_must_be_there_to_be_exchanged()
    {
        var evening = await Evening.BeginAsync(house, 2);
        await evening.ChooseAsync(("男01", ["女01", "女02"]), ("女01", ["男01"]), ("女02", ["男01"]));
        var match = $"{evening.Path}/matches/{await evening.MatchOf("女02", "男01")}";
        (await evening.Guests["女02"].Put(match + "/announcement", null)).MustBe(HttpStatusCode.Conflict, "not_a_pair");
        (await evening.Guests["女02"].Put(match + "/contact", null)).MustBe(HttpStatusCode.Conflict, "phone_needed");

        // A match of others is not there, for whatever one wants of it.
        foreach (var what in new[] { "contact", "announcement", "block" })
        {
            (await evening.Guests["女01"].Put($"{match}/{what}", null)).MustBe(HttpStatusCode.NotFound, "not_found");
        }

        (await evening.Guests["女01"].Delete($"{match}/contact")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await evening.Guests["女01"].Delete($"{match}/announcement")).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    /// <summary>As if both had agreed so many milliseconds later.</summary>
    private Task ShiftAsync(Evening evening, int milliseconds) => house.Execute(
        $"UPDATE matches SET contact_since = contact_since + {milliseconds} WHERE round_id IN (SELECT id FROM ballot_rounds WHERE activity_id = '{evening.Id}')");

    /// <summary>A pair, 男01 and 女01, both with a phone; the addresses of their match.</summary>
    private async Task<(Evening Evening, string His, string Hers)> CoupleAsync()
    {
        var evening = await Evening.BeginAsync(house, 1);
        await BindAsync(evening, 0, HisPhone);
        await BindAsync(evening, 1, HerPhone);
        await evening.ChooseAsync(("男01", ["女01"]), ("女01", ["男01"]));
        var path = $"{evening.Path}/matches/{await evening.MatchOf("男01", "女01")}";
        return (evening, path, path);
    }

    /// <summary>As binding it through WeChat leaves it.</summary>
    private async Task BindAsync(Evening evening, int place, string phone)
    {
        var personId = evening.Comers[place].PersonId;
        var phoneSealed = house.Services.GetRequiredService<FieldCipher>().Seal("persons.phone", personId, phone);
        await house.Execute($"UPDATE persons SET phone_sealed = '{phoneSealed}', phone_tail = '{phone[^4..]}' WHERE id = '{personId}'");
    }

    private static async Task<JsonElement> Match(Evening evening, string plate) =>
        (await evening.Guests[plate].Get($"{evening.Path}/matches")).MustBe(HttpStatusCode.OK).Items.Single();

    private static async Task<string> Agreed(Evening evening, string plate)
    {
        var match = await Match(evening, plate);
        return $"{match.Text("haveAgreedToContact")} {match.Text("phone")}";
    }

    private Task<long> Exchanged(Evening evening) =>
        house.Number($"SELECT COUNT(*) FROM messages WHERE kind = 'contact_exchanged' AND record_id = '{evening.Id}'");
}
