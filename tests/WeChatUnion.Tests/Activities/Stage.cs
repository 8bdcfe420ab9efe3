using System.Net;
using LinqToDB;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

/// <summary>People and activities to play with: organisers of 翟坡镇, members, a published activity.</summary>
internal static class Stage
{
    public const string Mine = "/api/v1/activities";
    public const string Office = "/api/v1/office/activities";

    private static int numbers;

    /// <summary>A signed-in member of a union; the register's rows are written as an approval would leave them.</summary>
    public static async Task<Person> Member(this TestHouse house, string union = "jinsui", string sex = "1", string birth = "1990-05-01")
    {
        var user = house.NewUser();
        var session = (await house.SignIn(user)).MustBe(HttpStatusCode.Created);
        await house.MakeMember(session["personId"], union, sex, birth);
        return new Person(house.NewHttp(), session["token"]);
    }

    public static async Task MakeMember(this TestHouse house, string personId, string union, string sex, string birth)
    {
        var unionId = await house.UnionId(union);
        var now = house.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var number = Interlocked.Increment(ref numbers);
        await house.Database.TransactAsync(
            async db =>
            {
                await db.InsertAsync(new MemberRecordRow { PersonId = personId, Name = "职工", Sex = sex, BirthOn = birth, UpdatedAt = now });
                var application = new ApplicationRow
                {
                    Id = Ids.New(),
                    PersonId = personId,
                    MadeBy = personId,
                    UnionId = unionId,
                    Source = "mini_program",
                    State = ApplicationState.Approved,
                    Version = 5,
                    CreatedAt = now,
                    UpdatedAt = now,
                };
                await db.InsertAsync(application);
                await db.InsertAsync(new MembershipRow
                {
                    Id = Ids.New(),
                    PersonId = personId,
                    ApplicationId = application.Id,
                    UnionId = unionId,
                    MemberNumber = MemberNumber.Of("410721", 1990, number),
                    State = MembershipState.Active,
                    JoinedOn = "2026-01-01",
                    LivePersonId = personId,
                    Version = 1,
                    CreatedAt = now,
                });
            },
            CancellationToken.None);
    }

    /// <summary>Sign-up opens an hour from now, closes in two days, begins in three.</summary>
    public static async Task<Dictionary<string, object?>> Form(this TestHouse house, params object[] groups)
    {
        var now = house.Clock.GetUtcNow();
        return new Dictionary<string, object?>
        {
            ["unionId"] = await house.UnionId("zhaipo"),
            ["kind"] = "culture",
            ["title"] = "职工趣味运动会",
            ["body"] = "拔河、跳绳、接力。",
            ["place"] = "翟坡镇文化广场",
            ["latitude"] = 35.21,
            ["longitude"] = 113.78,
            ["divisionCode"] = "410721101",
            ["allocation"] = "first_come",
            ["opensAt"] = now.AddHours(1),
            ["closesAt"] = now.AddDays(2),
            ["cancelUntil"] = now.AddDays(2),
            ["sessions"] = new[] { new { startsAt = now.AddDays(3), endsAt = now.AddDays(3).AddHours(2) } },
            ["groups"] = groups.Length > 0 ? groups : [new { name = "开放名额", capacity = 2 }],
        };
    }

    public static async Task<string> Publish(this TestHouse house, Dictionary<string, object?> form)
    {
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        var chair = await house.Staff(Role.UnionChair, "zhaipo");
        var made = (await organiser.Post(Office, new { activity = form })).MustBe(HttpStatusCode.Created);
        (await organiser.Post($"{Office}/{made["id"]}/submission", new { version = 1 })).MustBe(HttpStatusCode.NoContent);
        (await chair.Post($"{Office}/{made["id"]}/approval", new { version = 2 })).MustBe(HttpStatusCode.NoContent);
        return made["id"];
    }

    /// <summary>A published activity whose sign-up is open now.</summary>
    public static async Task<string> Open(this TestHouse house, params object[] groups)
    {
        var id = await house.Publish(await house.Form(groups));
        house.Clock.Advance(TimeSpan.FromHours(1));
        return id;
    }

    public static Task<Answer> SignUp(this Person person, string activity, object? wish = null, string? key = null) =>
        person.PutWithKey($"{Mine}/{activity}/enrolment", wish ?? new { }, key);
}
