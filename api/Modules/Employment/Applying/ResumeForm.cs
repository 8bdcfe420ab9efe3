using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Applying;

/// <summary>人员类别, as the person says it herself; no employer sees it.</summary>
public enum JobSeekerCategory
{
    /// <summary>登记失业.</summary>
    RegisteredUnemployed,

    /// <summary>农民工.</summary>
    MigrantWorker,

    /// <summary>高校毕业生.</summary>
    Graduate,

    /// <summary>退役军人.</summary>
    Veteran,

    /// <summary>残疾人.</summary>
    Disabled,

    /// <summary>困难职工家庭成员.</summary>
    HardshipFamily,

    /// <summary>零就业家庭.</summary>
    ZeroEmploymentFamily,

    /// <summary>“4050”人员.</summary>
    FortyFifty,
}

/// <summary>工作经历.</summary>
/// <param name="FromMonth">yyyy-MM.</param>
/// <param name="UntilMonth">yyyy-MM; left out: until now.</param>
public sealed record WorkExperience(
    [property: Needed, LengthBetween(2, 60)] string? Employer,
    [property: Needed, LengthBetween(2, 30)] string? Post,
    [property: Needed, Form("^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$", "请填写年月,例如 2023-05。")] string? FromMonth,
    [property: Form("^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$", "请填写年月,例如 2023-05。")] string? UntilMonth);

/// <summary>简历 as the person writes it (domain/employment.md 4.2). Her phone is that of her account and is not asked for again.</summary>
/// <param name="Occupations">求职意向: one to three codes of the table <c>occupation</c>.</param>
/// <param name="Divisions">意向地点: at most three division codes.</param>
/// <param name="PayLow">期望月薪 in fen.</param>
/// <param name="Education">Code of the table <c>education</c>.</param>
/// <param name="Skills">技能.</param>
/// <param name="Certificates">证书, by name.</param>
/// <param name="Experiences">工作经历, the latest first.</param>
/// <param name="Categories">人员类别; seen by the union's officers alone.</param>
/// <param name="UnemploymentNumber">失业登记证号; likewise.</param>
public sealed partial record ResumeForm(
    [property: Needed, LengthBetween(2, 30)] string? Name,
    [property: Needed, AtMostItems(3)] IReadOnlyList<string>? Occupations,
    [property: AtMostItems(3)] IReadOnlyList<string>? Divisions,
    [property: Between(1, 100_000_000)] int? PayLow,
    [property: CodeOf("education")] string? Education,
    [property: LengthBetween(0, 500)] string? Skills,
    [property: AtMostItems(10)] IReadOnlyList<string>? Certificates,
    [property: AtMostItems(10)] IReadOnlyList<WorkExperience>? Experiences,
    [property: AtMostItems(8)] IReadOnlyList<JobSeekerCategory>? Categories,
    [property: Form("^[0-9A-Za-z-]{4,30}$", "请填写失业登记证上的号码。")] string? UnemploymentNumber)
{
    private const int LongestCertificate = 40;
    private const string Numerals = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖";
    private const string Digits = "001234567891123456789";

    /// <summary>What single fields cannot see.</summary>
    internal void Check(CodeTables tables)
    {
        Unless(Occupations!.Count > 0 && Occupations.All(o => o is not null && tables.Has("occupation", o)), "occupations", "请选择一到三个意向职业。");
        Unless(Divisions?.All(d => d is { Length: >= 6 and <= 12 } && d.All(char.IsAsciiDigit)) != false, "divisions", "请选择意向地点的行政区划。");
        Unless(Certificates?.All(c => c is { Length: >= 2 and <= LongestCertificate }) != false, "certificates", "每个证书写名称,2 到 40 个字。");
        Unless(Experiences?.All(e => e is not null && (e.UntilMonth is null || string.CompareOrdinal(e.FromMonth, e.UntilMonth) <= 0)) != false, "experiences", "工作经历的结束年月不应早于开始年月。");
        Unless(Categories?.All(Enum.IsDefined) != false, "categories", "请从列出的人员类别中选择。");

        // No employer sees a phone before she agrees, so none may stand in the words that the employer reads.
        foreach (var (field, text) in SeenByEmployers())
        {
            Unless(!HoldsPhone(text), field, "这里请不要填写手机号;投递时您可以选择是否向单位显示手机号。");
        }

        static void Unless(bool isRight, string field, string sentence)
        {
            if (!isRight)
            {
                throw Refusal.OfField($"resume.{field}", sentence);
            }
        }
    }

    internal bool IsSameAs(ResumeForm other) => Stored() == other.Stored();

    internal string Seal(FieldCipher cipher, string id) => cipher.Seal(ResumeRow.DetailsPlace, id, Stored());

    internal static ResumeForm Of(ResumeRow row, FieldCipher cipher) =>
        JsonSerializer.Deserialize<ResumeForm>(cipher.Open(ResumeRow.DetailsPlace, row.Id, row.DetailsSealed), ContractJson.Stored)!;

    /// <summary>As an employer reads it.</summary>
    internal ResumeForm ForEmployers() => this with { Categories = null, UnemploymentNumber = null };

    /// <summary>Eleven digits of a mobile number, also in Chinese numerals, full width or parted by anything that is no letter; dates are none.</summary>
    internal static bool HoldsPhone(string? text)
    {
        var plain = new StringBuilder();
        foreach (var letter in Day().Replace(Folding.Of(text ?? ""), "|"))
        {
            var numeral = Numerals.IndexOf(letter, StringComparison.Ordinal);
            if (numeral >= 0 || char.IsLetterOrDigit(letter) || letter == '|')
            {
                plain.Append(numeral >= 0 ? Digits[numeral] : letter);
            }
        }

        return Mobile().IsMatch(plain.ToString());
    }

    [GeneratedRegex("1[3-9][0-9]{9}")]
    private static partial Regex Mobile();

    /// <summary>2023-05, 2023.5.1, 2023/05; several of them in a row make no number.</summary>
    [GeneratedRegex("(?<![0-9])(?:19|20)[0-9]{2}[-./][0-9]{1,2}(?:[-./][0-9]{1,2})?(?![0-9])")]
    private static partial Regex Day();

    private string Stored() => JsonSerializer.Serialize(this, ContractJson.Stored);

    private IEnumerable<(string Field, string? Text)> SeenByEmployers() =>
    [
        ("name", Name),
        ("skills", Skills),
        .. (Certificates ?? []).Select(c => ("certificates", (string?)c)),
        .. (Experiences ?? []).SelectMany(e => new[] { ("experiences", e.Employer), ("experiences", e.Post) }),
    ];
}
