using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Unions;

/// <summary>
/// <c>create-administrator NAME</c>: prints a one-time link for the first security administrator, who then invites all
/// others. On an empty database it records the county federation first.
/// </summary>
internal sealed class CreateAdministrator(Database database, StaffLinks links, TimeProvider clock) : ICommand
{
    private const int WrongUsage = 64;
    private const int Refused = 1;
    private const int LongestName = 40;

    /// <summary>Code of the table <c>union_type</c>: 县总工会.</summary>
    private const string FederationType = "01";

    public string Name => "create-administrator";

    public string Form => "create-administrator 姓名 [--union 工会名称] [--division 行政区划代码] [--again]";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellation)
    {
        if (Options.Read([.. arguments]) is not { } options)
        {
            await output.WriteLineAsync($"用法:{Form}");
            return WrongUsage;
        }

        var (link, sentence) = await database.TransactAsync(db => MakeAsync(db, options, cancellation), cancellation);
        await output.WriteLineAsync(sentence);
        if (link is null)
        {
            return Refused;
        }

        await output.WriteLineAsync($"  {(link.Link is null ? "令牌" : "链接")}  {link.Link ?? link.Token}");
        await output.WriteLineAsync($"  有效期至 {link.ExpiresAt:yyyy-MM-dd HH:mm},只能用一次。请当面交给本人。");
        return 0;
    }

    private async Task<(OneTimeLink? Link, string Sentence)> MakeAsync(Db db, Options options, CancellationToken cancellation)
    {
        var now = clock.Milliseconds();
        if (!options.IsAgain && await db.Grants.AnyAsync(g => g.Role == Role.SecurityAdministrator, cancellation))
        {
            return (null, "已有安全管理员,没有另建。由她邀请其他人即可;确需再建请加 --again。");
        }

        var (union, fault) = await UnionAsync(db, options, now, cancellation);
        if (union is null)
        {
            return (null, fault);
        }

        // A link of an earlier run was lost, or this one would not be asked for.
        await db.StaffLinks
            .Where(l => l.MadeBy == null && l.Role == Role.SecurityAdministrator && l.UsedAt == null && l.WithdrawnAt == null)
            .Set(l => l.WithdrawnAt, now).UpdateAsync(cancellation);
        var link = await links.InviteAsync(db, options.DisplayName, Role.SecurityAdministrator, union.Id, null, now);
        await Audit.WriteAsync(db, Operator.Here(), "create_administrator", "staff_link", link.Id, now);
        return (link, $"已为 {options.DisplayName} 准备安全管理员账号({union.Name})。");
    }

    /// <summary>The union asked for, the only top one, or, on an empty database, the federation made now.</summary>
    private static async Task<(UnionRow? Union, string Fault)> UnionAsync(Db db, Options options, long now, CancellationToken cancellation)
    {
        if (!await db.Unions.AnyAsync(cancellation))
        {
            return await FoundAsync(db, options, now, cancellation);
        }

        var found = options.Union is { } name
            ? await db.Unions.Where(u => u.Name == name && (options.Division == null || u.DivisionCode == options.Division)).Take(2).ToListAsync(cancellation)
            : await db.Unions.Where(u => u.ParentId == null).Take(2).ToListAsync(cancellation);
        return found.Count switch
        {
            1 => (found[0], ""),
            0 => (null, $"没有名为 {options.Union} 的工会,请核对 --union(和 --division)。"),
            _ => (null, "符合的工会不止一个,请用 --union 和 --division 指明。"),
        };
    }

    private static async Task<(UnionRow? Union, string Fault)> FoundAsync(Db db, Options options, long now, CancellationToken cancellation)
    {
        if (options.Union is not { } name || options.Division is not { } division)
        {
            return (null, "系统中还没有工会。请给出县总工会:--union \"新乡县总工会\" --division 410721");
        }

        if (!await db.Divisions.AnyAsync(d => d.Code == division, cancellation))
        {
            return (null, $"没有行政区划 {division},请核对 --division。");
        }

        var union = new UnionRow
        {
            Id = Ids.New(),
            Name = name,
            Type = FederationType,
            DivisionCode = division,
            IsHolding = false,
            State = UnionState.Established,
            Version = 1,
            CreatedAt = now,
        };
        await db.AddUnionAsync(union);
        return (union, "");
    }

    private sealed record Options(string DisplayName, string? Union, string? Division, bool IsAgain)
    {
        /// <summary>Null when something is missing, unknown or too long.</summary>
        public static Options? Read(string[] args)
        {
            var options = new Options("", null, null, false);
            for (var i = 0; i < args.Length; i++)
            {
                var value = i + 1 < args.Length ? args[i + 1].Normalize().Trim() : null;
                switch (args[i])
                {
                    case "--again":
                        options = options with { IsAgain = true };
                        break;
                    case "--union" when value is { Length: > 0 and <= 120 }:
                        options = options with { Union = value };
                        i++;
                        break;
                    case "--division" when value is { Length: > 0 and <= 12 }:
                        options = options with { Division = value };
                        i++;
                        break;
                    case var word when !word.StartsWith('-') && options.DisplayName.Length == 0:
                        options = options with { DisplayName = word.Normalize().Trim() };
                        break;
                    default:
                        return null;
                }
            }

            return options.DisplayName.Length is > 0 and <= LongestName ? options : null;
        }
    }
}
