using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>What a note holds under lock.</summary>
/// <param name="CounsellorId">Whose it is: nobody else opens it.</param>
internal sealed record NoteText(string CounsellorId, string Text);

/// <summary>
/// Notes of talks. The id of a note is made of the client's secret, the talk and the counsellor, so that only who comes from
/// the client's record finds it, and a colleague who stands in writes her own; and it is opened in its counsellor's session only.
/// </summary>
internal sealed class CaseFile(CaseKeys keys)
{
    /// <summary>Somebody else set her password: until a supervisor has seen her, whoever signs in with it reads nothing.</summary>
    public static async Task<CounsellorRow> RefuseLockedAsync(Db db, Caller caller, CancellationToken cancellation)
    {
        var mine = await db.Counsellors.FirstOrDefaultAsync(c => c.PersonId == caller.PersonId, cancellation)
            ?? throw new Refusal(CommonProblems.NotFound);
        return await IsLockedAsync(db, mine, cancellation) ? throw new Refusal(CounsellingProblems.ReadingLocked) : mine;
    }

    public static Task<bool> IsLockedAsync(Db db, CounsellorRow counsellor, CancellationToken cancellation)
    {
        var since = counsellor.ReadingConfirmedAt ?? counsellor.CreatedAt;
        return db.StaffAccounts.AnyAsync(a => a.PersonId == counsellor.PersonId && a.ResetAt > since, cancellation);
    }

    /// <summary>Who took her consent back is no longer read of nor written about.</summary>
    public static void RefuseWithdrawn(ClientRecord client)
    {
        if (client.Consent is null)
        {
            throw new Refusal(CounsellingProblems.ConsentWithdrawn);
        }
    }

    /// <summary>The talk, which has begun, its counsellor and its client, whose row is taken: for deeds about the case as a whole.</summary>
    public static async Task<(AppointmentRow Talk, CounsellorRow Mine, (ClientRow Row, ClientRecord Record) Client)> OpenCaseAsync(
        Db db, string talkId, Caller caller, ClientRecords clients, long now, CancellationToken cancellation)
    {
        var mine = await RefuseLockedAsync(db, caller, cancellation);
        var talk = await Talks.MineAsync(db, talkId, caller, cancellation);
        if (now < talk.StartsAt || talk.State == AppointmentState.Held)
        {
            throw new Refusal(CounsellingProblems.NoteTooEarly);
        }

        var client = await clients.TakeOfAsync(db, talk, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
        RefuseWithdrawn(client.Record);
        return (talk, mine, client);
    }

    /// <summary>Null when nothing was written, or when it is another counsellor's.</summary>
    public async Task<(NoteText Note, int Version)?> FindAsync(Db db, ClientRecord client, string appointmentId, string counsellorId, CancellationToken cancellation)
    {
        var id = NoteId(client, appointmentId, counsellorId);
        return await db.CaseNotes.FirstOrDefaultAsync(n => n.Id == id, cancellation) is { } row && Open(row) is { } note && note.CounsellorId == counsellorId
            ? (note, row.Version)
            : null;
    }

    /// <returns>What she wrote, by the talk; a talk of which she wrote nothing is not among them.</returns>
    public async Task<IReadOnlyDictionary<string, string>> TextsOfAsync(
        Db db, ClientRecord client, IReadOnlyCollection<AppointmentRow> talks, string counsellorId, CancellationToken cancellation)
    {
        if (talks.Count == 0)
        {
            return new Dictionary<string, string>();
        }

        var talkOf = talks.ToDictionary(t => NoteId(client, t.Id, counsellorId), t => t.Id);
        var rows = await db.QueryAmongAsync<CaseNoteRow>("SELECT * FROM case_notes WHERE id IN (@among)", talkOf.Keys, cancellation);
        return rows.Select(r => (Talk: talkOf[r.Id], Note: Open(r))).Where(n => n.Note?.CounsellorId == counsellorId).ToDictionary(n => n.Talk, n => n.Note!.Text);
    }

    /// <returns>The version now; null when somebody wrote meanwhile.</returns>
    public async Task<int?> WriteAsync(Db db, ClientRecord client, AppointmentRow talk, NoteText note, int version, CancellationToken cancellation)
    {
        var id = NoteId(client, talk.Id, note.CounsellorId);
        var locked = keys.LockJson(CaseNoteRow.TextPlace, id, note);
        if (version == 0)
        {
            try
            {
                await db.InsertAsync(new CaseNoteRow { Id = id, TextLocked = locked, KeptUntil = DestroyCases.KeptUntil(talk.StartsAt), Version = 1 }, token: cancellation);
                return 1;
            }
            catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
            {
                return null;
            }
        }

        var written = await db.CaseNotes.Where(n => n.Id == id && n.Version == version)
            .Set(n => n.TextLocked, locked).Set(n => n.Version, version + 1).UpdateAsync(cancellation);
        return written == 1 ? version + 1 : null;
    }

    /// <summary>What one counsellor wrote of a client becomes another's as well; who wrote it stands before it. The first one keeps hers.</summary>
    /// <returns>Whether there was anything to hand over.</returns>
    public async Task<bool> CopyAsync(
        Db db, ClientRecord client, IReadOnlyCollection<AppointmentRow> talks, CounsellorRow from, CounsellorRow to, CancellationToken cancellation)
    {
        var (texts, there) = (await TextsOfAsync(db, client, talks, from.Id, cancellation), await TextsOfAsync(db, client, talks, to.Id, cancellation));
        foreach (var (talkId, text) in texts.Where(t => !there.ContainsKey(t.Key)))
        {
            await WriteAsync(db, client, talks.First(t => t.Id == talkId), new NoteText(to.Id, $"(由{from.Name}移交)\n{text}"), version: 0, cancellation);
        }

        return texts.Count > 0;
    }

    /// <summary>She reads who opened what was written of her; once a day is enough.</summary>
    public static ClientRecord WithReading(ClientRecord client, string reader, long now)
    {
        var reading = new CaseReading(reader, Instants.DateOf(now).Stored());
        return client.Readings.Contains(reading) ? client : client with { Readings = [.. client.Readings, reading] };
    }

    private string NoteId(ClientRecord client, string appointmentId, string counsellorId) => keys.IdOf("note", $"{client.Secret}|{appointmentId}|{counsellorId}");

    private NoteText? Open(CaseNoteRow row) =>
        keys.UnlockJson<NoteText>(CaseNoteRow.TextPlace, row.Id, row.TextLocked);
}
