using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Singles.Entries;

namespace WeChatUnion.Api.Modules.Singles.Matches;

/// <summary>
/// I agree that this one person and I see each other's phone. Nothing is shown, nor told, before both agree; either takes it
/// back at any time, and from that instant on nobody sees anything.
/// </summary>
internal static class AgreeToContact
{
    /// <summary>同意交换联系方式 (agree to exchange contacts with this person). Repeating it changes nothing.</summary>
    /// <param name="id">The activity.</param>
    /// <response code="409">match_ended, contact_over, contact_not_wanted, phone_needed.</response>
    internal static async Task<NoContent> Handle(
        string id, string matchId, Caller caller, Database database, SinglesRules rules, FieldCipher cipher, IMessenger messenger, TimeProvider clock, CancellationToken cancellation)
    {
        await database.ChangeMineAsync(
            id,
            matchId,
            caller,
            clock,
            async (db, seen, now) =>
            {
                if (seen.IsOver)
                {
                    throw new Refusal(SinglesProblems.MatchEnded);
                }

                if (Contact.EndOf(seen, rules) <= now)
                {
                    throw new Refusal(SinglesProblems.ContactOver);
                }

                var entry = await db.SinglesEntries.FirstOrDefaultAsync(e => e.PersonId == caller.PersonId, cancellation);
                if (entry is not null && EntryForm.Of(entry, cipher).AllowsContact == false)
                {
                    throw new Refusal(SinglesProblems.ContactNotWanted);
                }

                if (!await db.Persons.AnyAsync(p => p.Id == caller.PersonId && p.PhoneSealed != null, cancellation))
                {
                    throw new Refusal(SinglesProblems.PhoneNeeded);
                }

                await AgreeAsync(db, seen, messenger, id, now, cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>撤回交换联系方式 (take it back). At once, for both.</summary>
    /// <param name="id">The activity.</param>
    internal static async Task<NoContent> HandleWithdrawal(
        string id, string matchId, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.ChangeMineAsync(
            id,
            matchId,
            caller,
            clock,
            (db, seen, _) => db.MatchSides.Where(s => s.Id == seen.Mine.Id).Set(s => s.ContactAgreedAt, (long?)null).UpdateAsync(cancellation),
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task AgreeAsync(Db db, MatchSeen seen, IMessenger messenger, string activityId, long now, CancellationToken cancellation)
    {
        if (seen.Mine.ContactAgreedAt is not null)
        {
            return;
        }

        await db.MatchSides.Where(s => s.Id == seen.Mine.Id).Set(s => s.ContactAgreedAt, now).UpdateAsync(cancellation);
        if (seen.Theirs!.ContactAgreedAt is null || seen.Match.ContactSince is not null)
        {
            return;
        }

        await db.Matches.Where(m => m.Id == seen.Match.Id).Set(m => m.ContactSince, now).UpdateAsync(cancellation);
        await messenger.AddAsync(
            db,
            [.. new[] { seen.Mine.PersonId, seen.Theirs.PersonId }.Select(personId => new Notice(
                personId, "contact_exchanged", "联谊活动有新消息", "您和一位互选嘉宾都同意交换联系方式,请在活动页面查看。任何一方可随时撤回。", activityId))],
            now);
    }
}
