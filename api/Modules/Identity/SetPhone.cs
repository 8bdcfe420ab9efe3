using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Infrastructure.WeChat;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>
/// Binds the phone that WeChat verified. A code is spent once and costs money, so a repeat within ten minutes, also
/// one that comes while the first is still on its way, answers the first result.
/// </summary>
internal static class SetPhone
{
    public const string Place = "persons.phone";
    public const string IndexKind = "phone";

    private const string Asking = "asking";
    private const string Bound = "bound";
    private const int MostLooks = 40;

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <param name="Code">The code of the getPhoneNumber button, not the one of wx.login.</param>
    public sealed record Request([property: Needed, LengthBetween(1, 128)] string? Code);

    /// <param name="Phone">Masked, e.g. 138****1234.</param>
    public sealed record Response(string Phone);

    /// <summary>绑定手机号 (set my phone).</summary>
    /// <response code="409">phone_code_unusable, phone_not_mainland or phone_taken.</response>
    internal static async Task<Ok<Response>> Handle(
        Request request, Caller caller, IWeChat weChat, WeChatSettings settings, Database database, FieldCipher cipher, LookupIndex index, TimeProvider clock, CancellationToken cancellation)
    {
        var codeHash = index.Of("phone-code", request.Code!);
        if (await ClaimAsync(database, caller, codeHash, clock, cancellation))
        {
            await ExchangeAsync(request.Code!, codeHash, caller, weChat, settings, database, cipher, index, clock, cancellation);
        }

        return TypedResults.Ok(await FirstResultAsync(codeHash, caller, database, cipher, cancellation));
    }

    /// <summary>True for the request that is to ask WeChat; all later ones with this code wait for its result.</summary>
    private static async Task<bool> ClaimAsync(
        Database database, Caller caller, string codeHash, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var forgotten = now - (long)Memory.TotalMilliseconds;
        try
        {
            await database.TransactAsync(
                async db =>
                {
                    await db.PhoneCodes
                        .Where(c => c.PersonId == caller.PersonId && c.CodeHash == codeHash && c.AskedAt < forgotten)
                        .DeleteAsync(cancellation);
                    await db.InsertAsync(
                        new PhoneCodeRow { PersonId = caller.PersonId, CodeHash = codeHash, Outcome = Asking, AskedAt = now }, token: cancellation);
                },
                cancellation);
            return true;
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            return false;
        }
    }

    private static async Task ExchangeAsync(
        string code, string codeHash, Caller caller, IWeChat weChat, WeChatSettings settings, Database database, FieldCipher cipher, LookupIndex index, TimeProvider clock, CancellationToken cancellation)
    {
        string outcome;
        try
        {
            var openId = await OpenIdAsync(caller, settings, database, cancellation);

            // Once WeChat is asked the code is spent: an impatient caller must not lose the answer.
            var phone = await weChat.ExchangePhoneCodeAsync(code, openId, CancellationToken.None);
            outcome = await BindAsync(phone, caller, database, cipher, index, clock);
        }
        catch (WeChatException error) when (error.Kind is WeChatFailure.CodeUnusable or WeChatFailure.NotMainlandNumber)
        {
            outcome = IdentityProblems.Of(error.Kind, IdentityProblems.PhoneCodeUnusable).Code;
        }
        catch (Exception error)
        {
            // Nothing is known of the code: forget the claim so that it may be tried again.
            await database.TransactAsync(
                db => db.PhoneCodes.Where(c => c.PersonId == caller.PersonId && c.CodeHash == codeHash).DeleteAsync(), CancellationToken.None);
            if (error is WeChatException weChatError)
            {
                throw new Refusal(IdentityProblems.Of(weChatError.Kind, IdentityProblems.PhoneCodeUnusable));
            }

            throw;
        }

        await database.TransactAsync(
            db => db.PhoneCodes.Where(c => c.PersonId == caller.PersonId && c.CodeHash == codeHash)
                .Set(c => c.Outcome, outcome).UpdateAsync(),
            CancellationToken.None);
    }

    /// <summary>Her openid in this mini-program; somebody known from another one must sign in here first.</summary>
    private static async Task<string> OpenIdAsync(Caller caller, WeChatSettings settings, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return await db.WeChatAccounts.Where(a => a.PersonId == caller.PersonId && a.AppId == settings.AppId)
            .Select(a => a.OpenId).FirstOrDefaultAsync(cancellation)
            ?? throw new Refusal(CommonProblems.SignInNeeded);
    }

    private static async Task<string> BindAsync(
        string phone, Caller caller, Database database, FieldCipher cipher, LookupIndex index, TimeProvider clock)
    {
        try
        {
            await database.TransactAsync(
                async db =>
                {
                    var now = clock.Milliseconds();
                    var pair = index.PairOf(IndexKind, phone);
                    await db.Persons.Where(p => p.Id == caller.PersonId)
                        .Set(p => p.PhoneSealed, cipher.Seal(Place, caller.PersonId, phone))
                        .Set(p => p.PhoneIndex, pair.Index)
                        .Set(p => p.PhoneFormerIndex, pair.Former)
                        .Set(p => p.PhoneTail, phone[^4..])
                        .Set(p => p.PhoneVerifiedAt, now)
                        .UpdateAsync();
                    await Audit.WriteAsync(db, caller, "set_phone", "person", caller.PersonId, now);
                },
                CancellationToken.None);
            return Bound;
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            return IdentityProblems.PhoneTaken.Code;
        }
    }

    private static async Task<Response> FirstResultAsync(
        string codeHash, Caller caller, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            await using (var db = database.Open())
            {
                var row = await db.PhoneCodes.FirstOrDefaultAsync(
                    c => c.PersonId == caller.PersonId && c.CodeHash == codeHash, cancellation);
                if (row?.Outcome == Bound)
                {
                    var person = await db.Persons.FirstAsync(p => p.Id == caller.PersonId, cancellation);
                    return new Response(Masking.Phone(cipher.Open(Place, person.Id, person.PhoneSealed!)));
                }

                if (row?.Outcome != Asking)
                {
                    throw new Refusal(IdentityProblems.All.FirstOrDefault(p => p.Code == row?.Outcome) ?? IdentityProblems.WeChatUnavailable);
                }
            }

            await Task.Delay(BetweenLooks, cancellation);
        }

        throw new Refusal(IdentityProblems.WeChatBusy);
    }
}
