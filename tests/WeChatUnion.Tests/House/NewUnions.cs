using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Tests.House;

/// <summary>Unions beyond those of the demo county, for tests that must have one to themselves.</summary>
internal static class NewUnions
{
    private static int count;

    extension(TestHouse house)
    {
        /// <summary>Adds a union and answers its seed key.</summary>
        public async Task<string> NewUnion(
            string parent = "zhaipo", UnionState state = UnionState.Established, string? name = null, string? employer = null, string division = "410721101")
        {
            var key = $"union-{Interlocked.Increment(ref count)}";
            await house.Database.TransactAsync(
                async db => await db.AddUnionAsync(new UnionRow
                {
                    Id = Ids.New(),
                    SeedKey = key,
                    Name = name ?? $"{key}工会委员会",
                    Type = "05",
                    ParentId = await db.Unions.Where(u => u.SeedKey == parent).Select(u => u.Id).FirstAsync(),
                    DivisionCode = division,
                    EmployerName = employer,
                    IsHolding = false,
                    State = state,
                    Version = 1,
                    CreatedAt = house.Clock.Milliseconds(),
                }),
                CancellationToken.None);
            return key;
        }
    }
}
