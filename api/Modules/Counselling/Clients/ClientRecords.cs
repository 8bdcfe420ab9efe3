using System.Security.Cryptography;
using LinqToDB;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Conduct;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>What a client's locked record says.</summary>
/// <param name="PersonId">Who she is; nothing else in this module says so.</param>
/// <param name="Secret">Random; ids of her case rows are made with it, so deleting this record cuts them off for good.</param>
internal sealed record ClientRecord(string PersonId, string Secret)
{
    public ClientConsent? Consent { get; init; }

    /// <summary>Ids of all her appointments, in order of booking.</summary>
    public IReadOnlyList<string> Appointments { get; init; } = [];

    /// <summary>Who opened what was written of her, and on which days.</summary>
    public IReadOnlyList<CaseReading> Readings { get; init; } = [];

    /// <summary>Ids of the scales she answered, in order.</summary>
    public IReadOnlyList<string> Scales { get; init; } = [];

    /// <summary>What she filled in; null when she did not.</summary>
    public IntakeForm? Intake { get; init; }

    /// <summary>Free talks that a supervisor allowed besides.</summary>
    public IReadOnlyList<ClientExtension> Extensions { get; init; } = [];

    /// <summary>Which hospitals she was advised to see.</summary>
    public IReadOnlyList<ClientReferral> Referrals { get; init; } = [];

    /// <summary>When counsellors closed her case.</summary>
    public IReadOnlyList<CaseClosure> Closures { get; init; } = [];

    /// <summary>守约记分 of her talks, until she appeals.</summary>
    public IReadOnlyList<ClientPoint> Points { get; init; } = [];

    /// <summary>Counsellor → batch of feedback in which she is counted.</summary>
    public IReadOnlyDictionary<string, int> FeedbackBatches { get; init; } = new Dictionary<string, int>();

    /// <summary>Ids of the talks of which she said how they were; what she said stands nowhere.</summary>
    public IReadOnlyList<string> Feedbacks { get; init; } = [];
}

/// <param name="Year">A calendar year.</param>
internal sealed record ClientExtension(int Year, int Talks);

/// <param name="SourceId">The appointment, masked.</param>
/// <param name="At">The beginning of a day.</param>
internal sealed record ClientPoint(string Id, ConductKind Kind, int Weight, string SourceId, long At, long ExpiresAt);

/// <param name="AdvisedOn">A civil date.</param>
/// <param name="Counsellor">Her name.</param>
internal sealed record ClientReferral(string AdvisedOn, string CounsellorId, string Counsellor, string Hospital, string Advice);

/// <param name="ClosedOn">A civil date.</param>
/// <param name="Talks">How many there had been with her by then.</param>
internal sealed record CaseClosure(string ClosedOn, string CounsellorId, int Talks, Desk.CaseEnd Reason);

/// <param name="Reader">Name of the counsellor.</param>
/// <param name="ReadOn">A civil date: once a day.</param>
internal sealed record CaseReading(string Reader, string ReadOn);

/// <summary>心理咨询知情同意: the proof of it lies here, since a row that names her would say that she seeks help.</summary>
internal sealed record ClientConsent(int Version, string TextHash, long GivenAt);

/// <summary>Reads and writes clients. Whoever decides something about one takes her row first.</summary>
internal sealed class ClientRecords(CaseKeys keys)
{
    private const int SecretBytes = 16;

    public async Task<(ClientRow Row, ClientRecord Record)?> FindAsync(Db db, string clientId, CancellationToken cancellation) =>
        await db.FirstAsync<ClientRow>("SELECT id, record_locked, version FROM counselling_clients WHERE id = @clientId", new { clientId }, cancellation) is { } row
            ? (row, Open(row))
            : null;

    public Task<(ClientRow Row, ClientRecord Record)?> OfPersonAsync(Db db, string personId, CancellationToken cancellation) =>
        FindAsync(db, keys.ClientOf(personId), cancellation);

    /// <summary>Of those among them who are clients.</summary>
    public async Task<IReadOnlyList<ClientRecord>> OfPeopleAsync(Db db, IReadOnlyCollection<string> personIds, CancellationToken cancellation)
    {
        var rows = await db.QueryAmongAsync<ClientRow>(
            "SELECT id, record_locked, version FROM counselling_clients WHERE id IN (@among)", [.. personIds.Select(keys.ClientOf)], cancellation);
        return [.. rows.Select(Open)];
    }

    /// <summary>Takes the row of a client, so that two deeds of one person follow each other.</summary>
    public Task<(ClientRow Row, ClientRecord Record)?> TakeAsync(Db db, string personId, CancellationToken cancellation) =>
        TakeRowAsync(db, keys.ClientOf(personId), cancellation);

    /// <summary>Likewise; who has none, since she was never a client, gets one without consent.</summary>
    public async Task<(ClientRow Row, ClientRecord Record)> TakeOrAddAsync(Db db, string personId, CancellationToken cancellation)
    {
        if (await TakeAsync(db, personId, cancellation) is { } known)
        {
            return known;
        }

        try
        {
            await AddAsync(db, new ClientRecord(personId, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes))), cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Added twice at once: the other one's is in by now.
        }

        return (await TakeAsync(db, personId, cancellation))!.Value;
    }

    /// <summary>Likewise, of one who has agreed to the text in force.</summary>
    public async Task<(ClientRow Row, ClientRecord Record)> TakeAgreedAsync(Db db, string personId, ConsentText text, CancellationToken cancellation) =>
        await TakeAsync(db, personId, cancellation) is { Record.Consent: { } consent } client && consent.Version == text.Version
            ? client
            : throw new Refusal(CounsellingProblems.ConsentNeeded);

    public Task SaveAsync(Db db, string clientId, ClientRecord record, CancellationToken cancellation)
    {
        var locked = keys.LockJson(ClientRow.RecordPlace, clientId, record);
        return db.ExecuteAsync("UPDATE counselling_clients SET record_locked = @locked WHERE id = @clientId", new { locked, clientId }, cancellation);
    }

    public Task DeleteAsync(Db db, string clientId, CancellationToken cancellation) =>
        db.CounsellingClients.Where(c => c.Id == clientId).DeleteAsync(cancellation);

    /// <summary>Takes the row of the client whose appointment it is; null when the link was destroyed.</summary>
    public Task<(ClientRow Row, ClientRecord Record)?> TakeOfAsync(Db db, AppointmentRow appointment, CancellationToken cancellation) =>
        appointment.ClientLocked is { } locked
            ? TakeRowAsync(db, keys.Unlock(AppointmentRow.ClientPlace, appointment.Id, locked), cancellation)
            : Task.FromResult<(ClientRow, ClientRecord)?>(null);

    /// <summary>Whose appointment it is; null when the link was destroyed.</summary>
    public async Task<ClientRecord?> OfAppointmentAsync(Db db, AppointmentRow appointment, CancellationToken cancellation) =>
        appointment.ClientLocked is { } locked
        && await FindAsync(db, keys.Unlock(AppointmentRow.ClientPlace, appointment.Id, locked), cancellation) is { } client
            ? client.Record
            : null;

    private async Task<(ClientRow Row, ClientRecord Record)?> TakeRowAsync(Db db, string id, CancellationToken cancellation)
    {
        await db.ExecuteAsync("UPDATE counselling_clients SET version = version + 1 WHERE id = @id", new { id }, cancellation);
        return await FindAsync(db, id, cancellation);
    }

    private Task AddAsync(Db db, ClientRecord record, CancellationToken cancellation)
    {
        var id = keys.ClientOf(record.PersonId);
        var row = new ClientRow { Id = id, RecordLocked = keys.LockJson(ClientRow.RecordPlace, id, record), Version = 1 };
        return db.InsertAsync(row, token: cancellation);
    }

    private ClientRecord Open(ClientRow row) =>
        keys.UnlockJson<ClientRecord>(ClientRow.RecordPlace, row.Id, row.RecordLocked);
}
