namespace WeChatUnion.Bench;

/// <summary>Signing up for one activity: how many a second for good, and what a rush for few places feels like.</summary>
internal static class Enrol
{
    private const int PeopleCount = 24_000;
    private const int Rounds = 3;

    /// <summary>Phones that press at once; each has a connection of its own.</summary>
    private const int Phones = 256;

    private const int RushPlaces = 100;
    private const int RushPerSecond = 2_000;
    private const int RushSeconds = 10;
    private const int RushPhones = 1_500;
    private const int ListsPerSecond = 50;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(IReadOnlyList<string> databases)
    {
        foreach (var database in databases)
        {
            await MeasureAsync(database);
        }
    }

    private static async Task MeasureAsync(string database)
    {
        await using var house = await BenchHouse.OnAsync(database);
        try
        {
            var people = await Crowd.JoinAsync(house, PeopleCount);
            var grouped = await MeasureGroupedAsync(house, people);
            if (database == "mariadb")
            {
                await MeasureTwoAsync(house, people);
            }

            await MeasureUngroupedAsync(house, people, grouped);
            await MeasureRushAsync(house, people);
        }
        catch (Exception)
        {
            await Console.Error.WriteLineAsync(house.Program.EndOfLog());
            throw;
        }
    }

    /// <summary>Everything that is set in relation to something stands in the same round with it.</summary>
    private static async Task<double> MeasureGroupedAsync(BenchHouse house, IReadOnlyList<(string Token, string PersonId)> people)
    {
        var live = Load.Request("GET", "/health/live");
        var turn = 0;
        var mine = people.Take(1000).Select(p => Load.Request("GET", "/api/v1/me", p.Token)).ToArray();
        Load.For(Short, house.Program, () => live);
        Load.For(Short, house.Program, () => mine[turn++ % mine.Length]);
        await SignUpsAsync(house, people, WarmUp, [house.Program]);

        var (lives, mes, limits, enrols) = (new List<double>(), new List<double>(), new List<double>(), new List<LoadRun>());
        for (var round = 0; round < Rounds; round++)
        {
            lives.Add(Load.For(Short, house.Program, () => live).PerSecond);
            var enrol = await SignUpsAsync(house, people, Length, [house.Program]);
            enrols.Add(enrol);
            mes.Add(Load.For(Short, house.Program, () => mine[turn++ % mine.Length]).PerSecond);
            limits.Add(await BareLoop.RunAsync(house, Short, people));
        }

        var rates = enrols.Select(e => e.PerSecond).ToArray();
        Figures.TellMedian("enrol-rate", house.Database, rates, "requests/s");
        Figures.TellMedian("enrol-over-live", house.Database, Over(rates, lives), "ratio");
        Figures.TellMedian("enrol-over-limit", house.Database, Over(rates, limits), "ratio");
        Figures.TellMedian("enrol-over-me", house.Database, Over(rates, mes), "ratio");
        Figures.Remark($"live {house.Database}: {Figures.Median(lives):0} requests/s; limit {Figures.Median(limits):0} sign-ups/s; me {Figures.Median(mes):0} requests/s");
        Figures.Remark(
            $"enrol {house.Database}: {Figures.Median(enrols.Select(e => e.CostMicroseconds)):0} µs of the program's processor time a sign-up, "
            + $"load generator {Figures.Median(enrols.Select(e => e.OwnShare)):0%} of the processor time of both");
        return Figures.Median(rates);
    }

    /// <summary>Another process on the same database, half of the phones at each.</summary>
    private static async Task MeasureTwoAsync(BenchHouse house, IReadOnlyList<(string Token, string PersonId)> people)
    {
        var other = await house.StartBesideAsync(new Dictionary<string, string>());
        await SignUpsAsync(house, people, WarmUp, [other]);
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var one = await SignUpsAsync(house, people, Length, [house.Program]);
            var two = await SignUpsAsync(house, people, Length, [house.Program, other]);
            ratios.Add(two.PerSecond / one.PerSecond);
        }

        Figures.TellMedian("enrol-two-over-one", house.Database, ratios, "ratio");
        other.Kill();
    }

    /// <summary>The same program with a desk that takes one wish a transaction (see StartupHook).</summary>
    private static async Task MeasureUngroupedAsync(BenchHouse house, IReadOnlyList<(string Token, string PersonId)> people, double grouped)
    {
        house.Program.Kill();
        var alone = await house.StartBesideAsync(new Dictionary<string, string> { ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location });
        await SignUpsAsync(house, people, WarmUp, [alone]);
        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            rates.Add((await SignUpsAsync(house, people, Length, [alone])).PerSecond);
        }

        Figures.TellMedian("enrol-over-ungrouped", house.Database, [.. rates.Select(r => grouped / r)], "ratio");
        alone.Kill();
    }

    /// <summary>A program just started and warmed up; the list is asked meanwhile by others.</summary>
    private static async Task MeasureRushAsync(BenchHouse house, IReadOnlyList<(string Token, string PersonId)> people)
    {
        await house.Program.StartAsync();
        var list = Load.Request("GET", "/api/v1/activities");
        await SignUpsAsync(house, people, WarmUp, [house.Program]);
        Load.For(Short, house.Program, () => list);

        var (activity, _) = await Crowd.OpenAsync(house, RushPlaces);
        var requests = people.Take(RushPerSecond * RushSeconds).Select(p => RequestOf(activity, p)).ToArray();
        var next = 0;
        using var over = new CancellationTokenSource();
        var most = Task.Run(() => MostResidentAsync(house.Program, over.Token));
        var runs = OpenLoop.Run(
            house.Program.Port,
            new Arrivals(RushPerSecond, requests.Length, RushPhones, () => requests[next++]),
            new Arrivals(ListsPerSecond, ListsPerSecond * RushSeconds, 32, () => list));
        await over.CancelAsync();

        var enrolled = await Crowd.NumberAsync(house, $"SELECT COUNT(*) FROM enrolments WHERE activity_id = '{activity}' AND state = 'enrolled'");
        var inOrder = await Crowd.NumberAsync(
            house, $"SELECT COUNT(*) FROM enrolments WHERE activity_id = '{activity}' AND state = 'waiting' AND line = number - {RushPlaces}");
        if (enrolled < RushPlaces || inOrder != requests.Length - RushPlaces || runs.Any(r => r.Refused > 0))
        {
            throw new InvalidOperationException($"{enrolled} enrolled, {inOrder} in order in the line, {runs[0].Refused} and {runs[1].Refused} refused.");
        }

        Figures.Tell("rush-oversold", house.Database, enrolled - RushPlaces, "people");
        Figures.Tell("rush-p99-ms", house.Database, runs[0].P99, "ms");
        Figures.Tell("rush-list-p99-ms", house.Database, runs[1].P99, "ms");
        Figures.Tell("rush-resident-mb", house.Database, await most, "MB");
        Figures.Remark($"rush {house.Database}: median {Figures.Median(runs[0].Latencies):0} ms, list {Figures.Median(runs[1].Latencies):0} ms");
    }

    /// <summary>Distinct people sign up for a new activity with places for all.</summary>
    private static async Task<LoadRun> SignUpsAsync(
        BenchHouse house, IReadOnlyList<(string Token, string PersonId)> people, TimeSpan length, IReadOnlyList<UnionProgram> programs)
    {
        var (activity, _) = await Crowd.OpenAsync(house, people.Count);
        var requests = people.Select(p => RequestOf(activity, p)).ToArray();
        var next = 0;
        return Load.For(length, requests.Length, Phones, programs, () => requests[next++]);
    }

    private static byte[] RequestOf(string activity, (string Token, string PersonId) person) =>
        Load.Request("PUT", $"/api/v1/activities/{activity}/enrolment", person.Token, "{}", Crowd.NewId());

    private static async Task<double> MostResidentAsync(UnionProgram program, CancellationToken over)
    {
        var most = 0.0;
        while (!over.IsCancellationRequested)
        {
            most = Math.Max(most, program.ResidentMegabytes);
            await Task.Delay(100, CancellationToken.None);
        }

        return most;
    }

    private static double[] Over(IReadOnlyList<double> these, IReadOnlyList<double> those) => [.. these.Zip(those, (a, b) => a / b)];
}
