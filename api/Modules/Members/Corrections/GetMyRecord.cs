using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Members.Corrections;

/// <summary>My registration form as the union has it.</summary>
internal static class GetMyRecord
{
    /// <param name="Version">Give this back when correcting.</param>
    public sealed record Response(int Version, RegistrationForm Form);

    /// <summary>我的会员登记表 (my registration form).</summary>
    internal static async Task<Ok<Response>> Handle(Caller caller, Database database, FieldCipher cipher, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var membership = await db.Memberships.FirstOrDefaultAsync(m => m.LivePersonId == caller.PersonId, cancellation)
            ?? throw new Refusal(MembersProblems.NotMember);
        var record = await db.MemberRecords.FirstAsync(r => r.PersonId == caller.PersonId, cancellation);
        return TypedResults.Ok(new Response(membership.Version, RegistrationForm.Of(record, cipher)));
    }
}
