using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Counselling;
using WeChatUnion.Api.Modules.Counselling.Counsellors;
using WeChatUnion.Api.Modules.Counselling.Slots;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Demo;

/// <summary>
/// Loads <c>seeds/demo/counsellors.csv</c>: approved counsellors with their rooms, who can be booked for a fortnight from
/// the first start.
/// </summary>
internal sealed class DemoCounsellors(Database database, FieldCipher cipher, TimeProvider clock)
{
    private const int Days = 14;

    public async Task LoadAsync()
    {
        foreach (var cells in ReferenceFile.Read("counsellors.csv", "demo"))
        {
            await database.TransactAsync(
                async db =>
                {
                    var person = await PersonOfAsync(db, cells[0]);
                    if (!await db.Counsellors.AnyAsync(c => c.PersonId == person))
                    {
                        await AddAsync(db, person, cells);
                    }
                },
                CancellationToken.None);
        }
    }

    private async Task AddAsync(Db db, string personId, string[] cells)
    {
        var now = clock.Milliseconds();
        var today = Instants.DateOf(now);
        var unionId = await db.Unions.Where(u => u.SeedKey == "county").Select(u => u.Id).FirstAsync();
        var form = new CounsellorForm(
            cells[1], cells[2], cells[3], StoredWord<Qualification>.Read(cells[4]), cells[5], cells[6], null, [.. cells[7].Split('|').Select(TopicOf)],
            int.Parse(cells[8], CultureInfo.InvariantCulture), today, today.AddYears(1), 50, 0, 10, 6, "0373-5080000", "https://meeting.example.cn/union");
        var row = form.RowOf(Ids.New(), personId, unionId, null, cipher, now);
        await db.InsertAsync(row with { State = CounsellorState.Active, SupervisorId = await PersonOfAsync(db, "supervisor") });
        var room = cells[13].Length == 0 ? null : await AddRoomAsync(db, unionId, cells[13], cells[14], now);
        await db.InsertManyAsync(cells[9].Split('|').Select(weekday => new WindowRow
        {
            Id = Ids.New(),
            CounsellorId = row.Id,
            Weekday = int.Parse(weekday, CultureInfo.InvariantCulture),
            FromMinute = WeekTimes.Minute(cells[10]),
            UntilMinute = WeekTimes.Minute(cells[11]),
            Modes = TalkModes.Stored(cells[12].Split('|').Select(StoredWord<TalkMode>.Read)),
            RoomId = room,
            EffectiveFrom = today.Stored(),
            EffectiveUntil = today.AddDays(Days - 1).Stored(),
        }));
    }

    private static Topic TopicOf(string word) => Enum.Parse<Topic>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    private static Task<string> PersonOfAsync(Db db, string account) => db.StaffAccounts.Where(a => a.Name == account).Select(a => a.PersonId).FirstAsync();

    private static async Task<string> AddRoomAsync(Db db, string unionId, string name, string address, long now)
    {
        var room = new RoomRow { Id = Ids.New(), UnionId = unionId, Name = name, Address = address, IsOpen = true, Version = 1, CreatedAt = now };
        await db.InsertAsync(room);
        return room.Id;
    }
}
