namespace WeChatUnion.Bench;

/// <summary>The door: who am I, signing in, and what the program keeps in memory while it is asked.</summary>
internal static class Door
{
    private const int MemberCount = 1000;
    private const int Rounds = 3;
    private const int MemoryRequests = 200_000;
    private const int MemorySteps = 40;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.25);

    public static async Task RunAsync(IReadOnlyList<string> databases)
    {
        if (databases.Contains("sqlite"))
        {
            await DemoStart.RunAsync();
        }

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
            var tokens = await Members.JoinAsync(house, MemberCount);
            MeasureReads(house, tokens);
            MeasureSignIns(house);
            await house.Program.RestartAsync();
            MeasureMemory(house, tokens);
        }
        catch (Exception)
        {
            await Console.Error.WriteLineAsync(house.Program.EndOfLog());
            throw;
        }
    }

    /// <summary>The three reads take short turns, so that a busy neighbour on the machine meets all of them alike.</summary>
    private static void MeasureReads(BenchHouse house, IReadOnlyList<string> tokens)
    {
        var live = Load.Request("GET", "/health/live");
        var session = InTurn(tokens, "/api/v1/me/sessions/current");
        var me = InTurn(tokens, "/api/v1/me");
        Func<byte[]>[] all = [() => live, session, me];
        Load.InTurns(WarmUp / all.Length, Turn, house.Program, all);
        var rounds = Enumerable.Range(0, Rounds).Select(_ => Load.InTurns(Length, Turn, house.Program, all)).ToArray();
        Figures.TellMedian("live-rate", house.Database, [.. rounds.Select(r => r[0].PerSecond)], "requests/s");
        Figures.TellMedian("session-over-live", house.Database, [.. rounds.Select(r => r[1].PerSecond / r[0].PerSecond)], "ratio");
        Figures.TellMedian("me-over-live", house.Database, [.. rounds.Select(r => r[2].PerSecond / r[0].PerSecond)], "ratio");
        TellCost("live", house, rounds.Select(r => r[0]));
        TellCost("session", house, rounds.Select(r => r[1]));
        TellCost("me", house, rounds.Select(r => r[2]));
    }

    /// <summary>Each sign-in is somebody's first, with a code of her own.</summary>
    private static void MeasureSignIns(BenchHouse house)
    {
        var next = SignIns(house, "first");
        Load.For(WarmUp, house.Program, next);
        var runs = Enumerable.Range(0, Rounds).Select(_ => Load.For(Length, house.Program, next)).ToArray();
        Figures.TellMedian("sign-in-rate", house.Database, [.. runs.Select(r => r.PerSecond)], "requests/s");
        Figures.TellMedian("sign-in-p99-over-median", house.Database, [.. runs.Select(r => r.P99OverMedian)], "ratio");
        TellCost("sign-in", house, runs);
    }

    /// <summary>A program just started, asked as phones ask it: mostly reads, one sign-in among sixteen requests.</summary>
    private static void MeasureMemory(BenchHouse house, IReadOnlyList<string> tokens)
    {
        var session = InTurn(tokens, "/api/v1/me/sessions/current");
        var me = InTurn(tokens, "/api/v1/me");
        var signIn = SignIns(house, "later");
        var turn = 0;
        var resident = new List<double>();
        for (var step = 0; step < MemorySteps; step++)
        {
            Load.Times(MemoryRequests / MemorySteps, house.Program, () => (turn++ % 16) switch
            {
                0 => signIn(),
                < 8 => me(),
                _ => session(),
            });
            resident.Add(house.Program.ResidentMegabytes);
        }

        var quarters = resident.Chunk(MemorySteps / 4).Select(Figures.Median).ToArray();
        Figures.Tell("resident-mb", house.Database, resident[^1], "MB");
        Figures.Tell("resident-growth", house.Database, quarters[3] / quarters[1], "ratio");
        Figures.Remark($"resident {house.Database} by quarter: {string.Join(' ', quarters.Select(q => $"{q:0}"))} MB");
    }

    private static Func<byte[]> InTurn(IReadOnlyList<string> tokens, string path)
    {
        var requests = tokens.Select(t => Load.Request("GET", path, t)).ToArray();
        var turn = 0;
        return () => requests[turn++ % requests.Length];
    }

    private static Func<byte[]> SignIns(BenchHouse house, string name)
    {
        var people = 0;
        return () => Load.Request(
            "POST", "/api/v1/sessions", json: $$"""{"code":"{{house.WeChat.IssueLoginCode($"{name}-{people++}")}}"}""");
    }

    private static void TellCost(string name, BenchHouse house, IEnumerable<LoadRun> runs)
    {
        var all = runs.ToArray();
        Figures.Remark(
            $"{name} {house.Database}: {Figures.Median(all.Select(r => r.CostMicroseconds)):0} µs of the program's processor time a request, "
            + $"load generator {Figures.Median(all.Select(r => r.OwnShare)):0%} of the processor time of both");
    }
}
