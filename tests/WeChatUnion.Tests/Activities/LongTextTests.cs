using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Activities;

/// <summary>The longest text that a field takes is also stored, in letters that take the most bytes.</summary>
public abstract partial class OrganisingTests
{
    private const string EachKind = "choice number date consent";

    private static readonly string[] Sizes = ["M", "L"];

    [Fact]
    public async Task An_answer_of_any_kind_that_is_too_long_is_refused_and_disturbs_nobody()
    {
        var form = await house.Form(new { name = "开放名额", capacity = 5 });
        form["questions"] = EachKind.Split(' ').Append("text").Select(kind => (object)new { kind, wording = "请填写", options = kind == "choice" ? Sizes : null }).ToArray();
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var person = await house.Member();
        foreach (var question in await QuestionsOf(activity))
        {
            foreach (var answer in new[] { new string('1', 501), new string('1', 200_000), "0." + new string('0', 29) + "1" })
            {
                if (question.Kind != "text" || answer.Length > 500)
                {
                    (await person.SignUp(activity, new { answers = new Dictionary<string, string> { [question.Id] = answer } })).MustBe(HttpStatusCode.BadRequest, "answers_incomplete");
                }
            }
        }

        var number = (await QuestionsOf(activity)).Single(q => q.Kind == "number").Id;
        (await person.SignUp(activity, new { answers = new Dictionary<string, string> { [number] = "-12345678901234567890.123456789" } })).MustBe(HttpStatusCode.BadRequest, "answers_incomplete");
        (await person.SignUp(activity, new { answers = new Dictionary<string, string> { [number] = "-1234567890123456789.123456789" } })).MustBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("𠮷")]
    [InlineData("\ue000")]
    [InlineData("\"")]
    [InlineData("长")]
    public async Task Twenty_of_the_longest_answers_are_kept(string letter)
    {
        var form = await house.Form(new { name = "开放名额", capacity = 5 });
        form["questions"] = Enumerable.Range(0, 20).Select(i => (object)new { kind = "text", wording = $"问题 {i}" }).ToArray();
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var answers = (await QuestionsOf(activity)).ToDictionary(q => q.Id, _ => Longest(500, letter));

        var enrolment = (await (await house.Member()).SignUp(activity, new { answers })).MustBe(HttpStatusCode.OK);

        var stored = await house.Text($"SELECT answers_sealed FROM enrolments WHERE id = '{enrolment["id"]}'");
        var kept = house.Services.GetRequiredService<FieldCipher>().Open(EnrolmentRow.AnswersPlace, enrolment["id"], stored);
        Assert.Equal(answers, JsonSerializer.Deserialize<Dictionary<string, string>>(kept));
    }

    [Fact]
    public async Task The_longest_text_of_every_field_of_an_activity_and_of_what_follows_is_stored()
    {
        var form = await house.Form(Enumerable.Range(0, 20).Select(_ => (object)new { name = Longest(40), capacity = 1 }).ToArray());
        var now = house.Clock.GetUtcNow();
        (form["title"], form["body"], form["place"], form["costNote"]) = (Longest(60), Longest(5000), Longest(120), Longest(200));
        form["sessions"] = new[] { new { name = Longest(60), startsAt = now.AddDays(3), endsAt = now.AddDays(3).AddHours(2) } };
        form["questions"] = Enumerable.Range(0, 20).Select(_ => (object)new
        {
            kind = "choice",
            wording = Longest(200),
            options = Enumerable.Range(0, 20).Select(o => Longest(58) + $"{o:00}").ToArray(),
        }).ToArray();
        form["cancelUntil"] = now;
        var (organiser, chair) = (await Organiser(), await house.Staff(Role.UnionChair, "zhaipo"));
        var returned = (await organiser.Post(Stage.Office, new { activity = form })).MustBe(HttpStatusCode.Created)["id"];
        (await organiser.Post($"{Stage.Office}/{returned}/submission", new { version = 1 })).MustBe(HttpStatusCode.NoContent);
        (await chair.Post($"{Stage.Office}/{returned}/return", new { version = 2, reason = Longest(300) })).MustBe(HttpStatusCode.NoContent);
        var activity = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        (organiser, chair) = (await Organiser(), await house.Staff(Role.UnionChair, "zhaipo"));
        var people = await SignedUp(activity, 3);
        var removed = (await people[0].Get($"{Stage.Mine}/{activity}/enrolment"))["id"];
        (await organiser.Post($"{Stage.Office}/{activity}/enrolments/{removed}/messages", new { text = Longest(300) })).MustBe(HttpStatusCode.NoContent);
        (await organiser.Post($"{Stage.Office}/{activity}/enrolments/{removed}/removal", new { reason = Longest(300) })).MustBe(HttpStatusCode.NoContent);
        (await people[1].Delete($"{Stage.Mine}/{activity}/enrolment?consequence=accepted")).MustBe(HttpStatusCode.NoContent);
        var points = (await people[1].Get("/api/v1/me/conduct-points")).Items.Single().Text("id");
        var appeal = (await people[1].Post($"/api/v1/me/conduct-points/{points}/appeals", new { reason = Longest(500) })).MustBe(HttpStatusCode.Created)["id"];
        (await chair.Post($"/api/v1/office/conduct-appeals/{appeal}/decision", new { isAccepted = true, reason = Longest(300) })).MustBe(HttpStatusCode.NoContent);
        (await organiser.Put($"{Stage.Office}/{activity}/groups/{(await house.Words($"SELECT id FROM activity_groups WHERE activity_id = '{activity}'"))[0]}/capacity", new { version = 3, capacity = 4, reason = Longest(300) })).MustBe(HttpStatusCode.OK);
        (await organiser.Post($"{Stage.Office}/{activity}/cancellation", new { version = 4, reason = Longest(300) })).MustBe(HttpStatusCode.NoContent);

        foreach (var (person, kind) in new[] { (people[0], "organiser_message"), (people[0], "enrolment_removed"), (people[1], "appeal_accepted"), (people[2], "activity_cancelled") })
        {
            Assert.Contains(Longest(300), (await person.Get("/api/v1/me/messages")).Items.Single(m => m.Text("kind") == kind).Text("text"), StringComparison.Ordinal);
        }

        Assert.Equal(Longest(5000), (await FormOf(organiser, activity)).Text("body"));
    }

    private static string Longest(int length, string letter = "𠮷") => string.Concat(Enumerable.Repeat(letter, length / letter.Length));

    private async Task<(string Id, string Kind)[]> QuestionsOf(string activity) =>
        [.. (await house.Anonymous().Get($"{Stage.Mine}/{activity}")).Body.GetProperty("activity").GetProperty("questions").EnumerateArray().Select(q => (q.Text("id"), q.Text("kind")))];
}
