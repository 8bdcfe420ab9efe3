using WeChatUnion.Api.Infrastructure.Errors;

namespace WeChatUnion.Api.Modules.Identity.MyData;

internal static class MyDataProblems
{
    public static readonly Problem DeletionOpen = new(409, "deletion_open", "您已申请删除个人信息,正在等待期内,无需重复申请。");
    public static readonly Problem DeletionNotYet = new(409, "deletion_not_yet", "还有未办完的事项,暂时不能删除个人信息,请按提示办妥后再申请。");

    public static readonly IReadOnlyList<Problem> All = [DeletionOpen, DeletionNotYet];
}
