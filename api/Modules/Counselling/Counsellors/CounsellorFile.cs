using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>A counsellor as she herself and her supervisor see her.</summary>
/// <param name="IsExpired">Certificate or contract ran out: no new slots.</param>
public sealed record CounsellorFile(string Id, CounsellorState State, bool IsExpired, int Version, CounsellorForm Form)
{
    internal static CounsellorFile Of(CounsellorRow row, FieldCipher cipher, DateOnly today) => new(
        row.Id,
        row.State,
        (row.ValidUntil is { } valid && Instants.Date(valid) < today) || Instants.Date(row.ContractUntil) < today,
        row.Version,
        new CounsellorForm(
            row.Name,
            row.Sex,
            row.Introduction,
            row.Qualification,
            cipher.Open(CounsellorRow.CertificateNumberPlace, row.Id, row.CertificateNumberSealed),
            row.Issuer,
            Instants.DateOrNone(row.ValidUntil),
            SpecialitiesOf(row),
            row.TrainingHours,
            Instants.Date(row.ContractFrom),
            Instants.Date(row.ContractUntil),
            row.SessionMinutes,
            row.LeadMinutes,
            row.BreakMinutes,
            row.MostPerDay,
            row.TalkPhoneSealed is null ? null : cipher.Open(CounsellorRow.TalkPhonePlace, row.Id, row.TalkPhoneSealed),
            row.VideoLinkSealed is null ? null : cipher.Open(CounsellorRow.VideoLinkPlace, row.Id, row.VideoLinkSealed)));

    internal static IReadOnlyList<Topic> SpecialitiesOf(CounsellorRow row) => JsonSerializer.Deserialize<Topic[]>(row.Specialities, ContractJson.Stored)!;
}
