using LinqToDB;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Counselling.Booking;

/// <summary>An appointment as its client sees it.</summary>
/// <param name="HeldUntil">Confirm until then; null once confirmed.</param>
/// <param name="Alias">What I am called there.</param>
/// <param name="Place">Of a talk in person.</param>
/// <param name="Contact">Number or link of the counsellor, from an hour before the talk on.</param>
/// <param name="ChangeUntil">Until then it can be moved.</param>
/// <param name="CancelUntil">Until then it can be cancelled and does not count.</param>
/// <param name="CancelReason">What whoever cancelled it wrote; null when it stands, or without words.</param>
/// <param name="Rule">What follows from coming late, cancelling late and not coming, in words.</param>
public sealed record AppointmentSummary(
    string Id,
    AppointmentState State,
    string CounsellorId,
    string CounsellorName,
    TalkMode Mode,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    DateTimeOffset? HeldUntil,
    string? Alias,
    string? Place,
    string? Contact,
    DateTimeOffset ChangeUntil,
    DateTimeOffset CancelUntil,
    string? CancelReason,
    string Rule);

internal sealed class AppointmentSummaries(AppointmentDeeds deeds, FieldCipher cipher, CounsellingSettings settings, TimeProvider clock)
{
    /// <summary>Numbers and links are shown "in time": not to be kept and called for other things.</summary>
    public static readonly TimeSpan ContactBefore = TimeSpan.FromHours(1);

    public async Task<IReadOnlyList<AppointmentSummary>> OfAsync(Db db, IReadOnlyCollection<AppointmentRow> rows, CancellationToken cancellation)
    {
        var (counsellorIds, roomIds) = (rows.Select(r => r.CounsellorId).Distinct().ToList(), rows.Select(r => r.RoomId).OfType<string>().Distinct().ToList());
        var counsellors = (counsellorIds.Count == 0 ? [] : await db.QueryAmongAsync<CounsellorRow>("SELECT * FROM counsellors WHERE id IN (@among)", counsellorIds, cancellation))
            .ToDictionary(c => c.Id);
        var rooms = (roomIds.Count == 0 ? [] : await db.QueryAmongAsync<RoomRow>("SELECT * FROM counselling_rooms WHERE id IN (@among)", roomIds, cancellation))
            .ToDictionary(r => r.Id);
        var reasons = await deeds.CancelReasonsAsync(db, rows, cancellation);
        var now = clock.Milliseconds();
        return [.. rows.Select(r => Of(r, counsellors[r.CounsellorId], r.RoomId is null ? null : rooms[r.RoomId], reasons.GetValueOrDefault(r.Id), now))];
    }

    public static bool IsContactShown(AppointmentRow row, long now) =>
        row.State is AppointmentState.Booked or AppointmentState.Arrived && now >= row.StartsAt - (long)ContactBefore.TotalMilliseconds && now < row.EndsAt;

    private AppointmentSummary Of(AppointmentRow row, CounsellorRow counsellor, RoomRow? room, string? cancelReason, long now) => new(
        row.Id,
        row.State,
        counsellor.Id,
        counsellor.Name,
        row.Mode,
        Instants.At(row.StartsAt),
        Instants.At(row.EndsAt),
        Instants.At(row.HeldUntil),
        deeds.WordsOf(row)?.Alias,
        room is null ? null : $"{room.Name}({room.Address})",
        IsContactShown(row, now) ? ContactOf(row, counsellor) : null,
        Instants.At(row.StartsAt - CounsellingSettings.Hours(settings.ChangeNoticeHours)),
        Instants.At(row.StartsAt - CounsellingSettings.Hours(settings.CancelNoticeHours)),
        cancelReason,
        $"开始前 {settings.CancelNoticeHours} 小时可以取消,不计入次数;之后取消、迟到超过 30 分钟或未到,计入全年 {settings.FreeTalksPerYear} 次免费咨询。迟到的时间不补。");

    private string? ContactOf(AppointmentRow row, CounsellorRow counsellor) => row.Mode switch
    {
        TalkMode.Phone when counsellor.TalkPhoneSealed is { } phone => cipher.Open(CounsellorRow.TalkPhonePlace, counsellor.Id, phone),
        TalkMode.Video when counsellor.VideoLinkSealed is { } link => cipher.Open(CounsellorRow.VideoLinkPlace, counsellor.Id, link),
        _ => null,
    };
}
