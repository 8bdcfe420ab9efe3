using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Employment.Employers;

/// <summary>Whoever sets up an account by the link of an approved registration becomes that firm's clerk, in the same transaction.</summary>
internal static class NewClerk
{
    public static async Task BindAsync(Db db, string linkId, string personId, long now, CancellationToken cancellation)
    {
        var employerId = await db.EmployerRegistrations.Where(r => r.LinkId == linkId).Select(r => r.EmployerId).FirstOrDefaultAsync(cancellation);
        if (employerId is not null)
        {
            await db.InsertAsync(new ClerkRow { PersonId = personId, EmployerId = employerId, Since = now }, token: cancellation);
        }
    }
}
