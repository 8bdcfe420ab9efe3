using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Counselling.Clients;
using WeChatUnion.Api.Modules.Counselling.Extensions;
using WeChatUnion.Api.Modules.Counselling.Supervision;
using WeChatUnion.Api.Modules.Counselling.Telling;
using WeChatUnion.Api.Modules.Counselling.Waiting;

namespace WeChatUnion.Api.Modules.Counselling;

/// <summary>What is sealed with the module's own keys, and in a counsellor's file with the general ones: <c>rotate-keys</c> goes through it.</summary>
internal static class CounsellingColumns
{
    public static IServiceCollection AddLockedColumns(this IServiceCollection services) => services
        .AddSingleton(new SealedColumn("counsellors", "id", "certificate_number_sealed", CounsellorRow.CertificateNumberPlace))
        .AddSingleton(new SealedColumn("counsellors", "id", "talk_phone_sealed", CounsellorRow.TalkPhonePlace))
        .AddSingleton(new SealedColumn("counsellors", "id", "video_link_sealed", CounsellorRow.VideoLinkPlace))
        .AddLocked("counselling_clients", "record_locked", ClientRow.RecordPlace)
        .AddLocked("appointments", "client_locked", AppointmentRow.ClientPlace)
        .AddLocked("appointments", "words_locked", AppointmentRow.WordsPlace)
        .AddLocked("scale_results", "answers_locked", ScaleResultRow.AnswersPlace)
        .AddLocked("crisis_tickets", "client_locked", CrisisTicketRow.ClientPlace)
        .AddLocked("crisis_steps", "words_locked", CrisisStepRow.WordsPlace)
        .AddLocked("counselling_wishes", "client_locked", WishRow.ClientPlace)
        .AddLocked("counselling_extensions", "words_locked", ExtensionRow.WordsPlace)
        .AddLocked("counselling_notices", "notice_locked", NoticeRow.NoticePlace)
        .AddLocked("supervision_texts", "text_locked", SupervisionTextRow.TextPlace)
        .AddLocked("case_notes", "text_locked", CaseNoteRow.TextPlace)
        .AddLocked("appointment_steps", "detail_locked", AppointmentStepRow.DetailPlace);

    private static IServiceCollection AddLocked(this IServiceCollection services, string table, string column, string place) =>
        services.AddSingleton(s => new SealedColumn(table, "id", column, place) { Cipher = s.GetRequiredService<CaseKeys>().Cipher });
}
