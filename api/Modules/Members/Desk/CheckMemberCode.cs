using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Members.Standing;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Desk;

/// <summary>
/// Somebody at a desk reads a member code: is this a member, and of which union? Any desk may ask about any member who
/// shows her code; the answer is masked and the look is audited.
/// </summary>
internal static class CheckMemberCode
{
    /// <param name="Code">As shown by the member's phone.</param>
    public sealed record Request([property: Needed, LengthBetween(1, 100)] string? Code);

    /// <param name="Name">Masked.</param>
    public sealed record Response(string MemberNumber, string Name, MembershipState State, bool Votes, string UnionId, string UnionName);

    /// <summary>核验会员码 (check a member code).</summary>
    internal static async Task<Ok<Response>> Handle(
        Request request, Caller caller, Database database, MemberCode codes, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        var id = codes.MembershipOf(request.Code!, now);
        await database.TransactAsync(db => Audit.WriteAsync(db, caller, "check_member_code", "membership", id, now), cancellation);
        await using var reading = database.Open();
        var found = await (
            from membership in reading.Memberships
            join record in reading.MemberRecords on membership.PersonId equals record.PersonId
            join union in reading.Unions on membership.UnionId equals union.Id
            where membership.Id == id
            select new { membership, record.Name, UnionName = union.Name }).FirstOrDefaultAsync(cancellation);
        if (found is null || !found.membership.State.IsLive())
        {
            throw new Refusal(MembersProblems.MemberLeft);
        }

        return TypedResults.Ok(new Response(
            found.membership.MemberNumber,
            Masking.Name(found.Name!),
            found.membership.State,
            found.membership.State.Votes(),
            found.membership.UnionId,
            found.UnionName));
    }
}
