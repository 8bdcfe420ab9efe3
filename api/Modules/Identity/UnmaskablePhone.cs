using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>
/// Does this person belong to one of the unions or to one below? Identity does not know who belongs where; a higher
/// module that does registers an answer, and one yes is enough.
/// </summary>
internal delegate Task<bool> PersonInReach(
    Infrastructure.Database.Db db, IReadOnlyCollection<string> unionIds, string personId, CancellationToken cancellation);

/// <summary>A person's phone in clear.</summary>
internal static class UnmaskablePhone
{
    public const string Field = "phone";

    public static UnmaskableField Of(IEnumerable<PersonInReach> belongs) => new(
        "person",
        Field,
        async (db, cipher, unionIds, personId, cancellation) =>
        {
            foreach (var isInReach in belongs)
            {
                if (await isInReach(db, unionIds, personId, cancellation))
                {
                    return await FindAsync(db, cipher, personId, cancellation);
                }
            }

            return null;
        });

    /// <summary>For a record whose reach has been checked.</summary>
    public static async Task<Unmaskable?> FindAsync(
        Infrastructure.Database.Db db, FieldCipher cipher, string personId, CancellationToken cancellation)
    {
        var person = await db.Persons.FirstOrDefaultAsync(p => p.Id == personId, cancellation);
        return person?.PhoneSealed is { } phone ? new Unmaskable(person.Id, cipher.Open(SetPhone.Place, person.Id, phone)) : null;
    }
}
