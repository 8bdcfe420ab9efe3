using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>
/// Somebody is invited to act for a union. The security administrator invites to every role, a union chair to
/// operative ones, both at their union and below.
/// </summary>
internal static class InviteStaff
{
    /// <param name="DisplayName">The name that others see.</param>
    /// <param name="Role">What she is to do.</param>
    /// <param name="UnionId">Where; the grant reaches this union and those below.</param>
    public sealed record Request(
        [property: Needed, LengthBetween(1, 40)] string? DisplayName,
        [property: Needed, KnownWord] Role? Role,
        [property: Needed, Id] string? UnionId);

    /// <summary>邀请工作人员 (invite a staff member).</summary>
    /// <response code="201">The link works once within 24 hours and is shown this once.</response>
    internal static async Task<Created<OneTimeLink>> Handle(
        Request request, Caller caller, StaffLinks links, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var link = await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                await Identity.Grants.HoldAsync(db, caller.PersonId);
                await db.RefuseToGiveAsync(caller, request.Role!.Value, request.UnionId!, cancellation);
                var made = await links.InviteAsync(db, request.DisplayName!, request.Role.Value, request.UnionId!, caller.PersonId, now);
                await Audit.WriteAsync(db, caller, "invite_staff", "staff_link", made.Id, now);
                return made;
            },
            cancellation);
        return TypedResults.Created("/api/v1/office/staff-invitations", link);
    }
}
