using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Members.Corrections;
using WeChatUnion.Api.Modules.Members.Standing;
using WeChatUnion.Api.Modules.Members.Transfers;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>Which columns of this module are sealed or indexed, for <c>rotate-keys</c>.</summary>
internal static class KeyedColumns
{
    private const string Kind = MemberRecordRow.IdNumberIndexKind;

    private static readonly IndexedText OwnNumber = new(
        "", "t.id_number_sealed", "t.person_id", MemberRecordRow.IdNumberPlace, "t.id_type", IdentityDocument.Indexed);

    /// <summary>An application and a membership hold the index of the number in the person's form.</summary>
    private static readonly IndexedText NumberOfPerson = new(
        "JOIN member_records r ON r.person_id = t.person_id",
        "r.id_number_sealed",
        "r.person_id",
        MemberRecordRow.IdNumberPlace,
        "r.id_type",
        IdentityDocument.Indexed);

    /// <summary>
    /// In a returned application the applicant may have corrected the number since; the application then holds on to
    /// one that stands nowhere any more. Handing in again takes the number afresh.
    /// </summary>
    private const string MayHaveChanged = "state = 'returned'";

    public static IServiceCollection AddKeyedColumns(this IServiceCollection services) => services
        .AddSingleton(new SealedColumn("member_records", "person_id", "id_number_sealed", MemberRecordRow.IdNumberPlace))
        .AddSingleton(new SealedColumn("membership_steps", "id", "reason_sealed", StepRow.ReasonPlace))
        .AddSingleton(new SealedColumn("membership_contacts", "id", "note_sealed", ContactRow.NotePlace))
        .AddSingleton(new SealedColumn("membership_changes", "id", "reason_sealed", MembershipChangeRow.ReasonPlace))
        .AddSingleton(new SealedColumn("wechat_rebindings", "id", "reason_sealed", WeChatRebindingRow.ReasonPlace))
        .AddSingleton(new SealedColumn("membership_transfers", "id", "reason_sealed", TransferRow.ReasonPlace))
        .AddSingleton(new SealedColumn("membership_transfers", "id", "closing_reason_sealed", TransferRow.ClosingReasonPlace))
        .AddSingleton(new SealedColumn("membership_departures", "id", "reason_sealed", DepartureRow.ReasonPlace))
        .AddSingleton(new SealedColumn("membership_departures", "id", "closing_note_sealed", DepartureRow.NotePlace))
        .AddSingleton(new SealedColumn("record_corrections", "id", "before_sealed", CorrectionRow.BeforePlace))
        .AddSingleton(new SealedColumn("record_corrections", "id", "after_sealed", CorrectionRow.AfterPlace))
        .AddSingleton(new SealedColumn("record_corrections", "id", "reason_sealed", CorrectionRow.ReasonPlace))
        .AddSingleton(new SealedColumn("record_corrections", "id", "decision_reason_sealed", CorrectionRow.DecisionPlace))
        .AddSingleton(new IndexedColumn("member_records", "person_id", "id_number_index", "id_number_former_index", Kind, OwnNumber))
        .AddSingleton(new IndexedColumn(
            "membership_applications", "id", "open_id_number_index", "open_id_number_former_index", Kind, NumberOfPerson, MayHaveChanged))
        .AddSingleton(new IndexedColumn("memberships", "id", "live_id_number_index", "live_id_number_former_index", Kind, NumberOfPerson))
        .AddSingleton(new PassingIndex("rebinding_codes", "code_hash", "ten minutes; looked for under both keys, else a new code is taken"));
}
