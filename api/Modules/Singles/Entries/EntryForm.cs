using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>婚姻状况: all of them single.</summary>
public enum MaritalStatus
{
    /// <summary>未婚.</summary>
    NeverMarried,

    /// <summary>离异无孩.</summary>
    Divorced,

    /// <summary>离异有孩.</summary>
    DivorcedWithChild,

    /// <summary>丧偶.</summary>
    Widowed,
}

/// <summary>岗位类别.</summary>
public enum WorkKind
{
    /// <summary>生产操作.</summary>
    Production,

    /// <summary>专业技术.</summary>
    Technical,

    /// <summary>经营管理.</summary>
    Management,

    /// <summary>行政文秘.</summary>
    Office,

    /// <summary>营销服务.</summary>
    Service,

    /// <summary>医护.</summary>
    Medical,

    /// <summary>教育科研.</summary>
    Teaching,

    /// <summary>运输物流.</summary>
    Transport,

    /// <summary>其他.</summary>
    Other,
}

/// <summary>月收入区间.</summary>
public enum IncomeBand
{
    /// <summary>3000 元以下.</summary>
    Below3000,

    /// <summary>3000–5000 元.</summary>
    Below5000,

    /// <summary>5000–8000 元.</summary>
    Below8000,

    /// <summary>8000 元以上.</summary>
    From8000,
}

/// <summary>
/// 联谊信息 as the person writes it (domain/singles.md 2.3). Name, sex, age, union and phone come from the register and are not
/// asked for again.
/// </summary>
/// <param name="Nickname">昵称, on the card.</param>
/// <param name="HeightCentimetres">身高.</param>
/// <param name="Education">Code of the table <c>education</c>.</param>
/// <param name="WorkKind">岗位类别, on the card.</param>
/// <param name="HomeDivision">户籍县市: division code.</param>
/// <param name="Interests">At most five, on the card.</param>
/// <param name="About">自我介绍.</param>
/// <param name="Wishes">择偶要求.</param>
/// <param name="EmergencyContact">紧急联系人.</param>
/// <param name="Diet">饮食忌口.</param>
/// <param name="AllowsFilming">是否同意现场拍摄.</param>
/// <param name="AllowsContact">是否愿意在互选成功后交换联系方式: without it none is exchanged, with it each is agreed to once more, for that person.</param>
/// <param name="PhotoFileIds">生活照: uploaded images (purpose singles_photo).</param>
public sealed record EntryForm(
    [property: Needed, LengthBetween(1, 12)] string? Nickname,
    [property: Between(140, 210)] int? HeightCentimetres,
    [property: CodeOf("education")] string? Education,
    [property: Needed, KnownWord] WorkKind? WorkKind,
    [property: KnownWord] IncomeBand? IncomeBand,
    [property: Needed, KnownWord] MaritalStatus? MaritalStatus,
    [property: Form("^[0-9]{6}$", "请选择户籍所在的县市。")] string? HomeDivision,
    [property: AtMostItems(5)] IReadOnlyList<string>? Interests,
    [property: LengthBetween(0, 200)] string? About,
    EntryForm.WishesForm? Wishes,
    [property: LengthBetween(0, 60)] string? EmergencyContact,
    [property: LengthBetween(0, 60)] string? Diet,
    [property: Needed] bool? AllowsFilming,
    [property: Needed] bool? AllowsContact,
    [property: AtMostItems(3)] IReadOnlyList<string>? PhotoFileIds = null)
{
    private const int LongestInterest = 10;

    /// <param name="Education">Code of the table <c>education</c>: at least this.</param>
    public sealed record WishesForm(
        [property: Between(18, 80)] int? LeastAge,
        [property: Between(18, 80)] int? MostAge,
        [property: CodeOf("education")] string? Education,
        [property: LengthBetween(0, 100)] string? Other);

    /// <summary>What single fields cannot see.</summary>
    internal void Check()
    {
        if (Interests?.Any(i => i is not { Length: >= 1 and <= LongestInterest }) == true)
        {
            throw Refusal.OfField("entry.interests", "每个兴趣为 1 到 10 个字。");
        }

        if (PhotoFileIds is { } photos && (photos.Any(p => !Ids.IsId(p)) || photos.Distinct().Count() != photos.Count))
        {
            throw Refusal.OfField("entry.photoFileIds", "请先上传照片,每张照片只填写一次。");
        }

        if (Wishes?.LeastAge > Wishes?.MostAge)
        {
            throw Refusal.OfField("entry.wishes.leastAge", "年龄下限不应大于上限。");
        }
    }

    /// <summary>
    /// What others may come to see of her own words, for the content check: below its 2,500 characters. Whom to call in an
    /// emergency and what she cannot eat is for the office alone, and nobody else's to look at.
    /// </summary>
    internal string Texts => string.Join('\n', new[] { Nickname, About, Wishes?.Other }.Concat(Interests ?? []).Where(t => !string.IsNullOrEmpty(t)));

    /// <summary>Lists compare by what stands in them.</summary>
    internal bool IsSameAs(EntryForm other) =>
        JsonSerializer.Serialize(this, ContractJson.Stored) == JsonSerializer.Serialize(other, ContractJson.Stored);

    internal string Seal(FieldCipher cipher, string entryId) =>
        cipher.Seal(SinglesEntryRow.DetailsPlace, entryId, JsonSerializer.Serialize(this, ContractJson.Stored));

    internal static EntryForm Of(SinglesEntryRow entry, FieldCipher cipher) => Open(entry.Id, entry.DetailsSealed, cipher);

    internal static EntryForm Open(string entryId, string detailsSealed, FieldCipher cipher) =>
        JsonSerializer.Deserialize<EntryForm>(cipher.Open(SinglesEntryRow.DetailsPlace, entryId, detailsSealed), ContractJson.Stored)!;
}
