using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Counselling.Counsellors;

/// <summary>What a counsellor says of herself (domain/counselling.md 3.7).</summary>
/// <param name="Sex">Code of the table sex.</param>
/// <param name="ValidUntil">Of the certificate; null when it never runs out. Later days have no slots.</param>
/// <param name="TrainingHours">受训时数.</param>
/// <param name="SessionMinutes">Length of a talk: 50 is usual.</param>
/// <param name="LeadMinutes">Kept free before a talk.</param>
/// <param name="BreakMinutes">Kept free after it, for notes: 10 is usual.</param>
/// <param name="TalkPhone">Shown to the client of a talk by phone from an hour before.</param>
/// <param name="VideoLink">Likewise of a video talk.</param>
public sealed record CounsellorForm(
    [property: Needed, LengthBetween(2, 30)] string? Name,
    [property: Needed, Form("^[12]$", "请从 1(男)、2(女)中选择。")] string? Sex,
    [property: Needed, LengthBetween(10, 1000)] string? Introduction,
    [property: Needed, KnownWord] Qualification? Qualification,
    [property: Needed, LengthBetween(4, 40)] string? CertificateNumber,
    [property: Needed, LengthBetween(2, 60)] string? Issuer,
    DateOnly? ValidUntil,
    [property: Needed, AtMostItems(11)] IReadOnlyList<Topic>? Specialities,
    [property: Needed, Between(0, 100_000)] int? TrainingHours,
    [property: Needed] DateOnly? ContractFrom,
    [property: Needed] DateOnly? ContractUntil,
    [property: Needed, Between(30, 120)] int? SessionMinutes,
    [property: Needed, Between(0, 60)] int? LeadMinutes,
    [property: Needed, Between(0, 60)] int? BreakMinutes,
    [property: Needed, Between(1, 12)] int? MostPerDay,
    [property: Form("^[0-9+-]{5,20}$", "请填写电话号码,只用数字、+ 和 -。")] string? TalkPhone,
    [property: Form("^https://[!-~]{4,300}$", "请填写以 https:// 开头的链接。")] string? VideoLink)
{
    private const int Grain = Slots.SlotRules.CellMinutes;

    internal void Check()
    {
        var errors = new Dictionary<string, string[]>();
        foreach (var (field, minutes) in new[] { ("sessionMinutes", SessionMinutes), ("leadMinutes", LeadMinutes), ("breakMinutes", BreakMinutes) })
        {
            if (minutes % Grain != 0)
            {
                errors[field] = ["应为 10 分钟的整数倍。"];
            }
        }

        if (ContractUntil < ContractFrom)
        {
            errors["contractUntil"] = ["协议结束日期应不早于开始日期。"];
        }

        if (Specialities!.Any(s => !Enum.IsDefined(s)))
        {
            errors["specialities"] = ["请从列出的选项中选择。"];
        }

        if (errors.Count > 0)
        {
            throw Refusal.OfFields(errors);
        }
    }

    /// <summary>What she changed of her entitlement must be reviewed again.</summary>
    internal bool EntitlesLike(CounsellorRow before, FieldCipher cipher) =>
        before.Qualification == Qualification
        && before.Issuer == Issuer
        && before.ValidUntil == ValidUntil?.Stored()
        && before.ContractFrom == ContractFrom!.Value.Stored()
        && before.ContractUntil == ContractUntil!.Value.Stored()
        && before.Name == Name
        && cipher.Open(CounsellorRow.CertificateNumberPlace, before.Id, before.CertificateNumberSealed) == CertificateNumber;

    internal CounsellorRow RowOf(string id, string personId, string unionId, CounsellorRow? before, FieldCipher cipher, long now) => new()
    {
        Id = id,
        PersonId = personId,
        UnionId = unionId,
        Name = Name!,
        Sex = Sex!,
        Introduction = Introduction!,
        Qualification = Qualification!.Value,
        CertificateNumberSealed = cipher.Seal(CounsellorRow.CertificateNumberPlace, id, CertificateNumber!),
        Issuer = Issuer!,
        ValidUntil = ValidUntil?.Stored(),
        Specialities = JsonSerializer.Serialize(Specialities!.Distinct(), ContractJson.Stored),
        TrainingHours = TrainingHours!.Value,
        ContractFrom = ContractFrom!.Value.Stored(),
        ContractUntil = ContractUntil!.Value.Stored(),
        SessionMinutes = SessionMinutes!.Value,
        LeadMinutes = LeadMinutes!.Value,
        BreakMinutes = BreakMinutes!.Value,
        MostPerDay = MostPerDay!.Value,
        TalkPhoneSealed = TalkPhone is null ? null : cipher.Seal(CounsellorRow.TalkPhonePlace, id, TalkPhone),
        VideoLinkSealed = VideoLink is null ? null : cipher.Seal(CounsellorRow.VideoLinkPlace, id, VideoLink),
        State = before is { State: CounsellorState.Active } && EntitlesLike(before, cipher) ? CounsellorState.Active
            : before is { State: CounsellorState.Suspended } ? CounsellorState.Suspended
            : CounsellorState.AwaitingReview,
        SupervisorId = before?.SupervisorId,
        ReadingConfirmedAt = before?.ReadingConfirmedAt,
        Turn = before?.Turn ?? 0,
        Version = (before?.Version ?? 0) + 1,
        CreatedAt = before?.CreatedAt ?? now,
        UpdatedAt = now,
    };
}
