using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Activities;

/// <summary>
/// A house whose statements decide about places without any guard: no turn is taken, so what is read grows old before it
/// is acted upon; no condition and no constraint holds behind it.
/// </summary>
internal sealed class Unguarded(TestHouse house) : IAsyncDisposable
{
    private const string Turn = "UPDATE activities SET turn = turn + 1 WHERE id = @activityId";
    private const string Places = "AND taken + @taken <= capacity + @capacity AND taken + @taken >= 0 AND waiting + @waiting >= 0";

    public TestHouse House { get; } = house;

    /// <summary>A sign-up moves only from where it was read to be: offers, answers, cancellations, expiry.</summary>
    private string Unmoved => House.Database.IsSqlite
        ? " AND [enrolments].[state] = @State_1 AND\n\t[enrolments].[version] = @Version_1"
        : " AND `e`.`state` = @State_1 AND `e`.`version` = @Version_1";

    public async Task StartAsync()
    {
        await House.InitializeAsync();
        await House.DropCheck("activity_groups", "places_are_not_oversold");
        await House.DropUniqueOfTwo("enrolments", "activity_id", "number");
    }

    /// <summary>Until disposed.</summary>
    public IDisposable Loosen()
    {
        var off = new Loosened();
        off.Add(House.Guards.Off(Places));
        off.Add(House.Guards.Off(Unmoved));
        if (!House.Database.IsSqlite)
        {
            off.Add(House.Guards.Off(Turn, "SELECT @activityId"));
            return off;
        }

        // SQLite lets one transaction write at a time, which is a guard as well: what decides runs outside of one, and
        // only the last statements stand in one again, for the commit that follows. The row must count as found: of a COMMIT
        // the driver tells how many rows the connection changed the last time, whatever that was.
        off.Add(House.Guards.Off(Turn, "COMMIT; UPDATE activities SET turn = turn WHERE id = @activityId"));
        foreach (var late in new[] { "UPDATE activities SET last_number", "INSERT INTO [audit_entries]", "INSERT INTO [enrolment_steps]" })
        {
            off.Add(House.Guards.Off(late, "SAVEPOINT control; " + late));
        }

        return off;
    }

    public ValueTask DisposeAsync() => House.DisposeAsync();

    private sealed class Loosened : List<IDisposable>, IDisposable
    {
        public void Dispose() => ForEach(o => o.Dispose());
    }
}
