using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>What several deeds on appointments share.</summary>
internal sealed class AppointmentDeeds(CaseKeys keys, ClientRecords clients)
{
    /// <summary>Takes the client's row and finds her appointment; that of somebody else is not there.</summary>
    public async Task<AppointmentRow> TakeMineAsync(Db db, string id, string personId, CancellationToken cancellation) =>
        (await clients.TakeAsync(db, personId, cancellation) is { Record: { } record } && record.Appointments.Contains(id)
            ? await FindAsync(db, id, cancellation)
            : null) ?? throw new Refusal(CommonProblems.NotFound);

    /// <summary>Past and coming talks of one client; what lapsed is left out.</summary>
    public static async Task<List<AppointmentRow>> OfClientAsync(Db db, ClientRecord client, CancellationToken cancellation) => client.Appointments.Count == 0
        ? []
        : await db.QueryAmongAsync<AppointmentRow>("SELECT * FROM appointments WHERE id IN (@among) AND state <> 'lapsed'", [.. client.Appointments], cancellation);

    public ClientWords? WordsOf(AppointmentRow appointment) => appointment.WordsLocked is { } locked
        ? keys.UnlockJson<ClientWords>(AppointmentRow.WordsPlace, appointment.Id, locked)
        : null;

    public string Locked(string appointmentId, ClientWords words) =>
        keys.LockJson(AppointmentRow.WordsPlace, appointmentId, words);

    public Task AddStepAsync(Db db, string appointmentId, AppointmentStepKind kind, StepDetail detail, CancellationToken cancellation)
    {
        var id = Ids.Random();
        return db.InsertAsync(
            new AppointmentStepRow
            {
                Id = id,
                AppointmentId = appointmentId,
                Kind = kind,
                DetailLocked = keys.LockJson(AppointmentStepRow.DetailPlace, id, detail),
            },
            token: cancellation);
    }

    /// <summary>Why those of them that were cancelled were, as whoever did it wrote for the other; a cancellation without words is not among them.</summary>
    public async Task<IReadOnlyDictionary<string, string>> CancelReasonsAsync(Db db, IEnumerable<AppointmentRow> appointments, CancellationToken cancellation)
    {
        var cancelled = appointments.Where(a => a.State == AppointmentState.Cancelled).Select(a => a.Id).ToList();
        if (cancelled.Count == 0)
        {
            return new Dictionary<string, string>();
        }

        var steps = await db.QueryAmongAsync<AppointmentStepRow>(
            "SELECT * FROM appointment_steps WHERE appointment_id IN (@among) AND kind IN ('cancellation', 'late_cancellation')", cancelled, cancellation);
        return steps.Select(s => (s.AppointmentId, Detail: DetailOf(s))).Where(s => !string.IsNullOrEmpty(s.Detail.Reason))
            .GroupBy(s => s.AppointmentId).ToDictionary(g => g.Key, g => g.MaxBy(s => s.Detail.At).Detail.Reason!);
    }

    /// <summary>Since when each of them stands at its time.</summary>
    public async Task<IReadOnlyDictionary<string, long>> StandingSinceAsync(Db db, IReadOnlyCollection<string> appointmentIds, CancellationToken cancellation)
    {
        var steps = await db.QueryAmongAsync<AppointmentStepRow>(
            "SELECT * FROM appointment_steps WHERE appointment_id IN (@among) AND kind IN ('booking', 'rescheduling', 'reassignment')", appointmentIds, cancellation);
        return steps.GroupBy(s => s.AppointmentId).ToDictionary(g => g.Key, g => g.Max(s => DetailOf(s).At));
    }

    /// <summary>Ends an appointment from where it was read to be, and gives its time back.</summary>
    /// <returns>False when somebody was faster.</returns>
    public static async Task<bool> CancelAsync(Db db, AppointmentRow appointment, bool counts, CancellationToken cancellation)
    {
        var cancelled = await db.Appointments
            .Where(a => a.Id == appointment.Id && a.State == appointment.State && a.Version == appointment.Version)
            .Set(a => a.State, AppointmentState.Cancelled)
            .Set(a => a.OpenClient, (string?)null)
            .Set(a => a.HeldUntil, (long?)null)
            .Set(a => a.Counts, counts)
            .Set(a => a.Version, appointment.Version + 1)
            .UpdateAsync(cancellation);
        if (cancelled == 1)
        {
            await Cells.FreeAsync(db, appointment.Id, cancellation);
        }

        return cancelled == 1;
    }

    /// <summary>Takes from a client's appointments what leads back to her, the number she gave as well.</summary>
    public static Task CutOffAsync(Db db, ClientRecord client, CancellationToken cancellation) => client.Appointments.Count == 0
        ? Task.CompletedTask
        : db.ExecuteAmongAsync("UPDATE appointments SET client_locked = NULL, words_locked = NULL, open_client = NULL WHERE id IN (@among)", [.. client.Appointments], cancellation);

    public static Task<AppointmentRow?> FindAsync(Db db, string id, CancellationToken cancellation) =>
        db.Appointments.FirstOrDefaultAsync(a => a.Id == id, cancellation);

    private StepDetail DetailOf(AppointmentStepRow step) =>
        keys.UnlockJson<StepDetail>(AppointmentStepRow.DetailPlace, step.Id, step.DetailLocked);
}
