using LinqToDB.Mapping;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>What somebody may do for an organisation (角色, domain/overview.md 10.1). Reach comes from the grant's union.</summary>
public enum Role
{
    /// <summary>安全管理员: gives out accounts and roles.</summary>
    [MapValue("security_administrator")]
    SecurityAdministrator,

    /// <summary>系统管理员: runs the system, sees no business data.</summary>
    [MapValue("system_administrator")]
    SystemAdministrator,

    /// <summary>审计员: reads the audit log only.</summary>
    [MapValue("auditor")]
    Auditor,

    /// <summary>会员管理员: applications and members of her union and those below.</summary>
    [MapValue("membership_officer")]
    MembershipOfficer,

    /// <summary>活动组织者.</summary>
    [MapValue("activity_organiser")]
    ActivityOrganiser,

    /// <summary>心理咨询师: her own cases only.</summary>
    [MapValue("counsellor")]
    Counsellor,

    /// <summary>咨询督导.</summary>
    [MapValue("counselling_supervisor")]
    CounsellingSupervisor,

    /// <summary>危机值班.</summary>
    [MapValue("crisis_duty")]
    CrisisDuty,

    /// <summary>就业服务专员.</summary>
    [MapValue("employment_officer")]
    EmploymentOfficer,

    /// <summary>企业经办人: her own firm only.</summary>
    [MapValue("employer")]
    Employer,

    /// <summary>工会主席.</summary>
    [MapValue("union_chair")]
    UnionChair,
}
