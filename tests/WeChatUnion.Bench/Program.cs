using WeChatUnion.Bench;

// Each word is a file of its own.
var words = new Dictionary<string, Func<IReadOnlyList<string>, Task>>
{
    ["door"] = Door.RunAsync,
    ["enrol"] = Enrol.RunAsync,
    ["ballot"] = Ballot.RunAsync,
    ["messages"] = Messages.RunAsync,
    ["vacancies"] = Vacancies.RunAsync,
    ["counselling"] = Counselling.RunAsync,
};

string[] databases = args.Length > 1 ? args[1..] : BenchHouse.Databases;
if (args.Length == 0 || !words.TryGetValue(args[0], out var measure) || databases.Except(BenchHouse.Databases).Any())
{
    await Console.Error.WriteLineAsync(
        $"usage: dotnet run -c Release --project tests/WeChatUnion.Bench -- {string.Join('|', words.Keys)} [{string.Join('|', BenchHouse.Databases)}]");
    return 64;
}

await measure(databases);
return 0;
