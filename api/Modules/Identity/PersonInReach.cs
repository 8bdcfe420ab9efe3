using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>
/// Does this person belong to one of the unions or to one below? Identity does not know who belongs where; a higher
/// module that does registers an answer, and one yes is enough.
/// </summary>
internal delegate Task<bool> PersonInReach(
    Db db, IReadOnlyCollection<string> unionIds, string personId, CancellationToken cancellation);

internal static class PersonsInReach
{
    /// <summary>Whether any module says yes.</summary>
    public static async Task<bool> AnyAsync(
        this IEnumerable<PersonInReach> belongs, Db db, IReadOnlyCollection<string> unionIds, string personId, CancellationToken cancellation)
    {
        foreach (var isInReach in belongs)
        {
            if (await isInReach(db, unionIds, personId, cancellation))
            {
                return true;
            }
        }

        return false;
    }
}
