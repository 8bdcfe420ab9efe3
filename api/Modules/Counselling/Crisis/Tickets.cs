using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Crisis;

/// <summary>Crisis tickets (危机工单). Triggering one needs nothing but the database.</summary>
internal sealed class Tickets(CaseKeys keys, CounsellingSettings settings, IMessenger messenger)
{
    public Task<CrisisTicketRow?> OpenOfAsync(Db db, string personId, CancellationToken cancellation)
    {
        var openClient = OpenClientOf(personId);
        return db.CrisisTickets.FirstOrDefaultAsync(t => t.OpenClient == openClient, cancellation);
    }

    /// <summary>One open ticket a person: a second call raises it, and never lowers it.</summary>
    public async Task<string> TriggerAsync(Db db, string personId, CrisisLevel level, string words, long now, CancellationToken cancellation)
    {
        if (await TakeOpenAsync(db, personId, cancellation) is { } open)
        {
            return await RaiseAsync(db, open, level, words, now, cancellation);
        }

        var id = Ids.Random();
        var ticket = new CrisisTicketRow
        {
            Id = id,
            OpenClient = OpenClientOf(personId),
            Level = level,
            State = CrisisState.Triggered,
            ClientLocked = keys.Lock(CrisisTicketRow.ClientPlace, id, personId),
            TriggeredAt = now,
            DueAt = now + (long)CrisisRules.LimitOf(level).TotalMilliseconds,
            Version = 1,
        };
        try
        {
            await db.InsertAsync(ticket, token: cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Called twice at once: the other call's ticket is there by now, and is raised.
            if (await TakeOpenAsync(db, personId, cancellation) is { } other)
            {
                return await RaiseAsync(db, other, level, words, now, cancellation);
            }

            throw;
        }

        await AddStepAsync(db, id, CrisisStepKind.Trigger, null, words, now, cancellation);
        await CallAsync(db, id, level, now, cancellation);
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

    /// <summary>
    /// Whose shift it is finds it in her inbox and, when she gave an address, in her mail, besides the duty list and the
    /// alarm. At red, and where the county has nobody for duty, the supervisors do as well, or else the chair.
    /// </summary>
    private async Task CallAsync(Db db, string ticketId, CrisisLevel level, long now, CancellationToken cancellation)
    {
        var onDuty = await Shifts.OnDutyAsync(db, now, cancellation);
        var above = level == CrisisLevel.Red || onDuty.Count == 0 ? await Shifts.OfCounty(db, Role.CounsellingSupervisor).ToListAsync(cancellation) : [];
        var people = onDuty.Union(above).ToList();
        if (people.Count == 0)
        {
            people = await Shifts.OfCounty(db, Role.UnionChair).Distinct().ToListAsync(cancellation);
        }

        if (people.Count > 0)
        {
            await messenger.AddAsync(
                db, [.. people.Select(p => new Notice(p, "crisis_called", "有紧急事项等待响应", "有一件紧急事项等待响应,请立即登录工作端查看值班列表。", ticketId))], now);
        }
    }

    /// <summary>Takes her open ticket, so that a call and a step of somebody on duty follow each other.</summary>
    private async Task<CrisisTicketRow?> TakeOpenAsync(Db db, string personId, CancellationToken cancellation)
    {
        var client = OpenClientOf(personId);
        await db.ExecuteAsync("UPDATE crisis_tickets SET version = version + 1 WHERE open_client = @client", new { client }, cancellation);
        return await OpenOfAsync(db, personId, cancellation);
    }

    /// <summary>
    /// A lower or equal call changes nothing while somebody is on the way to her anyhow. After that it is a new one:
    /// whoever handled the ticket has gone, so it waits for an answer as at first, the limit counts again and somebody is called.
    /// </summary>
    private async Task<string> RaiseAsync(Db db, CrisisTicketRow open, CrisisLevel level, string words, long now, CancellationToken cancellation)
    {
        await AddStepAsync(db, open.Id, CrisisStepKind.Trigger, null, words, now, cancellation);
        var isAnswered = open.State == CrisisState.Responded;
        if (level <= open.Level && (isAnswered || (open.State == CrisisState.Triggered && open.EscalatedAt is null)))
        {
            return open.Id;
        }

        var highest = level > open.Level ? level : open.Level;
        long? due = now + (long)CrisisRules.LimitOf(highest).TotalMilliseconds;
        await db.CrisisTickets.Where(t => t.Id == open.Id)
            .Set(t => t.Level, highest)
            .Set(t => t.State, isAnswered ? open.State : CrisisState.Triggered)
            .Set(t => t.RespondedAt, isAnswered ? open.RespondedAt : null)
            .Set(t => t.RespondedBy, isAnswered ? open.RespondedBy : null)
            .Set(t => t.DueAt, isAnswered ? open.DueAt : due)
            .Set(t => t.EscalatedAt, (long?)null)
            .UpdateAsync(cancellation);
        await AlarmAsync(db, open.Id, CrisisAlarmKind.Raised, now, cancellation);
        await CallAsync(db, open.Id, highest, now, cancellation);
        return open.Id;
    }

    private string OpenClientOf(string personId) => keys.IdOf("crisis", personId);
}
