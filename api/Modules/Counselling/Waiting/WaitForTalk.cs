using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Slots;

namespace WeChatUnion.Api.Modules.Counselling.Waiting;

/// <summary>The days she wants are full: she waits until a talk becomes free, which is kept for her then.</summary>
internal static class WaitForTalk
{
    /// <summary>Only a node of an older version can take a place that this one has counted.</summary>
    private const int MostAttempts = 40;

    /// <param name="CounsellorId">Null: any.</param>
    /// <param name="CounsellorSex">1 or 2 with any counsellor; null: either.</param>
    /// <param name="FirstOn">From this day on; no earlier than today.</param>
    /// <param name="LastOn">Up to this day; within the days that can be booked.</param>
    public sealed record Request(
        [property: Id] string? CounsellorId,
        [property: Form("^[12]$", "请从 1(男)、2(女)中选择。")] string? CounsellorSex,
        [property: Needed, KnownWord] TalkMode? Mode,
        [property: Needed] DateOnly? FirstOn,
        [property: Needed] DateOnly? LastOn);

    /// <param name="Position">1 is next.</param>
    public sealed record Wish(string? CounsellorId, string? CounsellorSex, TalkMode Mode, DateOnly FirstOn, DateOnly LastOn, int Position);

    /// <param name="Waiting">Null: I am not waiting. What became free stands among my appointments, kept until its time.</param>
    public sealed record Response(Wish? Waiting, IReadOnlyList<Hotline> Hotlines);

    /// <summary>排队等候 (wait). Waiting for something else instead begins at the end of the line; the same again keeps the place.</summary>
    /// <response code="409">slots_free: book one of them; appointment_open; free_talks_used; counselling_consent_needed.</response>
    internal static async Task<Ok<Response>> Handle(
        Request request, Caller caller, ClientRecords clients, ConsentText text, Wishes wishes, CaseKeys keys, CounsellingSettings settings, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        Check(request, settings, clock.Today());
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.TransactAsync(Work, cancellation);
                return await HandleRead(caller, wishes, settings, database, cancellation);
            }
            catch (Exception error) when (attempt < MostAttempts && DatabaseErrors.IsDuplicate(error))
            {
                // The next place is hers.
            }
        }

        async Task<bool> Work(Db db)
        {
            var now = clock.Milliseconds();
            var (_, record) = await clients.TakeAgreedAsync(db, caller.PersonId, text, cancellation);
            var before = await wishes.OfPersonAsync(db, caller.PersonId, cancellation);
            if (before is not null && IsSame(before, request))
            {
                return true;
            }

            await RefuseAsync(db, request, caller, record, keys, settings, wishes, now, cancellation);
            await wishes.RemoveAsync(db, caller.PersonId, cancellation);
            var id = Ids.Random();
            await db.InsertAsync(
                new WishRow
                {
                    Id = id,
                    OpenClient = wishes.OpenClientOf(caller.PersonId),
                    Line = await Wishes.NextPlaceAsync(db, cancellation),
                    CounsellorId = request.CounsellorId,
                    Sex = request.CounsellorSex,
                    Mode = request.Mode!.Value,
                    FirstOn = request.FirstOn!.Value.Stored(),
                    LastOn = request.LastOn!.Value.Stored(),
                    ClientLocked = keys.Lock(WishRow.ClientPlace, id, caller.PersonId),
                },
                token: cancellation);
            await Audit.WriteAsync(db, keys.Masked(caller, $"wait|{id}"), "wait_for_talk", "counselling_wish", keys.Masked(id, "wait"), now);
            return true;
        }
    }

    /// <summary>我在等候吗 (am I waiting?).</summary>
    internal static async Task<Ok<Response>> HandleRead(Caller caller, Wishes wishes, CounsellingSettings settings, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var mine = await wishes.OfPersonAsync(db, caller.PersonId, cancellation);
        var position = mine is null ? 0 : 1 + await db.CounsellingWishes.CountAsync(w => w.Line < mine.Line, cancellation);
        return TypedResults.Ok(new Response(
            mine is null ? null : new Wish(mine.CounsellorId, mine.Sex, mine.Mode, Instants.Date(mine.FirstOn), Instants.Date(mine.LastOn), position),
            Hotline.All(settings)));
    }

    /// <summary>不再等候 (wait no more). A repeat changes nothing.</summary>
    internal static async Task<Ok<Response>> HandleEnd(
        Caller caller, ClientRecords clients, Wishes wishes, CaseKeys keys, CounsellingSettings settings, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                await clients.TakeAsync(db, caller.PersonId, cancellation);
                if (await wishes.OfPersonAsync(db, caller.PersonId, cancellation) is { } mine)
                {
                    await wishes.RemoveAsync(db, caller.PersonId, cancellation);
                    await Audit.WriteAsync(db, keys.Masked(caller, $"wait-no-more|{mine.Id}"), "wait_no_more", "counselling_wish", keys.Masked(mine.Id, "wait-no-more"), clock.Milliseconds());
                }
            },
            cancellation);
        return await HandleRead(caller, wishes, settings, database, cancellation);
    }

    private static void Check(Request request, CounsellingSettings settings, DateOnly today)
    {
        if (request.FirstOn < today || request.FirstOn > today.AddDays(settings.HorizonDays))
        {
            throw Refusal.OfField("firstOn", $"请填写今天起 {settings.HorizonDays} 天内的日期。");
        }

        if (request.LastOn < request.FirstOn || request.LastOn > today.AddDays(settings.HorizonDays))
        {
            throw Refusal.OfField("lastOn", $"结束日期应不早于开始日期,且在 {settings.HorizonDays} 天内。");
        }
    }

    private static bool IsSame(WishRow wish, Request request) =>
        wish.CounsellorId == request.CounsellorId && wish.Sex == request.CounsellorSex && wish.Mode == request.Mode
        && wish.FirstOn == request.FirstOn!.Value.Stored() && wish.LastOn == request.LastOn!.Value.Stored();

    private static async Task RefuseAsync(
        Db db, Request request, Caller caller, ClientRecord record, CaseKeys keys, CounsellingSettings settings, Wishes wishes, long now, CancellationToken cancellation)
    {
        var openClient = keys.IdOf("open", caller.PersonId);
        if (await db.Appointments.AnyAsync(a => a.OpenClient == openClient && (a.State != AppointmentState.Held || a.HeldUntil > now), cancellation))
        {
            throw new Refusal(CounsellingProblems.AppointmentOpen);
        }

        var talks = await AppointmentDeeds.OfClientAsync(db, record, cancellation);
        FreeTalks.RefuseUsed(settings, record, talks, Instants.StartOf(request.FirstOn!.Value));
        var table = await Timetable.ReadAsync(db, settings, request.CounsellorId, request.FirstOn.Value, request.LastOn!.Value, now, cancellation);
        if (request.CounsellorId is not null && table.Counsellors.Count == 0)
        {
            throw new Refusal(CommonProblems.NotFound);
        }

        if (MissedTalks.MustWait(talks))
        {
            return;
        }

        var wanted = new WishRow
        {
            Id = "",
            OpenClient = "",
            Line = 0,
            CounsellorId = request.CounsellorId,
            Sex = request.CounsellorSex,
            Mode = request.Mode!.Value,
            FirstOn = request.FirstOn.Value.Stored(),
            LastOn = request.LastOn.Value.Stored(),
            ClientLocked = "",
        };
        var others = await wishes.OfOthersAsync(db, caller.PersonId, cancellation);
        for (var day = request.FirstOn.Value; day <= request.LastOn.Value; day = day.AddDays(1))
        {
            if (table.OfDay(day).Any(s => Wishes.Suits(wanted, s) && !others.Any(o => Wishes.Suits(o, s))))
            {
                throw new Refusal(CounsellingProblems.SlotsFree);
            }
        }
    }
}
