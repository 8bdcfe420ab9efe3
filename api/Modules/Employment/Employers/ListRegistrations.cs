using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Employers;

/// <summary>The officer's list of firms that wait for verification.</summary>
internal static class ListRegistrations
{
    public sealed record Item(string Id, int Version, RegistrationKind Kind, RegistrationState State, string CreditCode, string Name, bool IsMatched, DateTimeOffset CreatedAt);

    /// <summary>企业登记清单 (registrations of firms), the longest waiting first.</summary>
    /// <param name="state">submitted when not given.</param>
    internal static async Task<Ok<Listing<Item>>> Handle(
        string? state, int? take, string? after, Reach reach, Database database, CancellationToken cancellation)
    {
        var (count, mark) = (Page.Take(take), Page.AfterId(after));
        var wanted = state switch
        {
            null or "submitted" => RegistrationState.Submitted,
            "approved" => RegistrationState.Approved,
            "rejected" => RegistrationState.Rejected,
            "withdrawn" => RegistrationState.Withdrawn,
            _ => throw Refusal.OfField("state", "请从 submitted、approved、rejected、withdrawn 中选择。"),
        };
        await using var db = database.Open();
        var ancestors = db.UnionAncestors;
        var rows = await db.EmployerRegistrations
            .Where(r => r.State == wanted && ancestors.Any(u => u.UnionId == r.UnionId && reach.UnionIds.Contains(u.AncestorId)))
            .Where(r => mark == null || r.Id.CompareTo(mark) > 0)
            .OrderBy(r => r.Id).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(
            rows, count, r => new Item(r.Id, r.Version, r.Kind, r.State, r.CreditCode, r.Name, r.IsMatched, Instants.At(r.CreatedAt)), r => r.Id));
    }
}

/// <summary>The officer opens one: what was said, and the documents to compare it with.</summary>
internal static class GetRegistration
{
    public const string Deed = "view_employer_registration";

    /// <param name="Phone">By which the officer reaches the clerk; seeing it is audited.</param>
    /// <param name="UnionName">The firm's union, or that of its place.</param>
    /// <param name="LicenceFileId">To be opened at <c>/office/files/{id}</c>.</param>
    /// <param name="IdentityFileId">Null once decided.</param>
    public sealed record Response(Registration Registration, string Phone, string UnionName, string LicenceFileId, string MandateFileId, string? IdentityFileId);

    /// <summary>查看企业登记 (open a registration).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Caller caller, Reach reach, FieldCipher cipher, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var (row, isSetUp, union) = await database.TransactAsync(
            async db =>
            {
                var row = await db.EmployerRegistrations.FirstOrDefaultAsync(r => r.Id == id, cancellation);
                if (row is null || !await db.IsInReachAsync(reach, row.UnionId, cancellation))
                {
                    throw new Refusal(CommonProblems.NotFound);
                }

                await Audit.WriteAsync(db, caller, Deed, "employer_registration", id, clock.Milliseconds(), row.PersonId);
                return (
                    row,
                    await Registration.IsSetUpAsync(db, row.LinkId, cancellation),
                    await db.Unions.Where(u => u.Id == row.UnionId).Select(u => u.Name).FirstAsync(cancellation));
            },
            cancellation);
        return TypedResults.Ok(new Response(
            Registration.Of(row, cipher, isSetUp), cipher.Open(RegistrationRow.PhonePlace, row.Id, row.PhoneSealed), union, row.LicenceFileId, row.MandateFileId, row.IdentityFileId));
    }
}
