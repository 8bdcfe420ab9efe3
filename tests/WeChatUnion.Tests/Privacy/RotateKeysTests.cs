using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;
using Pictures = WeChatUnion.Tests.Activities.Pictures;

namespace WeChatUnion.Tests.Privacy;

public sealed class RotateKeysOnSqlite : RotateKeysTests
{
    protected override TestHouse NewHouse() => new SqliteHouse();

    /// <summary>To a cipher of another kind; which one it is, the database does not know.</summary>
    [Fact]
    public Task Keys_and_cipher_change_while_everybody_writes_and_looks() => ChangeKeysAsync(PrivacySettings.Sm4);
}

public sealed class RotateKeysOnMariaDb : RotateKeysTests
{
    protected override TestHouse NewHouse() => new MariaDbHouse();
}

/// <summary>Each test changes the keys of a house of its own.</summary>
public abstract class RotateKeysTests : IAsyncLifetime
{
    private const string Searches = "/api/v1/office/member-searches";
    private TestHouse house = null!;
    private WebApplicationFactory<Program> old = null!;

    protected abstract TestHouse NewHouse();

    public async ValueTask InitializeAsync()
    {
        house = NewHouse();
        await house.InitializeAsync();
        old = house.Serving;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await house.DisposeAsync();
    }

    [Fact]
    public Task Keys_change_while_everybody_writes_and_looks() => ChangeKeysAsync(PrivacySettings.Aes);

    private protected async Task ChangeKeysAsync(string cipher)
    {
        var keys = Keys(cipher);
        var known = new List<Applicant> { await house.Member("jinsui"), await house.Member("jinsui"), await house.Applicant("jinsui"), await house.Applicant("jinsui") };
        var returned = await house.Applicant("jinsui");
        await house.Return(returned, "请更正证件号码");
        (await returned.FillIn("identity", returned.IdentityStep().With("idNumber", MadeUp.IdNumber(null)))).MustBe(HttpStatusCode.OK);
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var cover = (await organiser.PostFile("/api/v1/office/files?purpose=activity_cover", Pictures.Png(900, 700))).MustBe(HttpStatusCode.Created)["id"];
        var picture = await (await organiser.Get($"/api/v1/office/files/{cover}")).MustBe(HttpStatusCode.OK).Bytes;

        var both = house.AnotherNode(keys.Both());
        house.ServeFrom(both);
        known.Add(await house.Applicant("jinsui"));
        Assert.Equal(5, (await FoundAsync(known)).Count);

        var rotating = Task.Run(both.RotateKeys);
        var looks = 0;
        do
        {
            Assert.Equal(known.Count, (await FoundAsync(known)).Count);
            await RefusedAsync(known[looks % known.Count]);
            known.Add(await house.Applicant("jinsui"));
            looks++;
        }
        while (!rotating.IsCompleted || looks < 3);

        var (exitCode, output) = await rotating;
        Assert.True(exitCode == 0, output);
        Assert.Empty(await house.SealedOtherwise(both));

        // Everything is moved; the next node may do without the old keys.
        var fresh = house.AnotherNode(keys.New());
        Assert.Null(await fresh.IndexKeyFault());
        house.ServeFrom(fresh);
        Assert.Equal(known.Count, (await FoundAsync(known)).Count);
        await RefusedAsync(known[0]);
        Assert.True(await house.OpenEverything(fresh) > 20);
        Assert.Equal(picture, await (await (await house.Staff(Role.ActivityOrganiser, "zhaipo")).Get($"/api/v1/office/files/{cover}")).MustBe(HttpStatusCode.OK).Bytes);
        (await returned.Submit()).MustBe(HttpStatusCode.OK);
        Assert.Equal(0, (await fresh.RotateKeys()).ExitCode);
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM member_records WHERE id_number_index <> id_number_former_index"));
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM persons WHERE phone_index <> phone_former_index"));
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM memberships WHERE live_id_number_index <> live_id_number_former_index"));

        // Once more changes nothing, and nobody is lost.
        var before = await house.KeyedValues();
        Assert.Equal(0, (await fresh.RotateKeys()).ExitCode);
        Assert.Equal(before, await house.KeyedValues());
        Assert.Equal(known.Count, (await FoundAsync(known)).Count);
        foreach (var applicant in known.Where((_, i) => i is 2 or 3))
        {
            await house.Approve(applicant);
        }
    }

    [Fact]
    public async Task A_number_is_taken_once_whichever_nodes_take_it()
    {
        var keys = Keys(PrivacySettings.Aes);
        var (reading, both) = (house.AnotherNode(keys.Reading()), house.AnotherNode(keys.Both()));
        house.ServeFrom(reading);
        var first = await house.Applicant("jinsui");
        house.ServeFrom(both);
        await RefusedAsync(first);
        var second = await house.Applicant("jinsui");
        house.ServeFrom(reading);
        await RefusedAsync(second);

        // The number of somebody who is a member by now, and a phone.
        await house.Approve(second);
        await RefusedAsync(second);
        Assert.Equal(2, (await FoundAsync([first, second])).Count);

        Assert.Equal(0, (await both.RotateKeys()).ExitCode);
        house.ServeFrom(house.AnotherNode(keys.New()));
        var third = await house.Applicant("jinsui");
        await RefusedAsync(first);
        await RefusedAsync(second);
        house.ServeFrom(both);
        await RefusedAsync(third);
        Assert.Equal(3, (await FoundAsync([first, second, third])).Count);
    }

    [Fact]
    public async Task Of_several_at_once_on_nodes_with_different_keys_one_takes_the_number()
    {
        var keys = Keys(PrivacySettings.Aes);
        WebApplicationFactory<Program>[] nodes = [house.AnotherNode(keys.Reading()), house.AnotherNode(keys.Both())];
        var (number, drafts) = (MadeUp.IdNumber(), new List<Applicant>());
        for (var i = 0; i < 6; i++)
        {
            house.ServeFrom(nodes[i % 2]);
            drafts.Add(await house.Draft("jinsui", idNumber: number));
        }

        var answers = await Task.WhenAll(drafts.Select(d => d.Submit()));
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => a.MustBe(HttpStatusCode.Conflict, "id_number_taken"));
    }

    [Fact]
    public async Task Control_without_the_unique_former_index_a_number_is_taken_twice()
    {
        await house.DropIndex("membership_applications", "membership_applications_by_former_id_number");
        var first = await house.Applicant("jinsui");
        house.ServeFrom(house.AnotherNode(Keys(PrivacySettings.Aes).Both()));
        (await (await house.Draft("jinsui", idNumber: first.IdNumber)).Submit()).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Control_a_look_up_under_the_new_key_alone_misses_somebody()
    {
        var keys = Keys(PrivacySettings.Aes);
        var member = await house.Member("jinsui");
        var both = house.AnotherNode(keys.Both());
        house.ServeFrom(both);
        Assert.Single(await FoundAsync([member]));
        using (house.Guards.Off("former_index", "index"))
        {
            Assert.Single(await FoundAsync([member]));
            var pair = both.Services.GetRequiredService<LookupIndex>().PairOf("id_number", $"1|{member.IdNumber}");
            using (house.Guards.Off(pair.Former, pair.Index))
            {
                Assert.Empty(await FoundAsync([member]));
            }
        }
    }

    [Fact]
    public async Task A_node_does_not_start_with_keys_that_would_miss_somebody()
    {
        var keys = Keys(PrivacySettings.Aes);
        await house.Member("jinsui");
        var both = house.AnotherNode(keys.Both());
        Assert.Null(await both.IndexKeyFault());
        Assert.Contains("rotate-keys", await house.AnotherNode(keys.New()).IndexKeyFault(), StringComparison.Ordinal);

        Assert.Equal(0, (await both.RotateKeys()).ExitCode);
        Assert.Null(await house.AnotherNode(keys.New()).IndexKeyFault());
        Assert.Contains("FormerIndexKey", await old.IndexKeyFault(), StringComparison.Ordinal);

        // The next change may begin only when the last one is over.
        var third = keys.Both();
        third["Privacy:FormerIndexKey"] = third["Privacy:IndexKey"];
        third["Privacy:IndexKey"] = KeySets.NewKey();
        Assert.Contains("rotate-keys", await house.AnotherNode(third).IndexKeyFault(), StringComparison.Ordinal);
        Assert.Equal(0, (await house.AnotherNode(keys.New()).RotateKeys()).ExitCode);
        Assert.Null(await house.AnotherNode(third).IndexKeyFault());
        Assert.Equal(1, (await old.RotateKeys()).ExitCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_phone_changed_meanwhile_is_never_written_over(bool isGuarded)
    {
        var member = await house.Member("jinsui");
        var earlier = await house.Text($"SELECT phone_sealed FROM persons WHERE id = '{member.PersonId}'");
        var code = house.WeChat.IssuePhoneCode(member.User, MadeUp.PhoneNumber());
        (await member.Put("/api/v1/me/phone", new { code })).MustBe(HttpStatusCode.OK);
        var later = await PhoneAsync(member);

        // The command had read the row before.
        var both = house.AnotherNode(Keys(PrivacySettings.Aes).Both());
        using (house.Guards.Off("SELECT id AS record_key, phone_sealed AS stored FROM persons", $"SELECT id AS record_key, '{earlier}' AS stored FROM persons"))
        using (isGuarded ? null : house.Guards.Off(" AND phone_sealed = @Stored"))
        {
            await both.RotateKeys();
        }

        Assert.True(house.Guards.Hits > 0);
        house.ServeFrom(both);
        if (isGuarded)
        {
            Assert.Equal(later, await PhoneAsync(member));
            Assert.Equal(0, (await both.RotateKeys()).ExitCode);
            Assert.Equal(later, await PhoneAsync(member));
        }
        else
        {
            // The control: without its guard the change is lost.
            Assert.NotEqual(later, await PhoneAsync(member));
        }
    }

    [Fact]
    public async Task A_value_whose_key_is_missing_is_told_and_left_alone()
    {
        var member = await house.Member("jinsui");
        await house.Execute($"UPDATE persons SET phone_sealed = 'gone:AAAA' WHERE id = '{member.PersonId}'");
        var (exitCode, output) = await house.AnotherNode(Keys(PrivacySettings.Sm4).Both()).RotateKeys();
        Assert.Equal(1, exitCode);
        Assert.Contains("persons.phone_sealed", output, StringComparison.Ordinal);
        Assert.Equal("gone:AAAA", await house.Text($"SELECT phone_sealed FROM persons WHERE id = '{member.PersonId}'"));
    }

    [Fact]
    public async Task A_repeat_over_the_change_is_answered_like_the_first_time()
    {
        var draft = await house.Draft("jinsui");
        var (key, version) = (Guid.NewGuid().ToString("N"), draft.Version);
        var first = (await draft.Submit(key)).MustBe(HttpStatusCode.OK);
        foreach (var settings in new[] { Keys(PrivacySettings.Aes).Both(), Keys(PrivacySettings.Aes).Both() })
        {
            // The second one's former key is this node's too, the current one is not the first one's.
            var again = new Applicant(house.AnotherNode(settings).CreateClient(), draft.Token!) { User = draft.User, PersonId = draft.PersonId, Version = version };
            var repeat = (await again.Submit(key)).MustBe(HttpStatusCode.OK);
            Assert.Equal(first.Text, repeat.Text);
        }

        var other = new Applicant(house.AnotherNode(Keys(PrivacySettings.Aes).Both()).CreateClient(), draft.Token!) { User = draft.User, PersonId = draft.PersonId, Version = version + 7 };
        (await other.Submit(key)).MustBe(HttpStatusCode.UnprocessableEntity);
    }

    private KeySets Keys(string cipher) => new(old.Services.GetRequiredService<PrivacySettings>(), cipher);

    private async Task<string> PhoneAsync(Applicant member)
    {
        var cipher = house.Serving.Services.GetRequiredService<FieldCipher>();
        return cipher.Open(SetPhone.Place, member.PersonId, await house.Text($"SELECT phone_sealed FROM persons WHERE id = '{member.PersonId}'"));
    }

    /// <summary>Whom an officer finds by full ID number.</summary>
    private async Task<List<string>> FoundAsync(IEnumerable<Applicant> people)
    {
        var officer = await house.Officer("county");
        var found = new List<string>();
        foreach (var person in people)
        {
            var answer = await officer.PostWithoutKey(Searches, new { idNumber = person.IdNumber, reason = "核对入会申请" });
            found.AddRange(answer.MustBe(HttpStatusCode.OK).Items.Select(i => i.GetProperty("applicationId").GetString()!));
        }

        return [.. found.Distinct()];
    }

    /// <summary>Nobody else gets in with her number, nor with her phone.</summary>
    private async Task RefusedAsync(Applicant somebody)
    {
        var other = await house.Draft("jinsui", idNumber: somebody.IdNumber);
        (await other.Submit()).MustBe(HttpStatusCode.Conflict, "id_number_taken");
        var code = house.WeChat.IssuePhoneCode(other.User, somebody.PhoneNumber);
        (await other.Put("/api/v1/me/phone", new { code })).MustBe(HttpStatusCode.Conflict, "phone_taken");
    }
}
