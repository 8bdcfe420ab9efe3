using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Transfers;

/// <summary>A transfer (会籍接转) as it is shown to both sides and to the member.</summary>
/// <param name="ExpiresAt">Until then the new union may accept; afterwards the membership stays in the old one.</param>
/// <param name="ClosingReason">Why it was refused.</param>
public sealed record TransferSummary(
    string Id,
    string MembershipId,
    TransferState State,
    TransferSide Side,
    UnionSummary FromUnion,
    UnionSummary ToUnion,
    string Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? ClosedAt,
    string? ClosingReason)
{
    internal static TransferSummary Of(TransferRow t, UnionRow from, UnionRow to, FieldCipher cipher) => new(
        t.Id,
        t.MembershipId,
        t.State,
        t.Side,
        UnionSummary.Of(from),
        UnionSummary.Of(to),
        cipher.Open(TransferRow.ReasonPlace, t.Id, t.ReasonSealed),
        Instants.At(t.StartedAt),
        Instants.At(t.ExpiresAt),
        Instants.At(t.ClosedAt),
        t.ClosingReasonSealed is { } reason ? cipher.Open(TransferRow.ClosingReasonPlace, t.Id, reason) : null);

    internal static async Task<TransferSummary> ReadAsync(Db db, string id, FieldCipher cipher, CancellationToken cancellation)
    {
        var transfer = await db.Transfers.FirstAsync(t => t.Id == id, cancellation);
        return Of(
            transfer,
            await db.Unions.FirstAsync(u => u.Id == transfer.FromUnionId, cancellation),
            await db.Unions.FirstAsync(u => u.Id == transfer.ToUnionId, cancellation),
            cipher);
    }
}
