using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class SearchMembersOnSqlite(SqliteHouse house) : SearchMembersTests(house), IClassFixture<SqliteHouse>;

public sealed class SearchMembersOnMariaDb(MariaDbHouse house) : SearchMembersTests(house), IClassFixture<MariaDbHouse>;

public abstract class SearchMembersTests(TestHouse house)
{
    private const string Path = "/api/v1/office/member-searches";

    [Fact]
    public async Task A_member_is_found_by_name_beginning_phone_tail_or_full_id_number()
    {
        var member = await house.Member("jinsui", name: "诸葛小亮");
        var officer = await house.Officer("jinsui");
        var tail = member.PhoneNumber[7..];

        foreach (var body in new object[]
        {
            new { name = "诸葛小亮" }, new { name = "诸葛" }, new { phoneTail = tail }, new { idNumber = member.IdNumber, reason = "核实入会申请人" },
            new { idNumber = string.Concat(member.IdNumber.Select(c => char.IsAsciiDigit(c) ? (char)(c + '０' - '0') : c)), reason = "核实入会申请人" },
        })
        {
            var answer = (await officer.Post(Path, body)).MustBe(HttpStatusCode.OK);
            var item = Assert.Single(answer.Items);
            Assert.Equal(member.ApplicationId, item.Text("applicationId"));
            Assert.Equal("诸葛*亮", item.Text("name"));
            Assert.Equal($"410721********{member.IdNumber[14..]}", item.Text("idNumber"));
            Assert.Equal("active", item.Text("membershipState"));
            Assert.Equal("approved", item.Text("applicationState"));
            Assert.Equal(18, item.Text("memberNumber").Length);
            Assert.Equal(tail, item.Text("phoneTail"));
            Assert.DoesNotContain("诸葛小亮", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(member.IdNumber, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(member.PhoneNumber, answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_applicant_is_found_and_a_draft_or_a_withdrawn_application_is_not()
    {
        var applicant = await house.Applicant("jinsui");
        var draft = await house.Draft("jinsui");
        var officer = await house.Officer("jinsui");

        var item = Assert.Single((await officer.Post(Path, new { idNumber = applicant.IdNumber, reason = "核实入会申请人" })).Items);
        Assert.Equal("submitted", item.Text("applicationState"));
        Assert.Equal("", item.Text("memberNumber"));
        Assert.Empty((await officer.Post(Path, new { idNumber = draft.IdNumber, reason = "核实入会申请人" })).Items);

        (await applicant.Withdraw()).MustBe(HttpStatusCode.NoContent);
        Assert.Empty((await officer.Post(Path, new { idNumber = applicant.IdNumber, reason = "核实入会申请人" })).Items);
    }

    [Fact]
    public async Task A_passport_is_found_by_its_number_too()
    {
        var worker = await house.Draft("jinsui");
        var number = $"E{worker.PhoneNumber[3..]}";
        (await worker.FillIn("identity", worker.IdentityStep().With("idType", "5").With("idNumber", number).With("sex", "2").With("birthOn", "1990-03-07"))).MustBe(HttpStatusCode.OK);
        (await worker.Submit()).MustBe(HttpStatusCode.OK);

        Assert.Single((await (await house.Officer("jinsui")).Post(Path, new { idNumber = number.ToLowerInvariant(), reason = "核实入会申请人" })).MustBe(HttpStatusCode.OK).Items);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("𡈽")]
    [InlineData("葛")]
    [InlineData("'")]
    public async Task Only_the_beginning_of_a_name_counts_and_every_character_means_itself(string name)
    {
        await house.Applicant("jinsui", name: "𠮷葛生");
        Assert.Empty((await (await house.Officer("jinsui")).Post(Path, new { name })).MustBe(HttpStatusCode.OK).Items);
    }

    [Fact]
    public async Task A_four_byte_name_is_found()
    {
        var applicant = await house.Applicant("tianlan", name: "𠮷野山");
        var item = Assert.Single((await (await house.Officer("tianlan")).Post(Path, new { name = "𠮷" })).Items);
        Assert.Equal(applicant.ApplicationId, item.Text("applicationId"));
        Assert.Equal("𠮷*山", item.Text("name"));
    }

    [Fact]
    public async Task Another_branch_finds_nothing_and_the_town_finds_its_villages()
    {
        var village = await house.Member("xingzhuang");
        foreach (var body in new object[] { new { idNumber = village.IdNumber, reason = "核实入会申请人" }, new { name = village.Name }, new { phoneTail = village.PhoneNumber[7..] } })
        {
            Assert.Empty((await (await house.Officer("jinsui")).Post(Path, body)).MustBe(HttpStatusCode.OK).Items);
            Assert.Empty((await (await house.Officer("hongyuan")).Post(Path, body)).MustBe(HttpStatusCode.OK).Items);
            Assert.Single((await (await house.Officer("xiaoji")).Post(Path, body)).MustBe(HttpStatusCode.OK).Items);
            Assert.Single((await (await house.Officer("county")).Post(Path, body)).MustBe(HttpStatusCode.OK).Items);
        }
    }

    [Fact]
    public async Task Each_search_leaves_an_audit_row_that_tells_how_but_not_whom()
    {
        var member = await house.Member("jinsui");
        var officer = await house.Officer("jinsui");
        foreach (var (body, kind) in new (object, string)[]
        {
            (new { name = member.Name }, "by_name"), (new { phoneTail = member.PhoneNumber[7..] }, "by_phone_tail"), (new { idNumber = member.IdNumber, reason = "核实入会申请人" }, "by_id_number"),
        })
        {
            var before = await Rows(kind);
            (await officer.Post(Path, body)).MustBe(HttpStatusCode.OK);
            Assert.Equal(before + 1, await Rows(kind));
        }

        await house.AuditNeverTells(member.Name, member.IdNumber, member.PhoneNumber, member.PhoneNumber[7..]);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        var union = await house.NewUnion();
        for (var i = 0; i < 5; i++)
        {
            await house.Applicant(union, name: $"司徒翻页{"一二三四五"[i]}");
        }

        var officer = await house.Officer(union);
        var first = (await officer.Post(Path, new { name = "司徒翻页", take = 3 })).MustBe(HttpStatusCode.OK);
        var second = (await officer.Post(Path, new { name = "司徒翻页", take = 3, after = first.Next })).MustBe(HttpStatusCode.OK);

        Assert.Equal(3, first.Items.Length);
        Assert.Equal(5, first.Items.Concat(second.Items).Select(i => i.Text("applicationId")).Distinct().Count());
        Assert.Null(second.Next);
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":"张","phoneTail":"1234"}""", "name")]
    [InlineData("""{"name":"张","idNumber":"410721199003070010"}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"phoneTail":"123"}""", "phoneTail")]
    [InlineData("""{"phoneTail":"１２３４"}""", "phoneTail")]
    [InlineData("""{"phoneTail":""}""", "phoneTail")]
    [InlineData("""{"idNumber":"1234"}""", "idNumber")]
    [InlineData("""{"name":"张","take":51}""", "take")]
    [InlineData("""{"name":"张","after":"x"}""", "after")]
    [InlineData("""{"phone":"13900000000"}""", "phone")]
    public async Task A_malformed_search_names_the_field(string body, string field)
    {
        var answer = (await (await house.Officer("jinsui")).SendRaw(HttpMethod.Post, Path, body)).MustBe(HttpStatusCode.BadRequest, "malformed");
        Assert.Equal([field], answer.WrongFields);
    }

    [Fact]
    public async Task Only_officers_search()
    {
        (await house.Anonymous().Post(Path, new { name = "张" })).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await (await house.Worker()).Post(Path, new { name = "张" })).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.Auditor, "county")).Post(Path, new { name = "张" })).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.EmploymentOfficer, "county")).Post(Path, new { name = "张" })).MustBe(HttpStatusCode.Forbidden, "not_allowed");
    }

    private Task<long> Rows(string kind) => house.Number($"SELECT COUNT(*) FROM audit_entries WHERE deed = 'search_members' AND record_kind = '{kind}'");
}
