using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Background;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Members.Transfers;

/// <summary>Transfers that nobody decided in thirty days end, and the member stays in the old union.</summary>
internal sealed class TimeOutTransfers(Database database, Transferring transferring, TimeProvider clock) : IPeriodicTask
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var db = database.Open();
        var now = clock.Milliseconds();
        var due = await db.Transfers
            .Where(t => t.State == TransferState.Open && t.ExpiresAt <= now)
            .OrderBy(t => t.ExpiresAt).ThenBy(t => t.Id).ToListAsync(cancellation);
        foreach (var transfer in due)
        {
            try
            {
                await database.TransactAsync(writing => TimeOutAsync(writing, transfer, now, cancellation), cancellation);
            }
            catch (Refusal)
            {
                // It ended in another way since it was read.
            }
        }
    }

    private async Task TimeOutAsync(Db db, TransferRow transfer, long now, CancellationToken cancellation)
    {
        var membership = await transferring.CloseAsync(db, transfer, TransferState.TimedOut, null, null, now, cancellation);
        await transferring.TellAsync(
            db, membership.PersonId, transfer.Id, "transfer_timed_out", "会籍接转已逾期", "新工会 30 天内没有办理,会籍仍在原工会。可以重新申请,或联系工会。", now);
    }
}
