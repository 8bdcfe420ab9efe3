using System.Text.Json;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Roles as stored words and as people call them (domain/overview.md 10.1).</summary>
internal static class RoleWords
{
    private static readonly Dictionary<string, string> Titles = new()
    {
        ["security_administrator"] = "安全管理员",
        ["system_administrator"] = "系统管理员",
        ["auditor"] = "审计员",
        ["membership_officer"] = "会员管理员",
        ["activity_organiser"] = "活动组织者",
        ["counsellor"] = "心理咨询师",
        ["counselling_supervisor"] = "咨询督导",
        ["crisis_duty"] = "危机值班员",
        ["employment_officer"] = "就业服务专员",
        ["employer"] = "企业经办人",
        ["union_chair"] = "工会主席",
    };

    /// <summary>The word that stands in the database and the contract, e.g. <c>membership_officer</c>.</summary>
    public static string WordOf(Role role) => JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());

    /// <summary>What people call it; 工作人员 for a role that is not known.</summary>
    public static string TitleOf(string? word) => word is not null && Titles.TryGetValue(word, out var title) ? title : "工作人员";
}
