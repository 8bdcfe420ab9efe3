using System.Data.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>Who am I to the union? Called at every launch, so one plain statement; nothing of it is cached.</summary>
internal static class GetMe
{
    private const string Sql =
        """
        SELECT p.id, p.phone_sealed, r.name, m.member_number, m.state, m.joined_on, u.id, u.name, a.state, g.role, g.union_id
        FROM persons p
        LEFT JOIN member_records r ON r.person_id = p.id
        LEFT JOIN memberships m ON m.live_person_id = p.id
        LEFT JOIN unions u ON u.id = m.union_id
        LEFT JOIN membership_applications a ON a.open_person_id = p.id
        LEFT JOIN grants g ON g.person_id = p.id
        WHERE p.id = @key
        """;

    public sealed record Membership(string MemberNumber, MembershipState State, DateOnly JoinedOn, string UnionId, string UnionName);

    /// <param name="Role">What I may do for an organisation; the office has its own sign-in.</param>
    public sealed record GrantItem(Role Role, string UnionId);

    /// <param name="Name">As on my registration form; null before I filled it in.</param>
    /// <param name="Phone">Masked; null before I bound one.</param>
    /// <param name="Membership">Null while I am not a member.</param>
    /// <param name="ApplicationState">Null when no application is open.</param>
    public sealed record Response(
        string PersonId, string? Name, string? Phone, Membership? Membership, ApplicationState? ApplicationState, IReadOnlyList<GrantItem> Grants);

    /// <summary>我的信息 (me).</summary>
    internal static async Task<Ok<Response>> Handle(Caller caller, FrequentReads reads, FieldCipher cipher, CancellationToken cancellation)
    {
        var rows = await reads.ListAsync(Sql, caller.PersonId, Row.Read, cancellation);
        var me = rows[0];
        return TypedResults.Ok(new Response(
            caller.PersonId,
            me.Name,
            me.PhoneSealed is { } phone ? Masking.Phone(cipher.Open(SetPhone.Place, caller.PersonId, phone)) : null,
            me.MemberNumber is null
                ? null
                : new Membership(me.MemberNumber, me.MembershipState!.Value, Instants.Date(me.JoinedOn!), me.UnionId!, me.UnionName!),
            me.ApplicationState,
            [.. rows.Where(r => r.Role is not null).Select(r => new GrantItem(r.Role!.Value, r.GrantUnionId!))]));
    }

    /// <summary>One for each grant, or one without.</summary>
    private sealed record Row(
        string? PhoneSealed,
        string? Name,
        string? MemberNumber,
        MembershipState? MembershipState,
        string? JoinedOn,
        string? UnionId,
        string? UnionName,
        ApplicationState? ApplicationState,
        Role? Role,
        string? GrantUnionId)
    {
        public static Row Read(DbDataReader row) => new(
            row.TextOrNone(1),
            row.TextOrNone(2),
            row.TextOrNone(3),
            StoredWord<MembershipState>.ReadOrNone(row.TextOrNone(4)),
            row.TextOrNone(5),
            row.TextOrNone(6),
            row.TextOrNone(7),
            StoredWord<ApplicationState>.ReadOrNone(row.TextOrNone(8)),
            StoredWord<Role>.ReadOrNone(row.TextOrNone(9)),
            row.TextOrNone(10));
    }
}
