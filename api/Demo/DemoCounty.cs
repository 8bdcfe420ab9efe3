using System.Security.Cryptography;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Messages;
using WeChatUnion.WeChatStandIn;

namespace WeChatUnion.Api.Demo;

/// <summary>
/// For newcomers, in Development and Debug builds only: the stand-in for WeChat, the county tree of 新乡县, demo
/// workers, staff accounts of every role, activities to sign up for, counsellors to book and firms that offer vacancies. Absent
/// from a Release publish.
/// </summary>
internal sealed class DemoCounty : IAsyncDisposable
{
    private const int UsualPort = 5101;
    private const string AccountsFile = "demo-accounts.txt";

    /// <summary>As WeChat's console asks for: 43 letters and digits.</summary>
    private const int PushKeyLength = 43;

    private StandIn? standIn;
    private StandInPush? push;

    /// <summary>Starts the stand-in when no credentials are configured.</summary>
    public static async Task<DemoCounty> PrepareAsync(WebApplicationBuilder builder)
    {
        var county = new DemoCounty();
        if (!builder.Environment.IsDevelopment() || builder.Configuration["WeChat:AppId"] is { Length: > 0 })
        {
            return county;
        }

        var options = new StandInOptions { Port = builder.Configuration.GetValue("DemoStandInPort", UsualPort), AllowControl = true };
        county.standIn = await StandIn.StartAsync(options);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["WeChat:AppId"] = options.AppId,
            ["WeChat:AppSecret"] = options.AppSecret,
            ["WeChat:BaseAddress"] = county.standIn.Address.ToString(),
        });
        if (builder.Configuration["WeChatPush:Token"] is not { Length: > 0 })
        {
            county.ConnectPush(builder.Configuration, options.AppId);
        }

        foreach (var template in NoticeKinds.Templates)
        {
            // As if the county had chosen them in mp.weixin.qq.com.
            county.standIn.Subscriptions.AddTemplate($"demo-{template.Name}", [.. template.Fields.Select(f => f.Key)]);
            builder.Configuration[$"Messages:Templates:{template.Name}"] = $"demo-{template.Name}";
        }

        return county;
    }

    /// <summary>Loads the demo people once and tells the newcomer where everything is.</summary>
    public async Task LoadAsync(WebApplication app)
    {
        if (standIn is null)
        {
            return;
        }

        var directory = app.Services.GetRequiredService<DataDirectory>();
        var accounts = Path.GetFullPath(directory.PathOf(AccountsFile));
        await app.Services.GetRequiredService<SeedLoader>().LoadAsync(
            "demo",
            async () =>
            {
                await ActivatorUtilities.CreateInstance<DemoUnions>(app.Services).LoadAsync();
                await ActivatorUtilities.CreateInstance<DemoStaff>(app.Services).LoadAsync(accounts);
                await ActivatorUtilities.CreateInstance<DemoWorkers>(app.Services).LoadAsync(standIn);
                await ActivatorUtilities.CreateInstance<DemoActivities>(app.Services).LoadAsync();
                await ActivatorUtilities.CreateInstance<DemoCounsellors>(app.Services).LoadAsync();
                await ActivatorUtilities.CreateInstance<DemoFirms>(app.Services).LoadAsync();
            },
            CancellationToken.None);
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            if (push is not null && app.Urls.FirstOrDefault() is { } address)
            {
                var listens = BindingAddress.Parse(address);
                standIn.SpeakTo(new UriBuilder(listens.Scheme, "127.0.0.1", listens.Port).Uri, push);
            }

            Tell(app, accounts);
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (standIn is not null)
        {
            await standIn.DisposeAsync();
        }
    }

    /// <summary>As if the push had been set up in mp.weixin.qq.com. The stand-in comes to the program where it listens, whatever stands before the path.</summary>
    private void ConnectPush(ConfigurationManager configuration, string appId)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))[..PushKeyLength];
        configuration["WeChatPush:Token"] = token;
        configuration["WeChatPush:EncodingAesKey"] = key;
        if (configuration["WeChat:PublicAddress"] is not { Length: > 0 })
        {
            configuration["WeChat:PublicAddress"] = "http://127.0.0.1/";
        }

        push = new StandInPush(token, key, appId);
    }

    private void Tell(WebApplication app, string accounts)
    {
        var address = app.Urls.FirstOrDefault() ?? "";
        Console.WriteLine(
            $"""

            工会服务平台已启动(演示数据)
              接口文档        {address}/swagger
              微信替身        {standIn!.Address}
              演示账号与密码  {accounts}
              走一遍主流程    bash seeds/first-day.sh

            """);
    }
}
