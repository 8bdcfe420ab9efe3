using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Infrastructure.Background;

/// <summary>A decisive piece of news for one person, sent after the commit that made it true.</summary>
/// <param name="PersonId">Whom to tell.</param>
/// <param name="Kind">A stable word, e.g. <c>membership_approved</c>; templates hang on it.</param>
/// <param name="Title">What happened, at most 20 characters.</param>
/// <param name="Text">What it means and what to do next.</param>
/// <param name="RecordId">The record it speaks of.</param>
internal sealed record Notice(string PersonId, string Kind, string Title, string Text, string RecordId)
{
    /// <summary>What a template's fields are filled from, by the names in <see cref="Fact"/>. A kind without facts is told by its title.</summary>
    public IReadOnlyDictionary<string, string>? Facts { get; init; }

    /// <summary>From this instant on nobody need be told outside the inbox, e.g. the end of an offer.</summary>
    public long? Deadline { get; init; }

    /// <summary>Null: as the kind is declared.</summary>
    public Importance? Importance { get; init; }

    /// <summary>The broadcast that it belongs to.</summary>
    public string? BroadcastId { get; init; }
}

/// <summary>How much depends on a notice; the scarce right to send through WeChat is kept for what matters.</summary>
internal enum Importance
{
    /// <summary>May come at any hour.</summary>
    Urgent,

    /// <summary>Something is lost by who hears of it late.</summary>
    Important,

    Normal,

    Low,
}

/// <summary>Names of facts. Instants are unix milliseconds as text.</summary>
internal static class Fact
{
    public const string Subject = "subject";
    public const string Place = "place";
    public const string StartsAt = "starts_at";
    public const string Until = "until";
    public const string Note = "note";
    public const string ActivityId = "activity_id";
}

/// <summary>
/// What must happen after a commit is a row written in the same transaction. The payload is sealed: it may quote a
/// reason that speaks of a person.
/// </summary>
internal sealed class Outbox(FieldCipher cipher, OutboxSignal signal)
{
    public const string NoticeKind = "notice";
    public const string Place = "outbox.payload";

    public Task AddAsync(Db db, Notice notice, long now) => AddAsync(db, [notice], now);

    /// <summary>Many at once, in one statement.</summary>
    public async Task AddAsync(Db db, IReadOnlyCollection<Notice> notices, long now)
    {
        await db.InsertManyAsync(notices.Select(n => RowOf(n, now)));
        signal.Raise();
    }

    public Notice ReadNotice(OutboxRow row) =>
        JsonSerializer.Deserialize<Notice>(cipher.Open(Place, row.Id, row.PayloadSealed), ContractJson.Stored)
            ?? throw new InvalidOperationException("An outbox row holds no notice.");

    /// <summary>The notices to a person that are still on their way; whose they are stands in the sealed payload only.</summary>
    public async Task<IReadOnlyList<string>> FindNoticesAsync(Db db, string personId, CancellationToken cancellation)
    {
        var rows = await db.GetTable<OutboxRow>().Where(o => o.Kind == NoticeKind).OrderBy(o => o.Id).ToListAsync(cancellation);
        return [.. rows.Where(r => ReadNotice(r).PersonId == personId).Select(r => r.Id)];
    }

    private OutboxRow RowOf(Notice notice, long now)
    {
        var id = Ids.New();
        return new OutboxRow
        {
            Id = id,
            Kind = NoticeKind,
            PayloadSealed = cipher.Seal(Place, id, JsonSerializer.Serialize(notice, ContractJson.Stored)),
            DueAt = now,
            Attempts = 0,
            CreatedAt = now,
        };
    }
}

/// <summary>
/// Wakes this node's loop sooner than its next look. Raised before the commit, so the loop may look too early once;
/// the regular look follows within a second.
/// </summary>
internal class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim raised = new(0, 1);

    public void Raise()
    {
        try
        {
            raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is raised already.
        }
    }

    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => raised.WaitAsync(atMost, cancellation);

    public void Dispose()
    {
        raised.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Carries out rows of one kind. The work and the removal of the rows are one transaction.</summary>
internal interface IOutboxHandler
{
    string Kind { get; }

    /// <summary>All of them or, by an exception, none.</summary>
    Task HandleAsync(Db db, IReadOnlyList<OutboxRow> rows, long now, CancellationToken cancellation);
}

[Table("outbox", IsColumnAttributeRequired = false)]
internal sealed record OutboxRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required string PayloadSealed { get; init; }

    public required long DueAt { get; init; }

    public required int Attempts { get; init; }

    public string? ClaimedBy { get; init; }

    public long? ClaimedUntil { get; init; }

    public long? ParkedAt { get; init; }

    public required long CreatedAt { get; init; }
}
