using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>What an officer may see in clear of an applicant or member in her reach.</summary>
internal static class UnmaskableMembers
{
    private const string RecordKind = "membership_application";

    public static readonly UnmaskableField IdNumber = new(
        RecordKind,
        "id_number",
        async (db, cipher, unionIds, id, cancellation) =>
        {
            var personId = await ApplicantAsync(db, unionIds, id, cancellation);
            var record = await db.MemberRecords.FirstOrDefaultAsync(r => r.PersonId == personId, cancellation);
            return record?.IdNumberSealed is { } stored
                ? new Unmaskable(record.PersonId, cipher.Open(MemberRecordRow.IdNumberPlace, record.PersonId, stored))
                : null;
        });

    public static readonly UnmaskableField Phone = new(
        RecordKind,
        UnmaskablePhone.Field,
        async (db, cipher, unionIds, id, cancellation) =>
            await ApplicantAsync(db, unionIds, id, cancellation) is { } personId
                ? await UnmaskablePhone.FindAsync(db, cipher, personId, cancellation)
                : null);

    /// <summary>A member, or an applicant whose application is with the union or was decided by it.</summary>
    public static Task<bool> IsInReachAsync(Db db, IReadOnlyCollection<string> unionIds, string personId, CancellationToken cancellation)
    {
        var (memberships, applications, ancestors) = (db.Memberships, db.Applications, db.GetTable<Unions.UnionAncestorRow>());
        return ancestors.AnyAsync(
            a => unionIds.Contains(a.AncestorId)
                && (memberships.Any(m => m.LivePersonId == personId && m.UnionId == a.UnionId)
                    || applications.Any(p => p.PersonId == personId && p.UnionId == a.UnionId
                        && p.State != ApplicationState.Draft && p.State != ApplicationState.Withdrawn && p.State != ApplicationState.Approved)),
            cancellation);
    }

    /// <summary>Null for an application that was taken back: the union has no more need of it.</summary>
    private static async Task<string?> ApplicantAsync(Db db, IReadOnlyCollection<string> unionIds, string id, CancellationToken cancellation)
    {
        var application = await Decisions.FindAsync(db, id, new Reach(unionIds), cancellation);
        return application.State == ApplicationState.Withdrawn ? null : application.PersonId;
    }
}
