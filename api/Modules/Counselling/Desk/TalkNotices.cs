using System.Globalization;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>What clients are told: that something changed and where to look, never what it is about nor with whom.</summary>
internal sealed class TalkNotices(CaseKeys keys)
{
    private const string Kind = "service";

    /// <summary>One for all: titles stand plain, and a rare one would say by its day which row it belongs to.</summary>
    private const string Title = "您预约的服务有新消息";

    public Notice Cancelled(string personId, AppointmentRow talk) => Of(
        personId, talk.Id, talk.StartsAt, "cancelled", $"您预约的{Instants.InWords(talk.StartsAt)}的服务不能如期进行,已取消,不计入次数。请打开“我的预约”查看或另约时间。");

    public Notice Moved(string personId, AppointmentRow talk) => Of(
        personId, talk.Id, talk.StartsAt, $"moved|{talk.Version}", $"您预约的服务已调整,现在的时间是{Instants.InWords(talk.StartsAt)}。请打开“我的预约”查看;不合适可以改期或取消。");

    /// <summary>A place in the line came to its turn.</summary>
    public Notice Offered(string personId, string appointmentId, long startsAt, long until) => Of(
        personId, appointmentId, startsAt, "offered", $"您等候的服务有了空出的时间:{Instants.InWords(startsAt)}。请在{Instants.InWords(until)}前打开“我的预约”确认,过时让给下一位。");

    public Notice NothingBecameFree(string personId, Waiting.WishRow wish) =>
        new(personId, Kind, Title, "您等候的日期已过,没有空出合适的时间。请打开“我的预约”另选日期,或重新排队等候。", keys.Masked(wish.Id, "over"));

    /// <summary>Her turn came, and she may not book as things stand.</summary>
    public Notice MadeWay(string personId, Waiting.WishRow wish) =>
        new(personId, Kind, Title, "轮到您时暂不能预约:同意书已更新,或今年的免费次数已用完。请打开“我的预约”重新同意或申请增加次数,再排队等候。", keys.Masked(wish.Id, "made-way"));

    /// <param name="number">Which advice: told apart by it.</param>
    public Notice Advised(string personId, string appointmentId, int number) =>
        new(personId, Kind, Title, "有一份给您的建议,请打开“我的预约”查看。", keys.Masked(appointmentId, $"advised|{number}"));

    /// <summary>A supervisor allowed more.</summary>
    public Notice Extended(string personId, string extensionId, int talks) =>
        new(personId, Kind, Title, $"今年可预约的免费次数增加了 {talks} 次,请打开“我的预约”查看。", keys.Masked(extensionId, "extended"));

    /// <summary>The record is a made-up one: a row that names her must not lead to the appointment. Deadlines are left out for the same reason.</summary>
    private Notice Of(string personId, string appointmentId, long startsAt, string what, string text) =>
        new(personId, Kind, Title, text, keys.Masked(appointmentId, what))
        {
            Facts = new Dictionary<string, string> { [Fact.StartsAt] = startsAt.ToString(CultureInfo.InvariantCulture) },
        };
}
