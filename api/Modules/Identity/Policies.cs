using Microsoft.AspNetCore.Authorization;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Every policy of the program and the roles that pass it. Routes name one; a test calls each route as each role.</summary>
internal static class Policies
{
    public const string Worker = "worker";
    public const string Staff = "staff";
    public const string ManageStaff = "manage_staff";
    public const string InviteStaff = "invite_staff";
    public const string ReadMembers = "read_members";
    public const string DecideMembership = "decide_membership";
    public const string Unmask = "unmask";
    public const string ReadAudit = "read_audit";
    public const string CheckMemberCodes = "check_member_codes";
    public const string ReadUnions = "read_unions";
    public const string KeepUnions = "keep_unions";
    public const string OrganiseActivities = "organise_activities";
    public const string DecideAppeals = "decide_appeals";
    public const string SignUpOthers = "sign_up_others";
    public const string ReviewSingles = "review_singles";
    public const string RunSystem = "run_system";
    public const string SeeBroadcasts = "see_broadcasts";
    public const string ApproveBroadcasts = "approve_broadcasts";
    public const string ActForEmployer = "act_for_employer";
    public const string KeepEmployers = "keep_employers";
    public const string KeepVacancies = "keep_vacancies";

    public const string Counsel = "counsel";
    public const string SuperviseCounselling = "supervise_counselling";
    public const string AnswerCrises = "answer_crises";
    public const string SeeCounsellingRooms = "see_counselling_rooms";
    public const string SeeCounsellingFigures = "see_counselling_figures";

    private static readonly Dictionary<string, SessionRequirement> All = new()
    {
        [Worker] = new(SessionKind.Worker, null),
        [Staff] = new(SessionKind.Staff, null),
        [ManageStaff] = new(SessionKind.Staff, [Role.SecurityAdministrator]),
        [InviteStaff] = new(SessionKind.Staff, [Role.SecurityAdministrator, Role.UnionChair]),
        [ReadMembers] = new(SessionKind.Staff, [Role.MembershipOfficer, Role.UnionChair]),
        [DecideMembership] = new(SessionKind.Staff, [Role.MembershipOfficer, Role.UnionChair]),
        [Unmask] = new(SessionKind.Staff, [Role.MembershipOfficer, Role.UnionChair]),
        [ReadAudit] = new(SessionKind.Staff, [Role.Auditor]),
        [CheckMemberCodes] = new(
            SessionKind.Staff, [Role.MembershipOfficer, Role.UnionChair, Role.ActivityOrganiser, Role.EmploymentOfficer, Role.Counsellor]),
        [ReadUnions] = new(SessionKind.Staff, [Role.MembershipOfficer, Role.UnionChair]),
        [KeepUnions] = new(SessionKind.Staff, [Role.MembershipOfficer, Role.UnionChair]),
        [OrganiseActivities] = new(SessionKind.Staff, [Role.ActivityOrganiser, Role.UnionChair]),
        [DecideAppeals] = new(SessionKind.Staff, [Role.ActivityOrganiser, Role.UnionChair]),

        // The unit's clerk is whoever keeps its members, and whoever organises for it.
        [SignUpOthers] = new(SessionKind.Staff, [Role.MembershipOfficer, Role.ActivityOrganiser, Role.UnionChair]),
        // The unit vouches, the county lets in; which of the two a reviewer is, her reach says.
        [ReviewSingles] = new(SessionKind.Staff, [Role.MembershipOfficer, Role.ActivityOrganiser, Role.UnionChair]),
        [RunSystem] = new(SessionKind.Staff, [Role.SystemAdministrator]),
        [SeeBroadcasts] = new(SessionKind.Staff, [Role.MembershipOfficer, Role.ActivityOrganiser, Role.UnionChair]),
        [ApproveBroadcasts] = new(SessionKind.Staff, [Role.MembershipOfficer, Role.UnionChair]),
        [ActForEmployer] = new(SessionKind.Staff, [Role.Employer]),
        [KeepEmployers] = new(SessionKind.Staff, [Role.EmploymentOfficer]),
        [KeepVacancies] = new(SessionKind.Staff, [Role.EmploymentOfficer, Role.Employer]),
        [Counsel] = new(SessionKind.Staff, [Role.Counsellor]),
        [SuperviseCounselling] = new(SessionKind.Staff, [Role.CounsellingSupervisor]),
        [AnswerCrises] = new(SessionKind.Staff, [Role.CrisisDuty, Role.CounsellingSupervisor]),
        [SeeCounsellingFigures] = new(SessionKind.Staff, [Role.CounsellingSupervisor, Role.UnionChair]),
        [SeeCounsellingRooms] = new(SessionKind.Staff, [Role.Counsellor, Role.CounsellingSupervisor]),
    };

    /// <summary>The roles that pass a policy; none for those that ask for a session only.</summary>
    public static IReadOnlyList<Role> RolesOf(string policy) => All[policy].Roles ?? [];

    public static IEnumerable<string> Names => All.Keys;

    public static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationHandler, SessionRequirementHandler>();
        services.AddAuthorization(o =>
        {
            foreach (var (name, requirement) in All)
            {
                o.AddPolicy(name, p => p.RequireAuthenticatedUser().AddRequirements(requirement));
            }
        });
        return services;
    }

    private sealed record SessionRequirement(SessionKind Kind, IReadOnlyList<Role>? Roles) : IAuthorizationRequirement;

    /// <summary>Grants are read from the database on every office request: a grant taken back acts at once.</summary>
    private sealed class SessionRequirementHandler(Database database) : AuthorizationHandler<SessionRequirement>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, SessionRequirement requirement)
        {
            if (context.Resource is not HttpContext http || http.Features.Get<Caller>() is not { } caller || caller.Kind != requirement.Kind)
            {
                return;
            }

            if (requirement.Roles is null)
            {
                context.Succeed(requirement);
                return;
            }

            await using var db = database.Open();
            var grants = await db.GrantsOfAsync(caller.PersonId, http.RequestAborted);
            var used = grants.Where(g => requirement.Roles.Contains(g.Role)).ToList();
            var unions = used.Select(g => g.UnionId).Distinct().ToArray();
            if (unions.Length > 0)
            {
                http.Features.Set(new Reach(unions));
                http.Features.Set(InRole(caller, used, unions));
                context.Succeed(requirement);
            }
        }

        /// <summary>For the audit log: which role and union let her in, as far as there is one answer.</summary>
        private static Caller InRole(Caller caller, List<GrantRow> used, string[] unions) => caller with
        {
            Role = used.TrueForAll(g => g.Role == used[0].Role) ? RoleWords.WordOf(used[0].Role) : null,
            UnionId = unions.Length == 1 ? unions[0] : null,
        };
    }
}

/// <summary>The unions on which the caller holds a role that the route asks for; they and all below are in her reach.</summary>
internal sealed record Reach(IReadOnlyCollection<string> UnionIds)
{
    public static ValueTask<Reach> BindAsync(HttpContext http) =>
        ValueTask.FromResult(http.Features.Get<Reach>()
            ?? throw new InvalidOperationException("A route that takes a Reach must name a policy with roles."));
}
