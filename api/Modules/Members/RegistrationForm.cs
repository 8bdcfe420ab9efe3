using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>会员登记表 as it is shown: the ID number masked, codes of the code tables, dates yyyy-MM-dd.</summary>
/// <param name="IdNumber">Masked, e.g. 410721********1234.</param>
/// <param name="IdValidTo">A date or <c>long_term</c> (长期).</param>
/// <param name="Sex">Derived from the ID number.</param>
/// <param name="BirthOn">Derived from the ID number.</param>
public sealed record RegistrationForm(
    string? Name,
    string? IdType,
    string? IdNumber,
    string? IdValidTo,
    string? Sex,
    DateOnly? BirthOn,
    string? Ethnicity,
    string? EmployerName,
    string? Department,
    string? Post,
    string? EmploymentStatus,
    string? EmploymentForm,
    string? NewFormOfEmployment,
    string? Education,
    string? PoliticalStatus,
    string? HouseholdType,
    string? HouseholdDivision,
    string? HomeDivision,
    bool? IsMigrant,
    string? SkillLevel,
    string? TechnicalTitle,
    string? ModelWorker)
{
    internal static RegistrationForm Of(MemberRecordRow r, FieldCipher cipher) => new(
        r.Name,
        r.IdType,
        MaskedIdNumber(r, cipher),
        r.IdValidTo,
        r.Sex,
        Instants.DateOrNone(r.BirthOn),
        r.Ethnicity,
        r.EmployerName,
        r.Department,
        r.Post,
        r.EmploymentStatus,
        r.EmploymentForm,
        r.NewForm,
        r.Education,
        r.PoliticalStatus,
        r.HouseholdType,
        r.HouseholdDivision,
        r.HomeDivision,
        r.IsMigrant,
        r.SkillLevel,
        r.TechnicalTitle,
        r.ModelWorker);

    internal static string? MaskedIdNumber(MemberRecordRow r, FieldCipher cipher) => r.IdNumberSealed is { } stored
        ? Masking.IdNumber(cipher.Open(MemberRecordRow.IdNumberPlace, r.PersonId, stored))
        : null;
}
