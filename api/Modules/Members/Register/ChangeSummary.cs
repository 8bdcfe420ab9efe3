using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members.Corrections;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Register;

/// <summary>One corrected field; an ID number is masked before and after.</summary>
/// <param name="Field">Its name in the registration form.</param>
public sealed record FieldCorrection(string Field, string? Before, string? After)
{
    internal static IReadOnlyList<FieldCorrection> Of(CorrectionRow correction, Correcting correcting)
    {
        var (before, after) = (correcting.Before(correction), correcting.After(correction));
        return [.. correction.Fields.Split(',').Select(f => new FieldCorrection(
            f, RecordFields.Shown(f, before.GetValueOrDefault(f)), RecordFields.Shown(f, after.GetValueOrDefault(f))))];
    }
}

/// <summary>会籍变动 as the member and the officer see it.</summary>
/// <param name="Kind">Code of the table <c>membership_change</c>.</param>
/// <param name="ReasonWord">For a retention, e.g. retirement.</param>
/// <param name="FilingNumber">For an expulsion.</param>
/// <param name="By">Display name of the officer; null when the member did it herself.</param>
/// <param name="Corrections">For a correction: what stood there and what stands there now.</param>
public sealed record ChangeSummary(
    string Kind,
    DateOnly HappenedOn,
    string? FromUnionName,
    string? ToUnionName,
    string? ReasonWord,
    string? Reason,
    string? FilingNumber,
    string? By,
    DateTimeOffset At,
    IReadOnlyList<FieldCorrection> Corrections)
{
    /// <summary>All changes of the person's memberships, oldest first.</summary>
    internal static async Task<IReadOnlyList<ChangeSummary>> ReadAsync(
        Db db, IQueryable<MembershipRow> memberships, FieldCipher cipher, Correcting correcting, CancellationToken cancellation)
    {
        var (unions, officers, corrections) = (db.Unions, db.StaffAccounts, db.Corrections);
        var rows = await (
            from change in db.MembershipChanges
            join membership in memberships on change.MembershipId equals membership.Id
            from oldUnion in unions.LeftJoin(u => u.Id == change.FromUnionId)
            from newUnion in unions.LeftJoin(u => u.Id == change.ToUnionId)
            from officer in officers.LeftJoin(o => o.PersonId == change.PersonId)
            from correction in corrections.LeftJoin(c => c.Id == change.Id)
            orderby change.At, change.Id
            select new
            {
                change,
                From = oldUnion.Name,
                To = newUnion.Name,
                By = change.PersonId == membership.PersonId ? null : officer.DisplayName,
                correction,
            }).ToListAsync(cancellation);
        return [.. rows.Select(r => new ChangeSummary(
            r.change.Kind,
            Instants.Date(r.change.HappenedOn),
            r.From,
            r.To,
            r.change.ReasonWord,
            r.change.ReasonSealed is { } reason ? cipher.Open(MembershipChangeRow.ReasonPlace, r.change.Id, reason) : null,
            r.change.FilingNumber,
            r.By,
            Instants.At(r.change.At),
            r.correction is null ? [] : FieldCorrection.Of(r.correction, correcting)))];
    }
}
