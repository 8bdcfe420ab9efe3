using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>
/// A worker's deed once per key. The row of the key must not lead from her to what she made, so it holds neither of
/// them: the record's id is made from key and person, and a repeat makes the same one again.
/// </summary>
internal sealed class Once(Idempotency idempotency, CaseKeys keys)
{
    /// <summary>Likewise of a deed that makes a record. Keys are forgotten after their time, and the record is there still.</summary>
    /// <param name="isThere">Whether the record of this id is there.</param>
    public Task<string> MakeAsync<TBody>(
        IdempotencyKey key, Caller caller, TBody body, Func<Db, string, Task<bool>> isThere, Func<Db, string, long, Task> deed, CancellationToken cancellation) =>
        DoAsync(key, caller, body, async (db, id, now) => await (await isThere(db, id) ? Task.CompletedTask : deed(db, id, now)), cancellation);

    /// <returns>The id of what was made by this call or an earlier one.</returns>
    public async Task<string> DoAsync<TBody>(
        IdempotencyKey key, Caller caller, TBody body, Func<Db, string, long, Task> deed, CancellationToken cancellation)
    {
        var id = keys.IdOf("made", $"{caller.PersonId}|{key.Route}|{key.Key}");
        await idempotency.OnceAsync(keys.Masked(key, caller), keys.Masked(caller, "once"), body, (db, _, now) => deed(db, id, now), cancellation);
        return id;
    }
}
