using WeChatUnion.Api.Infrastructure.Privacy;

namespace WeChatUnion.Tests.Privacy;

public sealed class AuditChainTests
{
    private static readonly StoredEntry Entry = new()
    {
        Id = new string('0', 31) + "a",
        At = 1795483200000,
        PersonId = new string('b', 32),
        SessionKind = "staff",
        Address = "::1",
        Deed = "read_application",
        RecordKind = "membership_application",
        RecordId = "",
        SubjectId = new string('c', 32),
    };

    /// <summary>The expected hash was computed by another program from the format's description.</summary>
    [Fact]
    public void The_hash_is_the_one_that_the_format_describes() => Assert.Equal(
        "b28b0253a4274d10eb4a2bdbedfb9e24d4ab462137d6839bf75a2c421c394dda",
        AuditChain.Next(AuditChain.Beginning, "2026-11-24", 1, 1795483205000, Entry));

    [Fact]
    public void Text_that_moves_from_one_field_to_the_next_or_is_absent_changes_the_hash()
    {
        string[] hashes =
        [
            HashOf(Entry with { Deed = "a", RecordKind = "bc" }),
            HashOf(Entry with { Deed = "ab", RecordKind = "c" }),
            HashOf(Entry with { Deed = "a,2:bc", RecordKind = "" }),
            HashOf(Entry with { Role = "" }),
            HashOf(Entry with { Role = null }),
            HashOf(Entry with { Role = "-" }),
            HashOf(Entry with { Role = null, UnionId = "-" }),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    private static string HashOf(StoredEntry entry) => AuditChain.Next(AuditChain.Beginning, "2026-11-24", 1, 0, entry);
}
