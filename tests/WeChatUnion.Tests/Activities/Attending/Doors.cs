using System.Net;
using LinqToDB.Data;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities.Attending;

/// <summary>What happens at the door of an activity.</summary>
internal static class Doors
{
    extension(Person person)
    {
        /// <summary>What a member's phone shows now.</summary>
        public async Task<string> Code() => (await person.Get("/api/v1/me/member-code"))["code"];

        public async Task<string> PersonId() => (await person.Get("/api/v1/me"))["personId"];

        public Task<Answer> Scan(string activity, string memberCode, DateTimeOffset? scannedAt = null) =>
            person.PostWithoutKey($"{Stage.Office}/{activity}/check-ins", new { memberCode, scannedAt });

        public Task<Answer> SignUpFor(string activity, object body, string? key = null) =>
            person.Post($"{Stage.Office}/{activity}/enrolments", body, key);

        public Task<Answer> WalkIn(string activity, string memberCode, string? key = null) =>
            person.Post($"{Stage.Office}/{activity}/walk-ins", new { memberCode }, key);

        public Task<Answer> ScanHall(string activity, string code) =>
            person.PostWithoutKey($"{Stage.Mine}/{activity}/check-ins", new { code });
    }

    extension(TestHouse house)
    {
        public async Task<Person[]> People(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => house.Member()));

        /// <summary>An open activity and so many who have a place, in the order of their numbers.</summary>
        public async Task<(string Activity, Person[] Members)> Gathered(int count)
        {
            var activity = await house.Open(new { name = "开放名额", capacity = count });
            var members = await house.People(count);
            foreach (var member in members)
            {
                Assert.Equal("enrolled", (await member.SignUp(activity)).MustBe(HttpStatusCode.OK)["state"]);
            }

            return (activity, members);
        }

        public async Task<Answer[]> ScanOnTwoNodes(string activity, string code, int times)
        {
            var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
            var there = new Person(house.AnotherNode().CreateClient(), organiser.Token);
            return await Task.WhenAll(Enumerable.Range(0, times).Select(i => (i % 2 == 0 ? organiser : there).Scan(activity, code)));
        }

        public Task<long> CheckInsOf(string activity) => house.Number(
            $"SELECT COUNT(*) FROM check_ins c JOIN activity_sessions s ON s.id = c.session_id WHERE s.activity_id = '{activity}'");

        public async Task MoveToStart(string activity, int minutes = 0)
        {
            var start = DateTimeOffset.FromUnixTimeMilliseconds(await house.Number($"SELECT starts_at FROM activities WHERE id = '{activity}'"));
            house.Clock.Advance(start.AddMinutes(minutes) - house.Clock.GetUtcNow());
        }

        /// <summary>Takes the promise of one check-in a session and sign-up out of a database of the control's own.</summary>
        public async Task LoosenCheckIns()
        {
            await using var db = house.Database.Open();
            if (!house.Database.IsSqlite)
            {
                await db.ExecuteAsync("ALTER TABLE check_ins ADD INDEX control_session (session_id), DROP INDEX session_id");
                return;
            }

            var definition = (await db.QueryToListAsync<string>("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'check_ins'"))[0];
            var loosened = definition.Replace("    UNIQUE (session_id, enrolment_id),\n", "", StringComparison.Ordinal);
            Assert.NotEqual(definition, loosened);
            await db.ExecuteAsync("DROP TABLE check_ins");
            await db.ExecuteAsync(loosened);
        }
    }
}
