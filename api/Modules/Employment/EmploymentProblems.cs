using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Employment;

internal static class EmploymentProblems
{
    public static readonly Problem RegistrationOpen = new(409, "registration_open", "您已提交过企业登记,正在核验,请等待结果或先撤回。");
    public static readonly Problem RegistrationDecided = new(409, "registration_decided", "此登记已有结果或已撤回,请刷新查看。");
    public static readonly Problem RegistrationNotApproved = new(409, "registration_not_approved", "企业登记还没有通过核验,通过后才能设置经办人账号。");
    public static readonly Problem AccountSetUp = new(409, "account_set_up_already", "经办人账号已经设置,请直接用账号登录;忘记密码请联系工会安全管理员。");
    public static readonly Problem NoUnionForPlace = new(409, "no_union_for_place", "没有找到该地区的工会,请核对单位所在地,或联系县总工会。");
    public static readonly Problem NoEmployer = new(409, "no_employer", "您的账号还没有关联用人单位,请先在小程序中登记企业并等待核验。");
    public static readonly Problem EmployerSuspended = new(409, "employer_suspended", "该单位已被暂停发布岗位,请联系工会了解原因。");
    public static readonly Problem EmployerNotSuspended = new(409, "employer_not_suspended", "该单位没有被暂停,请刷新查看。");
    public static readonly Problem VerificationOver = new(409, "verification_over", "单位核验已满一年,请先办理年度续核再发布岗位。");
    public static readonly Problem WrongVacancyState = new(409, "wrong_vacancy_state", "岗位当前的状态不能办理此项,请刷新查看。");
    public static readonly Problem VacancyEnded = new(409, "vacancy_ended", "岗位的有效期已过,请先续期。");
    public static readonly Problem OwnVacancy = new(409, "own_vacancy", "不能审核自己填报的岗位,请由另一位工作人员办理。");
    public static readonly Problem FindingsStand = new(409, "findings_stand", "用语检查发现有不得发布的内容。请退回修改;确属合法的,写明理由后再通过。");
    public static readonly Problem PublicationOff = new(409, "publication_off", "本地暂未开放岗位发布,请联系县总工会。");
    public static readonly Problem OnlyTopUnion = new(409, "only_top_union", "用语清单由县总工会统一维护,请联系县总工会就业服务专员。");
    public static readonly Problem NotSimilar = new(409, "vacancies_not_similar", "只能合并同一单位的岗位,且保留的岗位仍在发布。");
    public static readonly Problem JobSeekingConsentNeeded = new(409, "job_seeking_consent_needed", "请先阅读并同意求职信息处理告知同意书。");
    public static readonly Problem NoResume = new(409, "no_resume", "您还没有填写简历,请先填写简历再投递。");
    public static readonly Problem DisclosureNeeded = new(409, "disclosure_needed", "请确认同意向该单位展示您的简历后再投递。");
    public static readonly Problem VacancyNotOffered = new(409, "vacancy_not_offered", "该岗位已到期、招满或暂停,不能投递,请看看其他岗位。");
    public static readonly Problem ApplicationDecided = new(409, "application_decided", "这份投递已有结果,不能撤回。");
    public static readonly Problem WrongApplicationState = new(409, "wrong_application_state", "投递当前的状态不能办理此项,请刷新查看。");
    public static readonly Problem HeadcountReached = new(409, "headcount_reached", "招聘人数已满。确需增加的,请先暂停岗位、修改招聘人数;已录用的人放弃时,先登记“不合适”。");
    public static readonly Problem WordsNotAllowed = new(409, "words_not_allowed", "发给求职者的内容中有不得使用的说法,请按提示改写后再发送。");
    public static readonly Problem HiringCorrectionOver = new(409, "hiring_correction_over", "登记入职已超过 30 天,请联系工会更正。");
    public static readonly Problem FollowUpNotDue = new(409, "follow_up_not_due", "入职满三个月后再回答是否在岗。");
    public static readonly Problem ComplaintOpen = new(409, "complaint_open", "您对该岗位的投诉正在处理,请等待结果。");
    public static readonly Problem ComplaintDecided = new(409, "complaint_decided_already", "此投诉已有处理结果,请刷新查看。");
    public static readonly Problem OwnComplaint = new(409, "own_complaint", "不能处理自己提出的投诉,请由另一位工作人员办理。");
    public static readonly Problem OwnApplication = new(409, "own_vacancy_application", "不能办理自己的投递,请由另一位工作人员办理。");

    public static readonly IReadOnlyList<Problem> All =
    [
        RegistrationOpen, RegistrationDecided, RegistrationNotApproved, AccountSetUp, NoUnionForPlace, NoEmployer, EmployerSuspended,
        EmployerNotSuspended, VerificationOver, WrongVacancyState, VacancyEnded, OwnVacancy, FindingsStand, PublicationOff, OnlyTopUnion,
        NotSimilar, JobSeekingConsentNeeded, NoResume, DisclosureNeeded, VacancyNotOffered, ApplicationDecided, WrongApplicationState, HeadcountReached, WordsNotAllowed, HiringCorrectionOver, FollowUpNotDue,
        ComplaintOpen, ComplaintDecided, OwnComplaint, OwnApplication,
    ];
}
