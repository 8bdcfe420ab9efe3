using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Members.Standing;

namespace WeChatUnion.Api.Modules.Members.Corrections;

/// <summary>What every correction has in common: compare, keep the old values sealed, write the form.</summary>
internal sealed class Correcting(FieldCipher cipher, LookupIndex index, MembershipDeeds deeds)
{
    /// <summary>The given values that differ from the form's.</summary>
    public Dictionary<string, string?> Differing(MemberRecordRow record, IEnumerable<KeyValuePair<string, string?>> values) =>
        values.Where(v => RecordFields.Read(record, v.Key, cipher) != v.Value).ToDictionary();

    public CorrectionRow New(
        string id, MembershipRow membership, MemberRecordRow record, Dictionary<string, string?> after, string? reason, string madeBy, long now)
    {
        var before = after.Keys.ToDictionary(f => f, f => RecordFields.Read(record, f, cipher));
        var waits = madeBy != membership.PersonId && RecordFields.NeedSecondPerson(after.Keys);
        return new CorrectionRow
        {
            Id = id,
            MembershipId = membership.Id,
            PersonId = membership.PersonId,
            MadeBy = madeBy,
            Fields = string.Join(',', after.Keys),
            BeforeSealed = cipher.Seal(CorrectionRow.BeforePlace, id, JsonSerializer.Serialize(before, ContractJson.Stored)),
            AfterSealed = cipher.Seal(CorrectionRow.AfterPlace, id, JsonSerializer.Serialize(after, ContractJson.Stored)),
            ReasonSealed = reason is null ? null : cipher.Seal(CorrectionRow.ReasonPlace, id, reason),
            State = waits ? CorrectionState.Proposed : CorrectionState.Applied,
            OpenMembershipId = waits ? membership.Id : null,
            MadeAt = now,
        };
    }

    public Dictionary<string, string?> Before(CorrectionRow correction) => Values(CorrectionRow.BeforePlace, correction.Id, correction.BeforeSealed);

    public Dictionary<string, string?> After(CorrectionRow correction) => Values(CorrectionRow.AfterPlace, correction.Id, correction.AfterSealed);

    public string? Reason(CorrectionRow correction) =>
        correction.ReasonSealed is { } stored ? cipher.Open(CorrectionRow.ReasonPlace, correction.Id, stored) : null;

    /// <summary>
    /// Writes the form and the change row (10 更正). The membership of the version that was read is raised first, so a
    /// correction never writes over another one; a changed ID number meets the UNIQUE of living memberships there.
    /// </summary>
    public async Task ApplyAsync(
        Db db, CorrectionRow correction, MembershipRow membership, MemberRecordRow record, string decidedBy, long now, CancellationToken cancellation)
    {
        var corrected = RecordFields.Write(record, After(correction), cipher, index) with { UpdatedAt = now };
        await RaiseAsync(db, membership, corrected, cancellation);
        await db.UpdateAsync(corrected, token: cancellation);
        await deeds.WriteAsync(
            db, MembershipDeeds.Change(correction.Id, membership, ChangeKind.Correction, decidedBy, now), Reason(correction));
    }

    private static async Task RaiseAsync(Db db, MembershipRow membership, MemberRecordRow corrected, CancellationToken cancellation)
    {
        try
        {
            var raised = await db.Memberships
                .Where(m => m.Id == membership.Id && m.Version == membership.Version && m.LivePersonId != null)
                .Set(m => m.Version, membership.Version + 1)
                .Set(m => m.LiveIdNumberIndex, corrected.IdNumberIndex)
                .Set(m => m.LiveIdNumberFormerIndex, corrected.IdNumberFormerIndex)
                .UpdateAsync(cancellation);
            if (raised == 0)
            {
                throw new Refusal(CommonProblems.ChangedMeanwhile);
            }
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(MembersProblems.IdNumberTaken);
        }

        // An application handed in at the same instant may slip past this look; its approval then meets the UNIQUE.
        if (corrected.IdNumberIndex != membership.LiveIdNumberIndex
            && corrected.IdNumberFormerIndex != membership.LiveIdNumberFormerIndex
            && await db.Applications.AnyAsync(
                a => a.OpenIdNumberIndex == corrected.IdNumberIndex || a.OpenIdNumberFormerIndex == corrected.IdNumberFormerIndex, cancellation))
        {
            throw new Refusal(MembersProblems.IdNumberTaken);
        }
    }

    private Dictionary<string, string?> Values(string place, string id, string stored) =>
        JsonSerializer.Deserialize<Dictionary<string, string?>>(cipher.Open(place, id, stored), ContractJson.Stored)!;
}
