using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Crisis;

/// <summary>Crisis tickets (危机工单). Triggering one needs nothing but the database.</summary>
internal sealed class Tickets(CaseKeys keys, CounsellingSettings settings)
{
    public Task<CrisisTicketRow?> OpenOfAsync(Db db, string personId, CancellationToken cancellation)
    {
        var openClient = OpenClientOf(personId);
        return db.CrisisTickets.FirstOrDefaultAsync(t => t.OpenClient == openClient, cancellation);
    }

    /// <summary>One open ticket a person: a second call raises it, and never lowers it.</summary>
    public async Task<string> TriggerAsync(Db db, string personId, CrisisLevel level, string words, long now, CancellationToken cancellation)
    {
        if (await OpenOfAsync(db, personId, cancellation) is { } open)
        {
            await RaiseAsync(db, open, level, words, now, cancellation);
            return open.Id;
        }

        var id = Ids.Random();
        await db.InsertAsync(
            new CrisisTicketRow
            {
                Id = id,
                OpenClient = OpenClientOf(personId),
                Level = level,
                State = CrisisState.Triggered,
                ClientLocked = keys.Lock(CrisisTicketRow.ClientPlace, id, personId),
                TriggeredAt = now,
                DueAt = now + (long)CrisisRules.LimitOf(level).TotalMilliseconds,
                Version = 1,
            },
            token: cancellation);
        await AddStepAsync(db, id, CrisisStepKind.Trigger, null, words, now, cancellation);
        if (level > CrisisLevel.Yellow)
        {
            await AlarmAsync(db, id, CrisisAlarmKind.Triggered, now, cancellation);
        }

        return id;
    }

    public string PersonOf(CrisisTicketRow ticket) => keys.Unlock(CrisisTicketRow.ClientPlace, ticket.Id, ticket.ClientLocked);

    public string? WordsOf(CrisisStepRow step) => step.WordsLocked is { } locked ? keys.Unlock(CrisisStepRow.WordsPlace, step.Id, locked) : null;

    public Task AddStepAsync(Db db, string ticketId, CrisisStepKind kind, string? personId, string? words, long now, CancellationToken cancellation)
    {
        var id = Ids.New();
        return db.InsertAsync(
            new CrisisStepRow
            {
                Id = id,
                TicketId = ticketId,
                Kind = kind,
                PersonId = personId,
                WordsLocked = words is null ? null : keys.Lock(CrisisStepRow.WordsPlace, id, words),
                At = now,
            },
            token: cancellation);
    }

    /// <summary>Stands in the transaction of what it tells; without an address the duty list is the alarm.</summary>
    public Task AlarmAsync(Db db, string ticketId, CrisisAlarmKind kind, long now, CancellationToken cancellation) => settings.AlarmAddress.Length == 0
        ? Task.CompletedTask
        : db.InsertAsync(
            new CrisisAlarmRow { Id = Ids.New(), TicketId = ticketId, Kind = kind, DueAt = now, Attempts = 0, MadeAt = now },
            token: cancellation);

    private async Task RaiseAsync(Db db, CrisisTicketRow open, CrisisLevel level, string words, long now, CancellationToken cancellation)
    {
        await AddStepAsync(db, open.Id, CrisisStepKind.Trigger, null, words, now, cancellation);
        if (level <= open.Level)
        {
            return;
        }

        // Whoever answered a lower level is still there; otherwise the shorter limit counts from now.
        var due = now + (long)CrisisRules.LimitOf(level).TotalMilliseconds;
        await db.CrisisTickets.Where(t => t.Id == open.Id)
            .Set(t => t.Level, level)
            .Set(t => t.DueAt, t => t.State == CrisisState.Triggered ? due : t.DueAt)
            .Set(t => t.Version, t => t.Version + 1)
            .UpdateAsync(cancellation);
        await AlarmAsync(db, open.Id, CrisisAlarmKind.Raised, now, cancellation);
    }

    private string OpenClientOf(string personId) => keys.IdOf("crisis", personId);
}
