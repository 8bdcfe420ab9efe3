using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WeChatUnion.Api.Modules.Activities.Allocating;

/// <param name="Number">报名序号.</param>
/// <param name="Party">How many places it takes, guests included.</param>
internal sealed record DrawEntry(int Number, int Party);

/// <param name="Entries">In order of their numbers.</param>
internal sealed record DrawGroup(string GroupId, int Capacity, IReadOnlyList<DrawEntry> Entries);

/// <summary>Who takes part in a draw: numbers, no names.</summary>
internal sealed record DrawList(string ActivityId, IReadOnlyList<DrawGroup> Groups)
{
    private const string FirstLine = "draw-list 1";

    /// <summary>
    /// The text that is hashed, UTF-8, every line ended by a line feed: <c>draw-list 1</c>, <c>activity ID</c>, then for
    /// each group in its order <c>group ID CAPACITY</c> and for each of its numbers, ascending, <c>NUMBER PARTY</c>.
    /// </summary>
    public string Content()
    {
        var text = new StringBuilder($"{FirstLine}\nactivity {ActivityId}\n");
        foreach (var group in Groups)
        {
            text.Append(CultureInfo.InvariantCulture, $"group {group.GroupId} {group.Capacity}\n");
            foreach (var entry in group.Entries)
            {
                text.Append(CultureInfo.InvariantCulture, $"{entry.Number} {entry.Party}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The list of a stored <see cref="Content"/>.</summary>
    public static DrawList Parse(string content)
    {
        var lines = content.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).ToList();
        var groups = new List<DrawGroup>();
        var entries = new List<DrawEntry>();
        foreach (var line in lines.Skip(2))
        {
            if (line[0] == "group")
            {
                entries = [];
                groups.Add(new DrawGroup(line[1], int.Parse(line[2], CultureInfo.InvariantCulture), entries));
            }
            else
            {
                entries.Add(new DrawEntry(int.Parse(line[0], CultureInfo.InvariantCulture), int.Parse(line[1], CultureInfo.InvariantCulture)));
            }
        }

        return new DrawList(lines[1][1], groups);
    }
}

/// <param name="Places">So many places were drawn for: the group's capacity, fewer if some had been given otherwise.</param>
/// <param name="Winners">Numbers in order of their scores.</param>
/// <param name="Line">The other numbers in order of their scores.</param>
internal sealed record GroupOutcome(string GroupId, int Places, IReadOnlyList<int> Winners, IReadOnlyList<int> Line);

/// <param name="Withdrawn">Numbers of the list that were given back before the draw: they score, but win nothing.</param>
internal sealed record DrawOutcome(IReadOnlyList<int> Withdrawn, IReadOnlyList<GroupOutcome> Groups);

/// <summary>抽签的算法: pure; <c>miniprogram-contract/recompute-draw.mjs</c> does the same from public data alone.</summary>
internal static class Drawing
{
    public const int SecretLength = 32;

    /// <summary>SHA-256 of the secret's 32 bytes, lower-case hex.</summary>
    public static string Commitment(byte[] secret) => Convert.ToHexStringLower(SHA256.HashData(secret));

    /// <summary>SHA-256 of a list's content, lower-case hex.</summary>
    public static string HashOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    /// <summary>
    /// SHA-256, lower-case hex, of: the secret (32 bytes) ‖ the public value (UTF-8) ‖ the activity's id (its 32 ASCII
    /// characters) ‖ the sign-up number (4 bytes, most significant first). Depends on nobody else's number.
    /// </summary>
    public static string Score(byte[] secret, string value, string activityId, int number)
    {
        byte[] bytes = [.. secret, .. Encoding.UTF8.GetBytes(value), .. Encoding.ASCII.GetBytes(activityId), 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(bytes.Length - sizeof(int)), number);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>
    /// Per group the lowest scores win. The first whose party is larger than what is left waits, and so does everybody
    /// behind: nobody is passed over for being more.
    /// </summary>
    /// <param name="places">Group id → places to draw for.</param>
    public static DrawOutcome Draw(DrawList list, byte[] secret, string value, IReadOnlySet<int> withdrawn, IReadOnlyDictionary<string, int> places) => new(
        [.. withdrawn.Order()],
        [.. list.Groups.Select(g => OfGroup(g, places[g.GroupId], e => Score(secret, value, list.ActivityId, e.Number), withdrawn))]);

    private static GroupOutcome OfGroup(DrawGroup group, int places, Func<DrawEntry, string> score, IReadOnlySet<int> withdrawn)
    {
        var order = group.Entries.Where(e => !withdrawn.Contains(e.Number))
            .OrderBy(score, StringComparer.Ordinal).ThenBy(e => e.Number).ToList();
        var left = places;
        var winners = order.TakeWhile(e => (left -= e.Party) >= 0).Select(e => e.Number).ToList();
        return new GroupOutcome(group.GroupId, places, winners, [.. order.Skip(winners.Count).Select(e => e.Number)]);
    }
}
