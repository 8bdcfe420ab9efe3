using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using WeChatUnion.Api.Infrastructure.Settings;
using WeChatUnion.Api.Modules.Conduct;
using WeChatUnion.Api.Modules.Employment;
using WeChatUnion.Api.Modules.Counselling;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Messages;
using WeChatUnion.Api.Modules.Singles;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Infrastructure;

public sealed class SampleSettingsTests : IDisposable
{
    private static readonly string Sample = Path.Combine(Sources.Root, "appsettings.sample.json");
    private readonly string folder = Directory.CreateTempSubdirectory("wu").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_sample_has_exactly_the_keys_that_settings_records_bind()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Sample), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        var shown = document.RootElement.EnumerateObject().SelectMany(s => s.Value.EnumerateObject().Select(k => $"{s.Name}:{k.Name}"));
        var bound = Read().Sections.SelectMany(s => s.Value.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite).Select(p => $"{s.Key}:{p.Name}"));
        Assert.Equal(bound.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_sample_binds_and_is_at_fault_for_its_sample_secrets_only() => Assert.Equal(
        ["Privacy:FieldKeys:2026-1", "Privacy:IndexKey", "Singles:BallotKey", "WeChat:AppId", "WeChat:AppSecret"],
        Read().Faults.Select(f => f.Split(' ')[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_key_of_the_sample_is_explained()
    {
        var lines = File.ReadAllLines(Sample);
        for (var line = 1; line < lines.Length; line++)
        {
            if (lines[line].StartsWith("    \"", StringComparison.Ordinal))
            {
                Assert.StartsWith("//", lines[line - 1].Trim(), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("WeChat:BaseAddress", "http://127.0.0.1:5101/", "替身")]
    [InlineData("WeChat:BaseAddress", "https://localhost/", "替身")]
    [InlineData("WeChat:BaseAddress", "api.weixin.qq.com", "完整的网址")]
    [InlineData("WeChat:AppId", "wx0000000000000000", "WeChat:AppId")]
    [InlineData("WeChat:AppSecret", "", "WeChat:AppSecret")]
    [InlineData("WeChat:Secret", "canary", "WeChat:Secret 不是本程序的配置项")]
    [InlineData("WeChat:TimeoutSeconds", "canary", "WeChat:TimeoutSeconds 的值类型不对")]
    [InlineData("RateLimits:PerPerson", "0", "正整数")]
    [InlineData("Privacy:IndexKey", "c2hvcnQ=", "Privacy:IndexKey")]
    [InlineData("Privacy:FormerIndexKey", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "Privacy:FormerIndexKey")]
    [InlineData("Privacy:Cipher", "des", "Privacy:Cipher")]
    [InlineData("Database:Kind", "oracle", "Database:Kind")]
    [InlineData("Staff:PasswordIterations", "1000", "Staff:PasswordIterations")]
    [InlineData("Proxy:TrustedAddresses:0", "my-proxy", "Proxy:TrustedAddresses")]
    [InlineData("Redis:Connection", "127.0.0.1,canary=1", "Redis:Connection")]
    [InlineData("Data:Directory", "/proc/nowhere", "Data:Directory")]
    [InlineData("Database:ConnectionString", "Server=127.0.0.1;Canary=1", "Database:ConnectionString 格式不对")]
    public void One_wrong_setting_is_one_sentence_for_a_Production_start(string key, string value, string words)
    {
        var settings = ProductionSettings.Right();
        settings["Data:Directory"] = folder;
        settings["Database:Kind"] = "mysql";
        settings["Database:ConnectionString"] = "Server=127.0.0.1";
        Assert.Empty(Read(settings).Faults);
        settings[key] = value;
        var sentence = Assert.Single(Read(settings).Faults);
        Assert.Contains(words, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", sentence, StringComparison.OrdinalIgnoreCase);
    }

    private static AllSettings Read(Dictionary<string, string> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings!);
        return builder.AddSettings(IdentityModule.ReadSettings, ConductModule.ReadSettings, MessagesModule.ReadSettings, CounsellingModule.ReadSettings, EmploymentModule.ReadSettings, SinglesModule.ReadSettings);
    }

    private AllSettings Read()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddJsonFile(Sample, optional: false);
        builder.Configuration.AddInMemoryCollection([new("Data:Directory", folder)]);
        return builder.AddSettings(IdentityModule.ReadSettings, ConductModule.ReadSettings, MessagesModule.ReadSettings, CounsellingModule.ReadSettings, EmploymentModule.ReadSettings, SinglesModule.ReadSettings);
    }
}
