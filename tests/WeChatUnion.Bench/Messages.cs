using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace WeChatUnion.Bench;

/// <summary>
/// Subscribe messages: thousands who signed up are told that their activity is cancelled. The stand-in answers at once,
/// in this process and on the same processors.
/// </summary>
internal static class Messages
{
    private const string Template = "activity_result";
    private const string TemplateId = "bench-activity-result-0123456789";
    private const int PeopleCount = 22_000;
    private const int Told = 8_000;
    private const int Rounds = 3;
    private const int Phones = 256;

    private const int ListenedPerSecond = 200;
    private const int ListenedSeconds = 5;
    private const int SlowPerSecond = 200;

    private const int RushPerSecond = 1_500;
    private const int RushSeconds = 8;
    private const int RushTold = 3_000;

    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What begins within the hour is told at any hour of the day, so this measures by night as by day.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(25);

    public static async Task RunAsync(IReadOnlyList<string> databases)
    {
        foreach (var database in databases)
        {
            await using var house = await BenchHouse.OnAsync(database);
            try
            {
                await MeasureAsync(house);
            }
            catch (Exception)
            {
                await Console.Error.WriteLineAsync(house.Program.EndOfLog());
                throw;
            }
        }
    }

    private static async Task MeasureAsync(BenchHouse house)
    {
        var people = await Crowd.JoinAsync(house, PeopleCount);
        await Crowd.SubscribeAsync(house, Template, people);
        var organiser = await Crowd.OrganiserAsync(house);
        house.WeChat.Subscriptions.AddTemplate(TemplateId, "thing1", "thing2", "time3", "thing4");
        house.WeChat.Subscriptions.AcceptsAll = true;
        house.WeChat.Subscriptions.KeepsMessages = false;
        house.Program.Kill();
        var run = new Run(house, people, organiser);

        var one = await house.StartBesideAsync(Settings(128));
        await run.DrainAsync([one], Told / 4);
        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            rates.Add(await run.DrainAsync([one], Told));
        }

        Figures.TellMedian("drain-rate", house.Database, rates, "notices/s");
        await MeasureSlowAsync(run, one);
        await MeasureRushAsync(run, one);
        one.Kill();
        await MeasureListenersAsync(run);
        if (house.Database == "mariadb")
        {
            await MeasureFourAsync(run, Figures.Median(rates));
        }

        Figures.Tell("twice", house.Database, run.Twice, "messages");
    }

    /// <summary>WeChat takes 200 ms a call: how many are under way at once.</summary>
    private static async Task MeasureSlowAsync(Run run, UnionProgram program)
    {
        var weChat = run.House.WeChat.Subscriptions;
        weChat.Delay = Slow;
        weChat.ResetMostInFlight();
        var rate = await run.DrainAsync([program], Told / 2);
        weChat.Delay = TimeSpan.Zero;
        Figures.Tell("slow-in-flight", run.House.Database, weChat.MostInFlight, "calls");
        Figures.Tell("slow-drain-rate", run.House.Database, rate, "notices/s");
    }

    /// <summary>People sign up for another activity as fast as they come.</summary>
    private static async Task MeasureRushAsync(Run run, UnionProgram program)
    {
        var cancelled = await run.SignUpAsync([program], RushTold);
        var (rush, _) = await Crowd.OpenAsync(run.House, 100);
        var requests = run.People.Take(RushPerSecond * RushSeconds).Select(p => RequestOf(rush, p)).ToArray();
        var next = 0;
        var since = Crowd.Now();
        var sent = run.House.WeChat.Subscriptions.Count;
        var cancelling = Task.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            await run.CancelAsync(program, cancelled);
        });
        var rushed = OpenLoop.Run(program.Port, new Arrivals(RushPerSecond, requests.Length, 1_500, () => requests[next++]))[0];
        await cancelling;
        await run.UntilSentAsync(sent + RushTold);
        await run.UntilWrittenAsync();
        var inTime = await Crowd.NumberAsync(run.House, $"SELECT COUNT(*) FROM deliveries WHERE created_at >= {since} AND state = 'sent' AND closed_at - created_at <= 10000");
        Figures.Tell("within-10s", run.House.Database, 100.0 * inTime / RushTold, "%");
        Figures.Remark($"rush beside it, {run.House.Database}: p99 of signing up {rushed.P99:0} ms, {rushed.Refused} refused");
    }

    /// <summary>What somebody who asks for herself feels of 200 notices a second.</summary>
    private static async Task MeasureListenersAsync(Run run)
    {
        var weChat = run.House.WeChat.Subscriptions;
        var program = await run.House.StartBesideAsync(Settings((int)(SlowPerSecond * Slow.TotalSeconds)));
        var mine = run.People.Take(1000).Select(p => Load.Request("GET", "/api/v1/me", p.Token)).ToArray();
        var turn = 0;
        OpenLoop.Run(program.Port, Listeners());
        await run.DrainAsync([program], Told / 8);
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var alone = OpenLoop.Run(program.Port, Listeners())[0].P95;
            weChat.Delay = Slow;
            var activity = await run.SignUpAsync([program], SlowPerSecond * (ListenedSeconds + 2));
            var sent = weChat.Count;
            await run.CancelAsync(program, activity);
            var beside = OpenLoop.Run(program.Port, Listeners())[0].P95;
            weChat.Delay = TimeSpan.Zero;
            await run.UntilSentAsync(sent + (SlowPerSecond * (ListenedSeconds + 2)));
            await run.UntilWrittenAsync();
            ratios.Add(beside / alone);
        }

        Figures.TellMedian("me-drain-over-alone", run.House.Database, ratios, "ratio");
        program.Kill();

        Arrivals Listeners() => new(ListenedPerSecond, ListenedPerSecond * ListenedSeconds, 64, () => mine[turn++ % mine.Length]);
    }

    private static async Task MeasureFourAsync(Run run, double one)
    {
        var programs = new List<UnionProgram>();
        for (var i = 0; i < 4; i++)
        {
            programs.Add(await run.House.StartBesideAsync(Settings(128)));
        }

        await run.DrainAsync(programs, Told / 4);
        var rate = await run.DrainAsync(programs, Told);
        Figures.Tell("drain-four-over-one", run.House.Database, rate / one, "ratio");
        foreach (var line in programs.SelectMany(p => p.EndOfLog().Split('\n')).Where(l => l.Length > 0))
        {
            Figures.Remark(line);
        }

        programs.ForEach(p => p.Kill());
    }

    private static Dictionary<string, string> Settings(int mostInFlight) => new()
    {
        [$"Messages:Templates:{Template}"] = TemplateId,
        ["Messages:MostInFlight"] = $"{mostInFlight}",
    };

    private static byte[] RequestOf(string activity, (string Token, string PersonId) person) =>
        Load.Request("PUT", $"/api/v1/activities/{activity}/enrolment", person.Token, "{}", Crowd.NewId());

    private sealed class Run(BenchHouse house, IReadOnlyList<(string Token, string PersonId)> people, string organiser)
    {
        private static readonly HttpClient Http = new() { Timeout = Patience };

        private int expected;

        public BenchHouse House => house;

        public IReadOnlyList<(string Token, string PersonId)> People => people;

        /// <summary>Messages beyond one for each notice.</summary>
        public int Twice => house.WeChat.Subscriptions.Count - expected;

        /// <summary>So many sign up, their activity is cancelled; notices a second from the commit until the last has arrived.</summary>
        public async Task<double> DrainAsync(IReadOnlyList<UnionProgram> programs, int count)
        {
            var activity = await SignUpAsync(programs, count);
            var sent = house.WeChat.Subscriptions.Count;
            await CancelAsync(programs[0], activity);
            var clock = Stopwatch.StartNew();
            var before = house.WeChat.Subscriptions.Count - sent;
            await UntilSentAsync(sent + count);
            var rate = (count - before) / clock.Elapsed.TotalSeconds;
            await UntilWrittenAsync();
            return rate;
        }

        public async Task<string> SignUpAsync(IReadOnlyList<UnionProgram> programs, int count)
        {
            var (activity, _) = await Crowd.OpenAsync(house, count, Soon);
            var requests = people.Take(count).Select(p => RequestOf(activity, p)).ToArray();
            var next = 0;
            Load.For(Patience, requests.Length, Phones, programs, () => requests[next++]);
            expected += count;
            return activity;
        }

        public async Task CancelAsync(UnionProgram program, string activity)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(program.Address, $"/api/v1/office/activities/{activity}/cancellation"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", organiser);
            request.Headers.Add("Idempotency-Key", Crowd.NewId());
            var version = await Crowd.NumberAsync(house, $"SELECT version FROM activities WHERE id = '{activity}'");
            request.Content = JsonContent.Create(new { version, reason = "天气原因" });
            using var answer = await Http.SendAsync(request);
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
        }

        public async Task UntilSentAsync(int count)
        {
            var patience = Stopwatch.StartNew();
            while (house.WeChat.Subscriptions.Count < count)
            {
                if (patience.Elapsed > Patience)
                {
                    throw new TimeoutException($"{count - house.WeChat.Subscriptions.Count} messages did not arrive.");
                }

                await Task.Delay(5);
            }
        }

        /// <summary>Until what became of the last is in the database.</summary>
        public async Task UntilWrittenAsync()
        {
            var patience = Stopwatch.StartNew();
            while (await Crowd.NumberAsync(house, "SELECT COUNT(*) FROM deliveries WHERE state IN ('waiting', 'sending')") > 0 && patience.Elapsed < Patience)
            {
                await Task.Delay(50);
            }
        }
    }
}
