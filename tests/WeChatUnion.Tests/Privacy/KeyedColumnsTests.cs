using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Tests.House;
using WeChatUnion.Tests.Members;

namespace WeChatUnion.Tests.Privacy;

public sealed class KeyedColumnsTests(SqliteHouse house) : IClassFixture<SqliteHouse>
{
    [Fact]
    public async Task Every_sealed_or_indexed_column_is_registered_for_a_change_of_keys()
    {
        var (inSchema, registered) = await ColumnsAsync();
        Assert.Empty(inSchema.Except(registered));
        Assert.Empty(registered.Where(c => c.EndsWith("_sealed", StringComparison.Ordinal) || c.EndsWith("_index", StringComparison.Ordinal)).Except(inSchema));

        // Control: a column that nobody registered.
        await house.Execute("ALTER TABLE consents ADD COLUMN planted_sealed TEXT NULL");
        var (withPlanted, _) = await ColumnsAsync();
        Assert.Equal(["consents.planted_sealed"], withPlanted.Except(registered));
        await house.Execute("ALTER TABLE consents DROP COLUMN planted_sealed");
    }

    [Fact]
    public async Task Values_written_before_they_carried_a_mark_get_it_and_are_found()
    {
        var member = await house.MemberOf("jinsui");
        var before = await house.Words($"SELECT phone_index FROM persons WHERE id = '{member.PersonId}'");
        const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        await house.Execute($"UPDATE persons SET phone_index = '{Hex}', phone_former_index = '{Hex}' WHERE id = '{member.PersonId}'");
        var marking = house.Services.GetServices<Api.Infrastructure.IReferenceData>().OfType<MarkOlderIndexes>().Single();
        await marking.LoadAsync(CancellationToken.None);
        await marking.LoadAsync(CancellationToken.None);
        Assert.Equal(
            [before[0][..8] + Hex[..56]],
            await house.Words($"SELECT phone_index FROM persons WHERE id = '{member.PersonId}' AND phone_former_index = phone_index"));
        await house.Execute($"UPDATE persons SET phone_index = '{before[0]}', phone_former_index = '{before[0]}' WHERE id = '{member.PersonId}'");
    }

    private async Task<(List<string> InSchema, List<string> Registered)> ColumnsAsync()
    {
        await using var db = house.Database.Open();
        var inSchema = await db.QueryToListAsync<string>(
            """
            SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
            WHERE m.type = 'table' AND (c.name LIKE '%\_sealed' ESCAPE '\' OR c.name LIKE '%\_index' ESCAPE '\' OR c.name LIKE '%\_locked' ESCAPE '\')
            """);
        var registered = house.Services.GetServices<SealedColumn>().Select(c => $"{c.Table}.{c.Column}")
            .Concat(house.Services.GetServices<IndexedColumn>().SelectMany(c => new[] { $"{c.Table}.{c.Column}", $"{c.Table}.{c.FormerColumn}" }))
            .Concat(house.Services.GetServices<PassingIndex>().Select(c => $"{c.Table}.{c.Column}"));
        return (inSchema, [.. registered]);
    }
}
