using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Files;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Employers;

/// <summary>
/// 营业执照、委托证明、经办人身份证 (domain/employment.md 4.1): brought by a worker who registers her firm or by its clerk, seen
/// by whoever brought them and by the officers in whose reach the registration lies.
/// </summary>
internal static class EmployerDocuments
{
    private const string InUse =
        "EXISTS (SELECT 1 FROM employer_registrations r WHERE r.licence_file_id = files.id OR r.mandate_file_id = files.id OR r.identity_file_id = files.id)";

    public static readonly FilePurpose Purpose = new("employer_document", InUse, MayUploadAsync, MayReadAsync);

    /// <exception cref="Refusal">A field names no document of the caller's.</exception>
    public static async Task RefuseUnlessMineAsync(Db db, Caller caller, CancellationToken cancellation, params (string Field, string? FileId)[] files)
    {
        foreach (var (field, fileId) in files)
        {
            if (fileId is not null && !await db.Files.AnyAsync(f => f.Id == fileId && f.Purpose == Purpose.Name && f.OwnerId == caller.PersonId, cancellation))
            {
                throw Refusal.OfField(field, "没有找到这份文件,请重新上传。");
            }
        }
    }

    private static async Task<bool> MayUploadAsync(Db db, Caller caller, CancellationToken cancellation) =>
        caller.Kind == SessionKind.Worker || (await db.GrantsOfAsync(caller.PersonId, cancellation)).Exists(g => g.Role == Role.Employer);

    private static async Task<bool> MayReadAsync(Db db, Caller caller, FileRow file, CancellationToken cancellation)
    {
        if (file.OwnerId == caller.PersonId)
        {
            return true;
        }

        var unions = await db.UnionsForAsync(caller, Policies.KeepEmployers, cancellation);
        var ancestors = db.UnionAncestors;
        return unions.Length > 0 && await db.EmployerRegistrations.AnyAsync(
            r => (r.LicenceFileId == file.Id || r.MandateFileId == file.Id || r.IdentityFileId == file.Id)
                && ancestors.Any(u => u.UnionId == r.UnionId && unions.Contains(u.AncestorId)),
            cancellation);
    }
}
