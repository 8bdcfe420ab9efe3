using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Members.Corrections;

/// <summary>The correctable fields of the registration form as texts, in JSON names; the ID number in full.</summary>
internal static class RecordFields
{
    public const string IdNumber = "idNumber";
    private const string IdType = "idType";

    private static readonly Dictionary<string, (Func<MemberRecordRow, string?> Read, Func<MemberRecordRow, string?, MemberRecordRow> Write)> Plain = new()
    {
        ["name"] = (r => r.Name, (r, v) => r with { Name = v }),
        [IdType] = (r => r.IdType, (r, v) => r with { IdType = v }),
        ["sex"] = (r => r.Sex, (r, v) => r with { Sex = v }),
        ["birthOn"] = (r => r.BirthOn, (r, v) => r with { BirthOn = v }),
        ["idValidTo"] = (r => r.IdValidTo, (r, v) => r with { IdValidTo = v }),
        ["ethnicity"] = (r => r.Ethnicity, (r, v) => r with { Ethnicity = v }),
        ["education"] = (r => r.Education, (r, v) => r with { Education = v }),
        ["politicalStatus"] = (r => r.PoliticalStatus, (r, v) => r with { PoliticalStatus = v }),
        ["householdType"] = (r => r.HouseholdType, (r, v) => r with { HouseholdType = v }),
        ["householdDivision"] = (r => r.HouseholdDivision, (r, v) => r with { HouseholdDivision = v }),
        ["homeDivision"] = (r => r.HomeDivision, (r, v) => r with { HomeDivision = v }),
        ["isMigrant"] = (r => WordOf(r.IsMigrant), (r, v) => r with { IsMigrant = v is null ? null : v == "true" }),
        ["newFormOfEmployment"] = (r => r.NewForm, (r, v) => r with { NewForm = v }),
        ["employmentStatus"] = (r => r.EmploymentStatus, (r, v) => r with { EmploymentStatus = v }),
        ["employmentForm"] = (r => r.EmploymentForm, (r, v) => r with { EmploymentForm = v }),
        ["employerName"] = (r => r.EmployerName, (r, v) => r with { EmployerName = v }),
        ["department"] = (r => r.Department, (r, v) => r with { Department = v }),
        ["post"] = (r => r.Post, (r, v) => r with { Post = v }),
        ["skillLevel"] = (r => r.SkillLevel, (r, v) => r with { SkillLevel = v }),
        ["technicalTitle"] = (r => r.TechnicalTitle, (r, v) => r with { TechnicalTitle = v }),
        ["modelWorker"] = (r => r.ModelWorker, (r, v) => r with { ModelWorker = v }),
    };

    /// <summary>Who somebody is: changed only with a second officer.</summary>
    private static readonly HashSet<string> Identifying = ["name", IdType, IdNumber, "sex", "birthOn"];

    public static bool NeedSecondPerson(IEnumerable<string> fields) => fields.Any(Identifying.Contains);

    public static string? WordOf(bool? value) => value is { } known ? (known ? "true" : "false") : null;

    public static string? Read(MemberRecordRow record, string field, FieldCipher cipher) => field == IdNumber
        ? record.IdNumberSealed is { } stored ? cipher.Open(MemberRecordRow.IdNumberPlace, record.PersonId, stored) : null
        : Plain[field].Read(record);

    public static MemberRecordRow Write(MemberRecordRow record, IReadOnlyDictionary<string, string?> values, FieldCipher cipher, LookupIndex index)
    {
        foreach (var (field, value) in values.Where(v => v.Key != IdNumber))
        {
            record = Plain[field].Write(record, value);
        }

        if (!values.ContainsKey(IdNumber) && !values.ContainsKey(IdType))
        {
            return record;
        }

        var number = values.GetValueOrDefault(IdNumber) ?? Read(record, IdNumber, cipher)!;
        var pair = index.PairOf(MemberRecordRow.IdNumberIndexKind, IdentityDocument.Indexed(record.IdType, number));
        return record with
        {
            IdNumberSealed = cipher.Seal(MemberRecordRow.IdNumberPlace, record.PersonId, number),
            IdNumberIndex = pair.Index,
            IdNumberFormerIndex = pair.Former,
        };
    }

    /// <summary>As shown: the ID number masked.</summary>
    public static string? Shown(string field, string? value) =>
        field == IdNumber && value is not null ? Masking.IdNumber(value) : value;
}
