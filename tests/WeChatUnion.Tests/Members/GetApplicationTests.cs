using System.Net;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Members;

public sealed class GetApplicationOnSqlite(SqliteHouse house) : GetApplicationTests(house), IClassFixture<SqliteHouse>;

public sealed class GetApplicationOnMariaDb(MariaDbHouse house) : GetApplicationTests(house), IClassFixture<MariaDbHouse>;

public abstract class GetApplicationTests(TestHouse house)
{
    [Fact]
    public async Task An_officer_reads_the_form_with_the_number_and_the_phone_masked()
    {
        var applicant = await house.Applicant("jinsui");

        var answer = (await (await house.Officer("jinsui")).Get(applicant.OfficePath)).MustBe(HttpStatusCode.OK);

        Assert.Equal(applicant.Version, answer.Version);
        Assert.Equal("submitted", answer["state"]);
        Assert.Equal(applicant.Name, answer.Body.GetProperty("form").Text("name"));
        Assert.Equal($"410721********{applicant.IdNumber[14..]}", answer.Body.GetProperty("form").Text("idNumber"));
        Assert.Equal(await house.UnionId("jinsui"), answer.Body.GetProperty("union").Text("id"));
        Assert.Equal("0", answer["contactCount"]);
        Assert.DoesNotContain(applicant.IdNumber, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(applicant.PhoneNumber, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_steps_say_who_of_the_office_did_what_and_why()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        (await officer.Post($"{applicant.OfficePath}/return", new { version = applicant.Version, reason = "请补充岗位" })).MustBe(HttpStatusCode.NoContent);

        var steps = (await officer.Get(applicant.OfficePath)).Body.GetProperty("steps").EnumerateArray().ToArray();

        Assert.Equal(["submission", "return"], steps.Select(s => s.Text("kind")));
        Assert.Equal(["", "工作人员"], steps.Select(s => s.Text("by")));
        Assert.Equal(["", "请补充岗位"], steps.Select(s => s.Text("reason")));
    }

    [Fact]
    public async Task Each_reading_leaves_an_audit_row_that_names_the_record_only()
    {
        var applicant = await house.Applicant("jinsui");
        var officer = await house.Officer("jinsui");
        (await officer.Get(applicant.OfficePath)).MustBe(HttpStatusCode.OK);
        (await officer.Get(applicant.OfficePath)).MustBe(HttpStatusCode.OK);

        var rows = await house.Audited("read_application", applicant.ApplicationId);

        Assert.Equal(2, rows.Count);
        Assert.All(rows, r => Assert.Equal("membership_application", r.RecordKind));
        await house.AuditNeverTells(applicant.Name, applicant.IdNumber, applicant.PhoneNumber, applicant.PhoneNumber[7..]);
    }

    [Fact]
    public async Task What_is_not_in_reach_not_handed_in_or_not_there_looks_alike_and_leaves_no_row()
    {
        var applicant = await house.Applicant("jinsui");
        var draft = await house.Draft("jinsui");
        foreach (var (union, path) in new[]
        {
            ("hongyuan", applicant.OfficePath), ("xiaoji", applicant.OfficePath), ("county", draft.OfficePath),
            ("county", $"/api/v1/office/membership-applications/{new string('0', 32)}"), ("county", "/api/v1/office/membership-applications/mistyped"),
        })
        {
            (await (await house.Officer(union)).Get(path)).MustBe(HttpStatusCode.NotFound, "not_found");
        }

        Assert.Empty(await house.Audited("read_application", applicant.ApplicationId));
        Assert.Empty(await house.Audited("read_application", draft.ApplicationId));
    }

    [Fact]
    public async Task Only_officers_read_applications()
    {
        var applicant = await house.Applicant("jinsui");
        (await house.Anonymous().Get(applicant.OfficePath)).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");
        (await applicant.Get(applicant.OfficePath)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.Auditor, "county")).Get(applicant.OfficePath)).MustBe(HttpStatusCode.Forbidden, "not_allowed");
        (await (await house.Staff(Role.UnionChair, "zhaipo")).Get(applicant.OfficePath)).MustBe(HttpStatusCode.OK);
    }
}
