using LinqToDB;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Employment.Vacancies;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Searching;

/// <summary>
/// What a node remembers of the offered vacancies, because no database here finds a single Chinese character in 20,000
/// texts in time without an index of its own making: every question reads the turn first (one row by its key) and then
/// only what changed behind it. So an answer holds all that was committed before it was asked, on every node, and whether a
/// vacancy has ended is judged by the clock when answering.
/// </summary>
internal sealed class VacancyIndex(Database database, FrequentReads reads, CodeTables tables, TimeProvider clock) : IDisposable
{
    private const string Turn = "SELECT CAST(id AS CHAR), turn FROM vacancy_turns WHERE id = @key";
    private const string Key = "1";
    private const int TownDigits = 9;
    private const int TradeLetters = 4;

    private const string Changed =
        """
        SELECT v.id, v.title, e.name AS employer, v.division_code AS division, v.address, v.occupation, v.form, v.source, v.source_note, v.pay_low, v.pay_high, v.headcount, v.ends_on,
            v.refreshed_at, v.ends_at, v.duties, e.verified_until,
            CASE WHEN v.state = 'published' AND e.state = 'verified' THEN 1 ELSE 0 END AS is_offered
        FROM vacancies v JOIN employers e ON e.id = v.employer_id
        WHERE v.turn > @known AND (@isFirst = 0 OR (v.state = 'published' AND v.ends_at > @now))
        """;

    private readonly SemaphoreSlim one = new(1, 1);
    private readonly Lazy<Dictionary<string, string>> tradeNames = new(() => tables.All["occupation"].Entries.ToDictionary(e => e.Code, e => e.Name));
    private Dictionary<string, string> townNames = [];
    private Snapshot snapshot = Snapshot.None;

    /// <summary>All that was committed when this was called.</summary>
    public async Task<Snapshot> PresentAsync(CancellationToken cancellation)
    {
        var turn = await TurnAsync(cancellation);
        var known = Volatile.Read(ref snapshot);
        if (known.Turn >= turn)
        {
            return known;
        }

        await one.WaitAsync(cancellation);
        try
        {
            return snapshot.Turn >= turn ? snapshot : await ReadAsync(cancellation);
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<long> TurnAsync(CancellationToken cancellation) =>
        (await reads.ListAsync(Turn, Key, row => row.GetInt64(1), cancellation))[0];

    private async Task<Snapshot> ReadAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        var (turn, now, known) = (await Turns.PresentAsync(db, cancellation), clock.Milliseconds(), snapshot);
        if (townNames.Count == 0)
        {
            townNames = (await db.QueryToListAsync<Division>("SELECT code, name FROM divisions", cancellation)).ToDictionary(d => d.Code, d => d.Name);
        }

        var rows = await db.QueryToListAsync<Row>(Changed, new { known = known.Turn, isFirst = known.Turn < 0 ? 1 : 0, now }, cancellation);
        var gone = rows.Select(r => r.Id).ToHashSet();
        var (towns, trades) = (new Names(known.Towns), new Names(known.Trades));
        var added = rows.Where(r => r.IsOffered == 1).Select(r => EntryOf(r, towns, trades)).Where(e => e.Until > now).Order(Comparer<VacancyEntry>.Create(Snapshot.Fresher)).ToList();
        var next = new Snapshot(turn, Merged(known.Entries.Where(e => e.Until > now && !gone.Contains(e.Id)), added), towns.All, trades.All);
        Volatile.Write(ref snapshot, next);
        return next;
    }

    /// <summary>Both are in order already.</summary>
    private static List<VacancyEntry> Merged(IEnumerable<VacancyEntry> kept, List<VacancyEntry> added)
    {
        var merged = new List<VacancyEntry>();
        var next = 0;
        foreach (var entry in kept)
        {
            while (next < added.Count && Snapshot.Fresher(added[next], entry) < 0)
            {
                merged.Add(added[next++]);
            }

            merged.Add(entry);
        }

        merged.AddRange(added.Skip(next));
        return merged;
    }

    private VacancyEntry EntryOf(Row r, Names towns, Names trades)
    {
        var town = r.Division.Length > TownDigits ? r.Division[..TownDigits] : r.Division;
        var townName = townNames.GetValueOrDefault(town, "");
        var (folded, endOfTitle, endOfEmployer, endOfPlace) = VacancyEntry.Fold(r.Title, r.Employer, townName + r.Address, r.Duties);
        var trade = r.Occupation.Length > TradeLetters ? r.Occupation[..TradeLetters] : r.Occupation;
        return new VacancyEntry(
            r.Id, r.Title, r.Employer, r.Division, townName + r.Address, r.Occupation, StoredWord<VacancyForm>.Read(r.Form), StoredWord<VacancySource>.Read(r.Source), r.SourceNote, r.PayLow, r.PayHigh, r.Headcount, r.EndsOn, r.RefreshedAt, Live.UntilOf(r.EndsAt, r.VerifiedUntil), towns.IndexOf(town, townName), trades.IndexOf(trade, tradeNames.Value.GetValueOrDefault(trade, "")), PayBands.Of(r.PayLow), folded, endOfTitle, endOfEmployer, endOfPlace);
    }

    /// <summary>Codes that occur, each with a number that stays the same from one snapshot to the next.</summary>
    private sealed class Names(IReadOnlyList<(string Code, string Name)> known)
    {
        private readonly List<(string Code, string Name)> all = [.. known];
        private readonly Dictionary<string, int> numbers = known.Select((k, i) => (k.Code, i)).ToDictionary(k => k.Code, k => k.i);

        public IReadOnlyList<(string Code, string Name)> All => all;

        public int IndexOf(string code, string name)
        {
            if (!numbers.TryGetValue(code, out var number))
            {
                numbers[code] = number = all.Count;
                all.Add((code, name));
            }

            return number;
        }
    }

    private sealed record Division
    {
        public required string Code { get; init; }

        public required string Name { get; init; }
    }

    private sealed record Row
    {
        public required string Id { get; init; }

        public required string Title { get; init; }

        public required string Employer { get; init; }

        public required string Division { get; init; }

        public required string Address { get; init; }

        public required string Occupation { get; init; }

        public required string Form { get; init; }

        public required string Source { get; init; }

        public string? SourceNote { get; init; }

        public required long PayLow { get; init; }

        public required long PayHigh { get; init; }

        public required int Headcount { get; init; }

        public required string EndsOn { get; init; }

        public required long RefreshedAt { get; init; }

        public required long EndsAt { get; init; }

        public required string Duties { get; init; }

        public required long VerifiedUntil { get; init; }

        public required int IsOffered { get; init; }
    }
}
