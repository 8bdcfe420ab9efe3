using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>A person's phone in clear.</summary>
internal static class UnmaskablePhone
{
    public const string Field = "phone";

    public static UnmaskableField Of(IEnumerable<PersonInReach> belongs) => new(
        "person",
        Field,
        async (db, cipher, unionIds, personId, cancellation) =>
            await belongs.AnyAsync(db, unionIds, personId, cancellation) ? await FindAsync(db, cipher, personId, cancellation) : null);

    /// <summary>For a record whose reach has been checked.</summary>
    public static async Task<Unmaskable?> FindAsync(
        Infrastructure.Database.Db db, FieldCipher cipher, string personId, CancellationToken cancellation)
    {
        var person = await db.Persons.FirstOrDefaultAsync(p => p.Id == personId, cancellation);
        return person?.PhoneSealed is { } phone ? new Unmaskable(person.Id, cipher.Open(SetPhone.Place, person.Id, phone)) : null;
    }
}
