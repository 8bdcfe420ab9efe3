using System.Globalization;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Modules.Counselling.Clients;

namespace WeChatUnion.Api.Modules.Counselling.Desk;

/// <summary>What clients are told: that something changed and where to look, never what it is about nor with whom.</summary>
internal sealed class TalkNotices(CaseKeys keys)
{
    private const string Kind = "service";

    public Notice Cancelled(string personId, AppointmentRow talk) => Of(
        personId, talk, "cancelled", "您预约的服务有变动", $"您预约的{Instants.InWords(talk.StartsAt)}的服务不能如期进行,已取消,不计入次数。请打开“我的预约”查看或另约时间。");

    public Notice Moved(string personId, AppointmentRow talk) => Of(
        personId, talk, $"moved|{talk.Version}", "您预约的服务有变动", $"您预约的服务已调整,现在的时间是{Instants.InWords(talk.StartsAt)}。请打开“我的预约”查看;不合适可以改期或取消。");

    /// <summary>The record is a made-up one: a row that names her must not lead to the appointment. Deadlines are left out for the same reason.</summary>
    private Notice Of(string personId, AppointmentRow talk, string what, string title, string text) =>
        new(personId, Kind, title, text, keys.Masked(talk.Id, what))
        {
            Facts = new Dictionary<string, string> { [Fact.StartsAt] = talk.StartsAt.ToString(CultureInfo.InvariantCulture) },
        };
}
