using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace WeChatUnion.Bench;

/// <summary>
/// Searching among 20,000 and 200,000 offered vacancies: the first page with its facets, asked one after the other over
/// HTTP, for words of one, two and more characters, with filters and without.
/// </summary>
internal static class Vacancies
{
    private const int Firms = 800;
    private const int Asked = 200;
    private const string Now = "1900000000000";

    private static readonly int[] Sizes = [20_000, 200_000];

    private static readonly (string Name, string[] Words)[] Questions =
    [
        ("one-character", ["工", "车", "电", "会", "焊", "面", "护", "裁"]),
        ("two-characters", ["包装", "司机", "数控", "小冀", "双休", "缝纫", "月嫂", "没有"]),
        ("longer", ["维修电工", "长白班 双休", "翟坡镇 机械", "處理斷頭", "恒丰物流", "包吃住 计件"]),
    ];

    private static readonly string[] Filters = ["&town=410721102", "&occupation=6", "&pay=from_4000", "&town=410721&occupation=6-3&pay=from_3000"];
    private static readonly string[] Towns = ["410721101", "410721102", "410721103", "410721104", "410721105", "410721107", "410721200", "410721560"];
    private static readonly string[] Trades = ["6-31", "6-04", "6-18", "4-02", "4-03", "4-10", "3-01", "2-06", "6-25"];

    public static async Task RunAsync(IReadOnlyList<string> databases)
    {
        foreach (var database in databases)
        {
            await using var house = await BenchHouse.OnAsync(database);
            var by = await AddFirmsAsync(house);
            var present = 0;
            foreach (var size in Sizes)
            {
                var text = await AddAsync(house, by, present, size);
                var before = present == 0 ? house.Program.ResidentMegabytes : 0;
                present = size;
                using var http = new HttpClient { BaseAddress = house.Program.Address };
                await http.GetStringAsync("/api/v1/vacancies");
                if (size == Sizes[0])
                {
                    Figures.Tell("search-index-over-text", database, (house.Program.ResidentMegabytes - before) * 1024 * 1024 / text, "ratio");
                    Figures.Tell($"plain-sql-p95-{size}", database, await PlainAsync(house), "ms");
                }

                await MeasureAsync(http, database, size);
            }
        }
    }

    private static async Task MeasureAsync(HttpClient http, string database, int size)
    {
        var random = new Random(7);
        var all = new List<double>();
        foreach (var (name, words) in Questions)
        {
            foreach (var isFiltered in (bool[])[false, true])
            {
                var times = new List<double>();
                for (var i = 0; i < Asked; i++)
                {
                    var query = $"/api/v1/vacancies?q={Uri.EscapeDataString(words[i % words.Length])}{(isFiltered ? Filters[random.Next(Filters.Length)] : "")}";
                    var start = Stopwatch.GetTimestamp();
                    await http.GetByteArrayAsync(query);
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }

                Figures.Tell($"search-p95-ms-{size}-{name}{(isFiltered ? "-filtered" : "")}", database, Figures.Below(times, 0.95), "ms");
                all.AddRange(times);
            }
        }

        Figures.Tell($"search-p95-ms-{size}", database, Figures.Below(all, 0.95), "ms");
    }

    /// <summary>The same first page by LIKE alone, without facets: what an index of our own is measured against.</summary>
    private static async Task<double> PlainAsync(BenchHouse house)
    {
        await using var connection = await house.OpenAsync();
        var times = new List<double>();
        foreach (var word in Questions.SelectMany(q => q.Words).SelectMany(w => w.Split(' ')))
        {
            var start = Stopwatch.GetTimestamp();
            foreach (var wanted in (string[])["v.id, v.title, e.name", "COUNT(*)"])
            {
                await using var command = connection.CreateCommand();
                command.CommandText =
                    $"SELECT {wanted} FROM vacancies v JOIN employers e ON e.id = v.employer_id WHERE v.state = 'published' AND v.ends_at > 1 "
                    + "AND (v.title LIKE @w OR e.name LIKE @w OR v.address LIKE @w OR v.duties LIKE @w)" + (wanted[0] == 'v' ? " ORDER BY v.refreshed_at DESC LIMIT 21" : "");
                Add(command, "@w", $"%{word}%");
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                {
                }
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return Figures.Below(times, 0.95);
    }

    private static async Task<string> AddFirmsAsync(BenchHouse house)
    {
        await using var connection = await house.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (union, by) = (Id(1), Id(2));
        await Crowd.RunAsync(transaction, $"INSERT INTO unions (id, name, type, division_code, is_holding, state, version, created_at) VALUES ('{union}', '新乡县总工会', '01', '410721', 0, 'established', 1, 1)");
        await Crowd.RunAsync(transaction, $"INSERT INTO persons (id, created_at) VALUES ('{by}', 1)");
        await Crowd.InsertAsync(
            transaction,
            "employers (id, credit_code, name, kind, division_code, address, union_id, state, verified_until, version, created_at, updated_at)",
            Enumerable.Range(0, Firms).Select(i => $"'{Id(1000 + i)}', '{i:D18}', '{VacancyTexts.Employer(i)}', '170', '410721102', '工业路', '{union}', 'verified', 9000000000000, 1, 1, 1"));
        await transaction.CommitAsync();
        return by;
    }

    /// <summary>Adds vacancies up to a size and tells how many bytes their texts have.</summary>
    private static async Task<double> AddAsync(BenchHouse house, string by, int from, int to)
    {
        await using var connection = await house.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Crowd.RunAsync(transaction, "UPDATE vacancy_turns SET turn = turn + 1");
        var random = new Random(from + 1);
        var bytes = 0.0;
        for (var first = from; first < to; first += 200)
        {
            var rows = new StringBuilder();
            for (var i = first; i < first + 200; i++)
            {
                var (title, address, duties, pay) = (VacancyTexts.Title(random), VacancyTexts.Address(random), VacancyTexts.Duties(random), random.Next(20, 100) * 10_000);
                bytes += Encoding.UTF8.GetByteCount(title + address + duties + VacancyTexts.Employer(i % Firms));
                rows.Append(i == first ? "" : ", ").Append(CultureInfo.InvariantCulture, $"('{Id(1_000_000 + i)}', '{Id(1000 + (i % Firms))}', '{by}', 'employer', '{title}', '{Trades[random.Next(Trades.Length)]}', 3, 0, 'full_time', 0, 0, {pay}, {pay + 100_000}, 'pension', '白班', '单休', '{Towns[random.Next(Towns.Length)]}', '{address}', '', '{duties}', '踏实肯干', '李经办', '0373-5551234', '2030-01-01', {Now}, 'published', 1, {i % 5000}, 1, 1, 1, 1)");
            }

            await Crowd.RunAsync(
                transaction,
                "INSERT INTO vacancies (id, employer_id, made_by, source, title, occupation, headcount, hired, form, probation_months, experience_years, pay_low, pay_high, insurance, hours, rest, division_code, address, benefits, duties, requirements, contact_name, contact_phone, ends_on, ends_at, state, published_at, refreshed_at, turn, version, created_at, updated_at) VALUES " + rows.ToString());
        }

        await Crowd.RunAsync(transaction, "UPDATE vacancies SET turn = (SELECT turn FROM vacancy_turns WHERE id = 1)");
        await transaction.CommitAsync();
        return bytes;
    }

    private static void Add(DbCommand command, string name, string value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }

    private static string Id(int number) => number.ToString("x32", CultureInfo.InvariantCulture);
}
