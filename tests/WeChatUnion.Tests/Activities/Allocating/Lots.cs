using System.Diagnostics;
using System.Net;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Activities;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities.Allocating;

/// <summary>Activities whose places are drawn or chosen, on their way from sign-up to the result.</summary>
internal static class Lots
{
    public const string Value = "05 12 18 22 27 31+09";

    private static readonly string[] Script = [Path.Combine(Sources.Root, "miniprogram-contract", "recompute-draw.mjs")];

    /// <summary>
    /// Sign-up closes in two days, the public value is known twelve hours later: the clock goes to the next morning
    /// that has an evening of numbers (Tuesday, Thursday, Sunday) two and a half days ahead.
    /// </summary>
    public static async Task<Dictionary<string, object?>> DrawForm(this TestHouse house, params object[] groups)
    {
        while (!IsEveningOfNumbers(house.Clock.GetUtcNow().AddDays(2.5)))
        {
            house.Clock.Advance(TimeSpan.FromMinutes(30));
        }

        var form = await house.Form(groups);
        form["allocation"] = "draw";
        form["mostGuests"] = 2;
        var knownAt = house.Clock.GetUtcNow().AddDays(2.5);
        form["draw"] = new { issue = IssueAt(knownAt), knownAt };
        return form;
    }

    /// <summary>The issue that is known at an instant if no evening of its year was left out; the first before there was any.</summary>
    public static string IssueAt(DateTimeOffset instant)
    {
        var today = InChina(instant);
        var number = Enumerable.Range(1, today.DayOfYear).Count(day => HasNumbers(new DateTime(today.Year, 1, 1).AddDays(day - 1)));
        return $"{today.Year}{Math.Max(1, number):000}";
    }

    private static bool IsEveningOfNumbers(DateTimeOffset instant) =>
        HasNumbers(InChina(instant)) && InChina(instant).TimeOfDay >= new TimeSpan(21, 15, 0);

    private static bool HasNumbers(DateTime day) => day.DayOfWeek is DayOfWeek.Tuesday or DayOfWeek.Thursday or DayOfWeek.Sunday;

    private static DateTime InChina(DateTimeOffset instant) => instant.ToOffset(TimeSpan.FromHours(8)).DateTime;

    /// <summary>A published draw whose sign-up is open now.</summary>
    public static async Task<string> OpenDraw(this TestHouse house, bool hasWaitingList, params object[] groups)
    {
        var form = await house.DrawForm(groups);
        form["hasWaitingList"] = hasWaitingList;
        var id = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        return id;
    }

    /// <summary>A published choice whose sign-up is open now.</summary>
    public static async Task<string> OpenChoice(this TestHouse house, bool hasWaitingList, params object[] groups)
    {
        var form = await house.Form(groups);
        form["allocation"] = "choice";
        form["mostGuests"] = 2;
        form["hasWaitingList"] = hasWaitingList;
        var id = await house.Publish(form);
        house.Clock.Advance(TimeSpan.FromHours(1));
        return id;
    }

    /// <summary>So many people who have signed up and await the draw.</summary>
    public static Task Crowd(this TestHouse house, string activity, string groupId, int count) => house.Database.TransactAsync(
        async db =>
        {
            var now = house.Clock.Milliseconds();
            var people = Enumerable.Range(1, count).Select(_ => new PersonRow { Id = Ids.New(), CreatedAt = now }).ToList();
            await db.InsertManyAsync(people);
            await db.InsertManyAsync(people.Select((p, i) => new EnrolmentRow
            {
                Id = Ids.New(),
                ActivityId = activity,
                GroupId = groupId,
                PersonId = p.Id,
                LivePersonId = p.Id,
                Number = i + 1,
                State = EnrolmentState.Applied,
                Guests = 0,
                Facts = "{}",
                Source = EnrolmentSource.Self,
                MadeBy = p.Id,
                Version = 1,
                CreatedAt = now,
                UpdatedAt = now,
            }));
        },
        CancellationToken.None);

    /// <summary>From the opening to ten seconds behind the closing, when the list is complete.</summary>
    public static void Close(this TestHouse house) => house.Clock.Advance(TimeSpan.FromHours(47) + TimeSpan.FromSeconds(10));

    /// <summary>From there to the public value.</summary>
    public static void LetValueBeKnown(this TestHouse house) => house.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(10));

    public static async Task<string> EnterValue(this TestHouse house, string activity, string value = Value)
    {
        var organiser = await house.Staff(Role.ActivityOrganiser, "zhaipo");
        return (await organiser.Post($"{Stage.Office}/{activity}/draw-values", new { value })).MustBe(HttpStatusCode.Created)["id"];
    }

    public static Task<Answer> Confirm(this Person officer, string activity, string valueId, string value = Value) =>
        officer.Post($"{Stage.Office}/{activity}/draw-values/{valueId}/confirmation", new { value });

    /// <summary>What the public script says of a draw: 0 agrees, 1 does not.</summary>
    public static async Task<(int Code, string Says)> Recompute(string draw)
    {
        using var node = Process.Start(new ProcessStartInfo("node", Script) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await node.StandardInput.WriteAsync(draw);
        node.StandardInput.Close();
        var says = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return (node.ExitCode, says);
    }
}
