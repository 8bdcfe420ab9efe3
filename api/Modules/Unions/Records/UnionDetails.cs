using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Unions.Records;

/// <summary>The part of a union record (domain/members.md 1.5) that officers type, when founding and when changing.</summary>
/// <param name="Name">Ends with 工会委员会, 总工会 or 工会联合会; a group's with 工会小组 or 分会.</param>
/// <param name="Type">Code of the table <c>union_type</c>.</param>
/// <param name="DivisionCode">行政区划, 6 to 12 digits.</param>
/// <param name="EmployerCreditCode">The employer's code (GB 32100), not the union's.</param>
/// <param name="UnionCreditCode">The union's own code; begins with 81 or 89.</param>
/// <param name="EmployerKind">Code of the table <c>employer_kind</c>.</param>
/// <param name="Industry">Code of the table <c>industry</c>.</param>
/// <param name="IsHolding">周转库.</param>
/// <param name="Employees">职工人数; the following are parts of it.</param>
/// <param name="ApprovalNumber">批复文号.</param>
public sealed record UnionDetails(
    [property: Needed, LengthBetween(4, 120)] string? Name,
    [property: Needed, CodeOf("union_type")] string? Type,
    [property: Needed, Form("^([0-9]{6}|[0-9]{9}|[0-9]{12})$", "请填写行政区划代码,例如 410721101。")] string? DivisionCode,
    [property: LengthBetween(2, 120)] string? EmployerName,
    [property: LengthBetween(18, 18)] string? EmployerCreditCode,
    [property: LengthBetween(18, 18)] string? UnionCreditCode,
    [property: CodeOf("employer_kind")] string? EmployerKind,
    [property: CodeOf("industry")] string? Industry,
    bool? IsHolding,
    [property: Between(0, 10_000_000)] int? Employees,
    [property: Between(0, 10_000_000)] int? WomenEmployees,
    [property: Between(0, 10_000_000)] int? MigrantEmployees,
    [property: Between(0, 10_000_000)] int? DispatchedEmployees,
    [property: Between(0, 10_000_000)] int? DisabledEmployees,
    [property: LengthBetween(2, 60)] string? ApprovalNumber,
    DateOnly? ApprovedOn)
{
    private static readonly string[] Endings = ["工会委员会", "总工会", "工会联合会"];
    private static readonly string[] GroupEndings = ["工会小组", "分会"];

    private const string Group = "11";

    internal static UnionDetails Of(UnionRow u) => new(
        u.Name,
        u.Type,
        u.DivisionCode,
        u.EmployerName,
        u.EmployerCreditCode ?? u.FormerEmployerCreditCode,
        u.UnionCreditCode ?? u.FormerUnionCreditCode,
        u.EmployerKind,
        u.Industry,
        u.IsHolding,
        u.Employees,
        u.WomenEmployees,
        u.MigrantEmployees,
        u.DispatchedEmployees,
        u.DisabledEmployees,
        u.ApprovalNumber,
        Instants.DateOrNone(u.ApprovedOn));

    internal UnionRow Into(UnionRow u) => u with
    {
        Name = Name!,
        Type = Type!,
        DivisionCode = DivisionCode!,
        EmployerName = EmployerName,
        EmployerCreditCode = EmployerCreditCode,
        UnionCreditCode = UnionCreditCode,
        EmployerKind = EmployerKind,
        Industry = Industry,
        IsHolding = IsHolding ?? false,
        Employees = Employees,
        WomenEmployees = WomenEmployees,
        MigrantEmployees = MigrantEmployees,
        DispatchedEmployees = DispatchedEmployees,
        DisabledEmployees = DisabledEmployees,
        ApprovalNumber = ApprovalNumber,
        ApprovedOn = ApprovedOn?.Stored(),
    };

    /// <exception cref="Refusal">400 that names every wrong field.</exception>
    internal async Task CheckAsync(Db db, DateOnly today, CancellationToken cancellation)
    {
        var errors = new Dictionary<string, string[]>();
        Refuse("name", !HasEnding(Name!, Type!), "工会名称应以“工会委员会”“总工会”或“工会联合会”结尾。");
        Refuse(
            "employerCreditCode",
            EmployerCreditCode is not null && (!CreditCode.IsValid(EmployerCreditCode) || CreditCode.IsOfUnion(EmployerCreditCode)),
            "请填写单位的 18 位统一社会信用代码(不是工会的代码)。");
        Refuse("unionCreditCode", UnionCreditCode is not null && !CreditCode.IsOfUnion(UnionCreditCode), "工会的统一社会信用代码应以 81 或 89 开头,请核对。");
        foreach (var (field, part) in new[]
        {
            ("womenEmployees", WomenEmployees), ("migrantEmployees", MigrantEmployees),
            ("dispatchedEmployees", DispatchedEmployees), ("disabledEmployees", DisabledEmployees),
        })
        {
            Refuse(field, part is not null && (Employees is null || part > Employees), "不能多于职工人数。");
        }

        Refuse("approvedOn", ApprovedOn > today, "批复日期不能晚于今天。");
        Refuse("divisionCode", !await db.Divisions.AnyAsync(d => d.Code == DivisionCode, cancellation), "没有这个行政区划,请从列表中选择。");
        if (errors.Count > 0)
        {
            throw Refusal.OfFields(errors);
        }

        void Refuse(string field, bool isWrong, string sentence)
        {
            if (isWrong)
            {
                errors[field] = [sentence];
            }
        }
    }

    internal static bool HasEnding(string name, string type) =>
        (type == Group ? GroupEndings : Endings).Any(e => name.EndsWith(e, StringComparison.Ordinal));
}
