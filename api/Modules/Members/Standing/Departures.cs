using LinqToDB;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>A request to leave or a proposal to expel, as it is shown.</summary>
/// <param name="FilingNumber">For an expulsion: under which number the higher union filed it.</param>
/// <param name="EffectiveAt">A request to leave takes effect by itself at this instant.</param>
/// <param name="TalkedOn">When the union spoke with the member.</param>
public sealed record DepartureSummary(
    string Id,
    string MembershipId,
    DepartureKind Kind,
    DepartureState State,
    string Reason,
    string? FilingNumber,
    DateTimeOffset RequestedAt,
    DateTimeOffset? EffectiveAt,
    DateOnly? TalkedOn,
    DateTimeOffset? ClosedAt,
    string? ClosingNote)
{
    internal static DepartureSummary Of(DepartureRow d, FieldCipher cipher) => new(
        d.Id,
        d.MembershipId,
        d.Kind,
        d.State,
        cipher.Open(DepartureRow.ReasonPlace, d.Id, d.ReasonSealed),
        d.FilingNumber,
        Instants.At(d.RequestedAt),
        Instants.At(d.EffectiveAt),
        Instants.DateOrNone(d.TalkedOn),
        Instants.At(d.ClosedAt),
        d.ClosingNoteSealed is { } note ? cipher.Open(DepartureRow.NotePlace, d.Id, note) : null);
}

/// <summary>What opening and closing a departure have in common.</summary>
internal static class Departures
{
    /// <summary>UNIQUE lets one of two requests of a kind through.</summary>
    public static async Task OpenAsync(Db db, DepartureRow departure, CancellationToken cancellation)
    {
        try
        {
            await db.InsertAsync(departure, token: cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(MembersProblems.DepartureOpen);
        }
    }

    /// <summary>Closes it if it is still open; the guarded update decides between confirming, refusing and taking back.</summary>
    public static async Task CloseAsync(
        Db db, DepartureRow departure, DepartureState to, string closedBy, string? talkedOn, string? noteSealed, long now, CancellationToken cancellation)
    {
        var closed = await db.Departures
            .Where(d => d.Id == departure.Id && d.State == DepartureState.Open)
            .Set(d => d.State, to)
            .Set(d => d.OpenMembershipId, (string?)null)
            .Set(d => d.ClosedBy, closedBy)
            .Set(d => d.ClosedAt, now)
            .Set(d => d.TalkedOn, talkedOn)
            .Set(d => d.ClosingNoteSealed, noteSealed)
            .UpdateAsync(cancellation);
        if (closed == 0)
        {
            throw new Refusal(MembersProblems.DepartureClosed);
        }
    }
}
