using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>What an identity document says: its number in the stored form, sex and birth.</summary>
internal sealed record IdentityDocument(string Number, string Sex, DateOnly Birth)
{
    private const string ResidentCard = "1";
    private const string ResidencePermit = "2";
    private const string Passport = "5";
    private const string PermanentResident = "6";

    /// <summary>A passport's name has blanks between its words.</summary>
    public static bool MayHaveBlanks(string? idType) => idType is Passport or PermanentResident;

    /// <summary>Types 1 and 2 follow GB 11643 and tell sex and birth; for the others both are typed.</summary>
    /// <exception cref="Refusal">400 with the field that is wrong.</exception>
    public static IdentityDocument Read(string? idType, string? idNumber, string? typedSex, DateOnly? typedBirth, DateOnly today)
    {
        var id = IdNumber.Parse(idNumber, today);
        if (idType is ResidentCard or ResidencePermit)
        {
            return id is not null && id.IdType == idType
                ? new IdentityDocument(id.Number, id.Sex, id.Birth)
                : throw Refusal.OfField("idNumber", "证件号码不正确,请填写证件上的 18 位号码。");
        }

        var number = IdNumber.Narrow(idNumber);

        // A resident's number under another kind of document would be a second membership of the same person.
        var isOfAnotherKind = id is not null && id.IdType != idType;
        if (number.Length is < 5 or > 18 || !number.All(char.IsAsciiLetterOrDigit) || isOfAnotherKind)
        {
            throw Refusal.OfField("idNumber", "证件号码不正确,请填写证件上的字母和数字。");
        }

        var sex = typedSex ?? throw Refusal.OfField("sex", "此类证件请选择性别。");
        var birth = typedBirth ?? throw Refusal.OfField("birthOn", "此类证件请填写出生日期。");
        return birth <= today && birth.Year >= 1900 ? new IdentityDocument(number, sex, birth) : throw Refusal.OfField("birthOn", "出生日期不正确。");
    }

    /// <summary>A date or <c>long_term</c> (长期).</summary>
    public static void CheckValidity(string validTo)
    {
        if (validTo != "long_term" && !DateOnly.TryParseExact(validTo, "yyyy-MM-dd", out _))
        {
            throw Refusal.OfField("idValidTo", "有效期截止日期不正确。");
        }
    }

    /// <summary>What the unique index of ID numbers is made of: two kinds of document may carry the same number.</summary>
    public static string Indexed(string? idType, string number) => $"{idType}|{number}";
}
