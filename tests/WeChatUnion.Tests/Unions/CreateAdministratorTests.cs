using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Unions;

public sealed class CreateAdministratorOnSqlite(SqliteHouse house) : CreateAdministratorTests(house), IClassFixture<SqliteHouse>;

public sealed class CreateAdministratorOnMariaDb(MariaDbHouse house) : CreateAdministratorTests(house), IClassFixture<MariaDbHouse>;

public abstract class CreateAdministratorTests(TestHouse house)
{
    /// <summary>One story: each step stands on the one before.</summary>
    [Fact]
    public async Task The_first_administrator_comes_with_the_county_and_a_second_one_only_on_demand()
    {
        await house.Execute("DELETE FROM union_ancestors");
        await house.Execute("UPDATE unions SET parent_id = NULL");
        await house.Execute("DELETE FROM unions");

        Assert.Equal((64, 64), (await Code(), await Code("安全员", "--sudo")));
        Assert.Equal(1, await Code("安全员"));
        Assert.Equal(1, await Code("安全员", "--union", "新乡县总工会", "--division", "999999"));
        Assert.Equal(0, await house.Number("SELECT COUNT(*) FROM unions"));

        var lost = Token(await Run("安全员", "--union", "新乡县总工会", "--division", "410721"));
        var token = Token(await Run("安全员"));
        Assert.Equal(1, await house.Number("SELECT COUNT(*) FROM unions WHERE name = '新乡县总工会' AND division_code = '410721'"));
        (await house.Anonymous().PostWithoutKey("/api/v1/office/invitation-checks", new { token = lost })).MustBe(System.Net.HttpStatusCode.Conflict, "link_unusable");

        var security = await (await Invited.AcceptAsync(house, token, Invited.NewName())).SignIn();
        Assert.Equal("security_administrator", (await security.Get("/api/v1/office/me")).Body.GetProperty("grants")[0].GetProperty("role").GetString());
        Assert.Equal(1, await Code("另一人"));
        Assert.Equal(1, await Code("另一人", "--again", "--union", "没有这个工会"));
        Token(await Run("另一人", "--again", "--union", "新乡县总工会"));
        Assert.Equal(3, await house.Number("SELECT COUNT(*) FROM audit_entries WHERE deed = 'create_administrator'"));
    }

    private static string Token((int Code, string Text) run)
    {
        Assert.True(run.Code == 0, run.Text);
        return run.Text.Split('\n').Single(l => l.Contains("令牌", StringComparison.Ordinal)).Split(' ')[^1].Trim();
    }

    private async Task<int> Code(params string[] args)
    {
        var (code, text) = await Run(args);
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", text);
        return code;
    }

    private async Task<(int Code, string Text)> Run(params string[] args)
    {
        using var output = new StringWriter();
        var command = house.Services.GetServices<ICommand>().Single(c => c.Name == "create-administrator");
        return (await command.RunAsync(args, output, CancellationToken.None), output.ToString());
    }
}
