using System.Text.Json;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>
/// What excludes what on one person (三员分立): the security administrator, the system administrator and the auditor
/// exclude each other and every operative role; operative roles go together.
/// </summary>
internal static class Duties
{
    public const string Operative = "operative";

    public static bool IsAdministrator(this Role role) =>
        role is Role.SecurityAdministrator or Role.SystemAdministrator or Role.Auditor;

    /// <summary>The duty a role belongs to; all grants of one person share one.</summary>
    public static string Duty(this Role role) => role.IsAdministrator() ? role.Word() : Operative;

    /// <summary>The role as it is written everywhere, e.g. <c>membership_officer</c>.</summary>
    public static string Word(this Role role) => JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());

    public static Role? RoleOf(string word) =>
        Enum.GetValues<Role>().Cast<Role?>().FirstOrDefault(r => r!.Value.Word() == word);
}
