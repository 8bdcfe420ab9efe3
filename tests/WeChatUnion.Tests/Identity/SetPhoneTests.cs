using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Identity;

public sealed class SetPhoneOnSqlite(SqliteHouse house) : SetPhoneTests(house), IClassFixture<SqliteHouse>;

public sealed class SetPhoneOnMariaDb(MariaDbHouse house) : SetPhoneTests(house), IClassFixture<MariaDbHouse>;

public abstract class SetPhoneTests(TestHouse house)
{
    private const string Exchange = "/wxa/business/getuserphonenumber";
    private const string Token = "/cgi-bin/stable_token";

    private static int numbers;

    [Fact]
    public async Task A_worker_binds_the_number_that_WeChat_verified()
    {
        var (user, worker) = await NewWorker();
        var number = NewNumber();

        var answer = await Bind(worker, house.WeChat.IssuePhoneCode(user, number));

        var masked = $"{number[..3]}****{number[^4..]}";
        Assert.Equal(masked, answer.MustBe(HttpStatusCode.OK)["phone"]);
        Assert.Equal(masked, (await worker.Get("/api/v1/me"))["phone"]);
        var personId = (await worker.Get("/api/v1/me"))["personId"];
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM persons WHERE id = '{personId}' AND phone_tail = '{number[^4..]}' AND phone_sealed NOT LIKE '%{number}%'"));
        Assert.Equal(1, await house.Number($"SELECT COUNT(*) FROM audit_entries WHERE person_id = '{personId}' AND deed = 'set_phone' AND record_id = '{personId}'"));
        Assert.DoesNotContain(house.Log, line => line.Contains(number, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repeat_within_ten_minutes_answers_the_first_result_and_costs_nothing()
    {
        var (user, worker) = await NewWorker();
        var code = house.WeChat.IssuePhoneCode(user, NewNumber());
        var first = (await Bind(worker, code)).MustBe(HttpStatusCode.OK);
        var paid = Calls(Exchange);

        house.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(first.Text, (await Bind(worker, code)).MustBe(HttpStatusCode.OK).Text);
        Assert.Equal(paid, Calls(Exchange));

        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await Bind(worker, code)).MustBe(HttpStatusCode.Conflict, "phone_code_unusable");
        Assert.Equal(paid + 1, Calls(Exchange));
    }

    [Fact]
    public async Task Twenty_repeats_at_once_ask_WeChat_once_and_all_get_the_answer()
    {
        var (user, worker) = await NewWorker();
        var code = house.WeChat.IssuePhoneCode(user, NewNumber());
        var paid = Calls(Exchange);
        house.WeChat.Faults.Delay(Exchange, TimeSpan.FromMilliseconds(300), calls: 1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Bind(worker, code)));

        Assert.All(answers, a => a.MustBe(HttpStatusCode.OK));
        Assert.Single(answers.Select(a => a.Text).Distinct());
        Assert.Equal(paid + 1, Calls(Exchange));
    }

    [Fact]
    public async Task A_number_can_be_changed_and_the_old_one_is_free_again()
    {
        var (user, worker) = await NewWorker();
        var (otherUser, other) = await NewWorker();
        var (old, now) = (NewNumber(), NewNumber());
        (await Bind(worker, house.WeChat.IssuePhoneCode(user, old))).MustBe(HttpStatusCode.OK);
        (await Bind(worker, house.WeChat.IssuePhoneCode(user, now))).MustBe(HttpStatusCode.OK);
        (await Bind(other, house.WeChat.IssuePhoneCode(otherUser, old))).MustBe(HttpStatusCode.OK);
        Assert.EndsWith(now[^4..], (await worker.Get("/api/v1/me"))["phone"]);
    }

    [Fact]
    public async Task A_number_belongs_to_one_person()
    {
        var (user, worker) = await NewWorker();
        var (otherUser, other) = await NewWorker();
        var number = NewNumber();
        (await Bind(worker, house.WeChat.IssuePhoneCode(user, number))).MustBe(HttpStatusCode.OK);
        var code = house.WeChat.IssuePhoneCode(otherUser, number);

        (await Bind(other, code)).MustBe(HttpStatusCode.Conflict, "phone_taken");

        var paid = Calls(Exchange);
        (await Bind(other, code)).MustBe(HttpStatusCode.Conflict, "phone_taken");
        Assert.Equal(paid, Calls(Exchange));
        Assert.Equal("", (await other.Get("/api/v1/me"))["phone"]);
    }

    [Fact]
    public async Task Twenty_people_with_one_number_at_once_leave_it_with_one()
    {
        var number = NewNumber();
        var people = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => NewWorker()));

        var answers = await Task.WhenAll(people.Select(p => Bind(p.Worker, house.WeChat.IssuePhoneCode(p.User, number))));

        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.Equal(19, answers.Count(a => a.Code == "phone_taken"));
    }

    [Fact]
    public async Task A_code_of_somebody_else_binds_nothing()
    {
        var (_, worker) = await NewWorker();
        var code = house.WeChat.IssuePhoneCode(house.NewUser(), NewNumber());
        (await Bind(worker, code)).MustBe(HttpStatusCode.Conflict, "phone_code_unusable");
        Assert.Equal("", (await worker.Get("/api/v1/me"))["phone"]);
    }

    [Fact]
    public async Task A_login_code_is_no_phone_code()
    {
        var (user, worker) = await NewWorker();
        (await Bind(worker, house.WeChat.IssueLoginCode(user))).MustBe(HttpStatusCode.Conflict, "phone_code_unusable");
    }

    [Theory]
    [InlineData("85251234567")]
    [InlineData("1390000")]
    [InlineData("139000000000")]
    public async Task A_number_from_elsewhere_is_refused(string number)
    {
        var (user, worker) = await NewWorker();
        (await Bind(worker, house.WeChat.IssuePhoneCode(user, number))).MustBe(HttpStatusCode.Conflict, "phone_not_mainland");
    }

    [Fact]
    public async Task A_stale_access_token_is_renewed_and_the_code_tried_once_more()
    {
        var (user, worker) = await NewWorker();
        (await Bind(worker, house.WeChat.IssuePhoneCode(user, NewNumber()))).MustBe(HttpStatusCode.OK);
        var (paid, asked) = (Calls(Exchange), Calls(Token));
        house.WeChat.InvalidateTokenNow();

        (await Bind(worker, house.WeChat.IssuePhoneCode(user, NewNumber()))).MustBe(HttpStatusCode.OK);

        Assert.Equal(paid + 2, Calls(Exchange));
        Assert.Equal(asked + 1, Calls(Token));
    }

    [Fact]
    public async Task A_token_that_stays_refused_ends_in_a_503_and_never_in_a_loop()
    {
        var (user, worker) = await NewWorker();
        var code = house.WeChat.IssuePhoneCode(user, NewNumber());
        var (paid, asked) = (Calls(Exchange), Calls(Token));
        house.WeChat.Faults.AnswerError(Exchange, 40001);

        (await Bind(worker, code)).MustBe(HttpStatusCode.ServiceUnavailable, "wechat_unavailable");

        house.WeChat.Faults.Clear();
        Assert.Equal(paid + 2, Calls(Exchange));
        Assert.InRange(Calls(Token) - asked, 1, 3);
        (await Bind(worker, code)).MustBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("down")]
    [InlineData("garbage")]
    [InlineData("dropped")]
    [InlineData("busy")]
    public async Task When_WeChat_fails_the_same_code_works_a_little_later(string fault)
    {
        var (user, worker) = await NewWorker();
        var code = house.WeChat.IssuePhoneCode(user, NewNumber());
        switch (fault)
        {
            case "down":
                house.WeChat.Faults.AnswerStatus(Exchange, 502, calls: 1);
                break;
            case "garbage":
                house.WeChat.Faults.AnswerGarbage(Exchange, calls: 1);
                break;
            case "dropped":
                house.WeChat.Faults.Drop(Exchange, calls: 1);
                break;
            default:
                house.WeChat.Faults.AnswerError(Exchange, -1, calls: 1);
                break;
        }

        var refused = (await Bind(worker, code)).MustBe(HttpStatusCode.ServiceUnavailable, fault == "busy" ? "wechat_busy" : "wechat_unavailable");
        Assert.NotNull(refused.Response.Headers.RetryAfter);
        (await Bind(worker, code)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_operator_reads_in_the_log_why_WeChat_refused()
    {
        var (user, worker) = await NewWorker();
        house.WeChat.Faults.AnswerError(Exchange, 48001, calls: 1);
        var code = house.WeChat.IssuePhoneCode(user, NewNumber());
        (await Bind(worker, code)).MustBe(HttpStatusCode.ServiceUnavailable, "wechat_unavailable");
        Assert.Contains(house.Log, line => line.Contains("errcode 48001", StringComparison.Ordinal));
        Assert.DoesNotContain(house.Log, line => line.Contains(code, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"code":""}""")]
    [InlineData("""{"code":null}""")]
    [InlineData("""{"code":["a"]}""")]
    [InlineData("""{"code":"a","phone":"13800000000"}""")]
    public async Task A_malformed_body_is_refused(string body)
    {
        var (_, worker) = await NewWorker();
        (await worker.SendRaw(HttpMethod.Put, "/api/v1/me/phone", body)).MustBe(HttpStatusCode.BadRequest, "malformed");
        (await Bind(worker, new string('x', 129))).MustBe(HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    public async Task Nobody_signed_in_binds_nothing() =>
        (await Bind(house.Anonymous(), "x")).MustBe(HttpStatusCode.Unauthorized, "sign_in_needed");

    private static Task<Answer> Bind(Person person, string code) => person.Put("/api/v1/me/phone", new { code });

    private static string NewNumber() => $"139{Interlocked.Increment(ref numbers):D8}";

    private int Calls(string path) => house.WeChat.Calls.Count(c => c.Path == path);

    private async Task<(string User, Person Worker)> NewWorker()
    {
        var user = house.NewUser();
        return (user, await house.Worker(user));
    }
}
