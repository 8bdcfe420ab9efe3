using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>First step of the application: who I am.</summary>
internal static class FillInIdentity
{
    private const string ResidentCard = "1";
    private const string ResidencePermit = "2";
    private const string Passport = "5";
    private const string PermanentResident = "6";

    /// <param name="Version">The application's version as last read; null at the very first step.</param>
    /// <param name="Name">As on the document; · for minority names.</param>
    /// <param name="IdType">Code of the table <c>id_type</c>.</param>
    /// <param name="IdNumber">For types 1 and 2 by GB 11643.</param>
    /// <param name="IdValidTo">yyyy-MM-dd or <c>long_term</c> (长期).</param>
    /// <param name="Ethnicity">Code of the table <c>ethnicity</c>.</param>
    /// <param name="Sex">Only for document types without it in the number: code of the table <c>sex</c>.</param>
    /// <param name="BirthOn">Only for document types without it in the number.</param>
    public sealed record Request(
        int? Version,
        [property: Needed, LengthBetween(2, 30)] string? Name,
        [property: Needed, CodeOf("id_type")] string? IdType,
        [property: Needed, LengthBetween(5, 30)] string? IdNumber,
        [property: Needed, Form("^(long_term|[0-9]{4}-[0-9]{2}-[0-9]{2})$", "请填写有效期截止日期,或选择“长期”。")] string? IdValidTo,
        [property: Needed, CodeOf("ethnicity")] string? Ethnicity,
        [property: CodeOf("sex")] string? Sex,
        DateOnly? BirthOn);

    /// <param name="Version">The application's version now.</param>
    public sealed record Response(int Version);

    /// <summary>入会申请:身份信息 (application, step 1).</summary>
    internal static async Task<Ok<Response>> Handle(
        Request request, Caller caller, Drafts drafts, FieldCipher cipher, LookupIndex index, TimeProvider clock, CancellationToken cancellation)
    {
        var (number, sex, birth) = ReadDocument(request, clock.Today());
        var name = PersonName.Parse(request.Name, mayHaveBlanks: request.IdType is Passport or PermanentResident)
            ?? throw Wrong("name", "请填写证件上的姓名,不能有数字或空格,少数民族姓名用“·”分隔。");
        CheckValidity(request.IdValidTo!);
        var numberIndex = index.Of(MemberRecordRow.IdNumberIndexKind, $"{request.IdType}|{number}");

        var version = await drafts.FillInAsync(
            caller,
            request.Version,
            (_, record) => Task.FromResult(record with
            {
                Name = name,
                IdType = request.IdType,
                IdNumberSealed = record.IdNumberIndex == numberIndex
                    ? record.IdNumberSealed
                    : cipher.Seal(MemberRecordRow.IdNumberPlace, caller.PersonId, number),
                IdNumberIndex = numberIndex,
                IdValidTo = request.IdValidTo,
                Sex = sex,
                BirthOn = birth.Stored(),
                Ethnicity = request.Ethnicity,
            }),
            unionId: null,
            cancellation);
        return TypedResults.Ok(new Response(version));
    }

    private static (string Number, string Sex, DateOnly Birth) ReadDocument(Request request, DateOnly today)
    {
        var id = IdNumber.Parse(request.IdNumber, today);
        if (request.IdType is ResidentCard or ResidencePermit)
        {
            return id is not null && id.IdType == request.IdType
                ? (id.Number, id.Sex, id.Birth)
                : throw Wrong("idNumber", "证件号码不正确,请填写证件上的 18 位号码。");
        }

        var number = IdNumber.Narrow(request.IdNumber);

        // A resident's number under another kind of document would be a second membership of the same person.
        var isOfAnotherKind = id is not null && id.IdType != request.IdType;
        if (number.Length is < 5 or > 18 || !number.All(char.IsAsciiLetterOrDigit) || isOfAnotherKind)
        {
            throw Wrong("idNumber", "证件号码不正确,请填写证件上的字母和数字。");
        }

        var sex = request.Sex ?? throw Wrong("sex", "此类证件请选择性别。");
        var birth = request.BirthOn ?? throw Wrong("birthOn", "此类证件请填写出生日期。");
        return birth <= today && birth.Year >= 1900 ? (number, sex, birth) : throw Wrong("birthOn", "出生日期不正确。");
    }

    private static void CheckValidity(string validTo)
    {
        if (validTo != "long_term" && !DateOnly.TryParseExact(validTo, "yyyy-MM-dd", out _))
        {
            throw Wrong("idValidTo", "有效期截止日期不正确。");
        }
    }

    private static Refusal Wrong(string field, string sentence) => new(CommonProblems.Malformed)
    {
        Errors = new Dictionary<string, string[]> { [field] = [sentence] },
    };
}
