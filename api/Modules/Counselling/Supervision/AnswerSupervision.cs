using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Counsellors;
using WeChatUnion.Api.Modules.Counselling.Desk;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;

namespace WeChatUnion.Api.Modules.Counselling.Supervision;

/// <summary>The supervisor reads what counsellors wrote for her, and answers; the counsellor reads the answer.</summary>
internal static class AnswerSupervision
{
    /// <param name="Answer">For the counsellor.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 5_000)] string? Answer);

    public sealed record Item(string Id, string CounsellorName, string Text, DateOnly SentOn, string? Answer);

    /// <param name="Answer">Null: not yet.</param>
    public sealed record MyItem(string Id, DateOnly SentOn, string? Answer, DateOnly? AnsweredOn);

    /// <summary>待督导和已督导的提交 (what counsellors sent), latest first; not one's own, from which what was taken out could be found by trying.</summary>
    internal static async Task<Ok<Listing<Item>>> HandleList(int? take, string? after, Caller caller, Reach reach, CaseKeys keys, Database database, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var herself = (await db.PersonsOfHumanAsync(caller.PersonId, cancellation)).ToArray();
        var rows = await InReach(db, reach).Where(r => !herself.Contains(r.Counsellor.PersonId) && (mark == null || r.Text.Id.CompareTo(mark) < 0)).OrderByDescending(r => r.Text.Id).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, r => ItemOf(r, WordsOf(r.Text, keys)), r => r.Text.Id));
    }

    /// <summary>我的督导提交 (what I sent, and the answers), latest first.</summary>
    internal static async Task<Ok<Listing<MyItem>>> HandleMine(int? take, string? after, Caller caller, CaseKeys keys, Database database, CancellationToken cancellation)
    {
        var count = Page.Take(take);
        var mark = Page.AfterId(after);
        await using var db = database.Open();
        var mine = await WeekTimes.MineAsync(db, caller, cancellation);
        if (await CaseFile.IsLockedAsync(db, mine, cancellation))
        {
            throw new Refusal(CounsellingProblems.ReadingLocked);
        }

        var rows = await db.SupervisionTexts.Where(t => t.CounsellorId == mine.Id && (mark == null || t.Id.CompareTo(mark) < 0))
            .OrderByDescending(t => t.Id).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<MyItem>.Of(rows, count, r => MyItemOf(r.Id, WordsOf(r, keys)), r => r.Id));
    }

    /// <summary>督导回复 (answer).</summary>
    /// <response code="409">supervision_answered; own_counsellor_file: not to oneself.</response>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, CaseKeys keys, IMessenger messenger, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, _, now) =>
            {
                var sent = await InReach(db, reach).FirstOrDefaultAsync(r => r.Text.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
                if (await db.IsOneHumanAsync(sent.Counsellor.PersonId, caller.PersonId, cancellation))
                {
                    throw new Refusal(CounsellingProblems.OwnCounsellorFile);
                }

                var words = WordsOf(sent.Text, keys) with { Answer = request.Answer, AnsweredOn = Instants.DateOf(now).Stored(), AnsweredBy = caller.PersonId };
                var locked = keys.LockJson(SupervisionTextRow.TextPlace, id, words);
                var answered = await db.SupervisionTexts.Where(t => t.Id == id && t.State == SupervisionState.Sent)
                    .Set(t => t.State, SupervisionState.Answered).Set(t => t.TextLocked, locked).UpdateAsync(cancellation);
                if (answered == 0)
                {
                    throw new Refusal(CounsellingProblems.SupervisionAnswered);
                }

                await messenger.AddAsync(db, new Notice(sent.Counsellor.PersonId, "supervision_answered", "督导已回复", "您提交的督导有了回复,请登录工作端查看。", id), now);
                await Audit.WriteAsync(db, caller, "answer_supervision", "supervision_text", id, now, sent.Counsellor.PersonId);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static Item ItemOf(Sent sent, SupervisionWords words) => new(sent.Text.Id, sent.Counsellor.Name, words.Text, Instants.Date(words.SentOn), words.Answer);

    private static MyItem MyItemOf(string id, SupervisionWords words) => new(id, Instants.Date(words.SentOn), words.Answer, Instants.DateOrNone(words.AnsweredOn));

    private static SupervisionWords WordsOf(SupervisionTextRow row, CaseKeys keys) =>
        keys.UnlockJson<SupervisionWords>(SupervisionTextRow.TextPlace, row.Id, row.TextLocked);

    private static IQueryable<Sent> InReach(Db db, Reach reach)
    {
        var counsellors = ListCounsellorFiles.InReach(db, reach);
        return from t in db.SupervisionTexts join c in counsellors on t.CounsellorId equals c.Id select new Sent(t, c);
    }

    internal sealed record Sent(SupervisionTextRow Text, CounsellorRow Counsellor);
}
