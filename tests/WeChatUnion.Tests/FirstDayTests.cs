using System.Diagnostics;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests;

/// <summary>Walks what the README names second, <c>seeds/first-day.sh</c>, on what the one command starts.</summary>
public sealed class FirstDayTests(NewcomerProgram program) : IClassFixture<NewcomerProgram>
{
    private static readonly string Script = Path.GetFullPath(Path.Combine(ApiProcess.ProgramFolder, "../../../../seeds/first-day.sh"));

    [Fact]
    public async Task The_first_day_runs_to_its_end_on_every_day()
    {
        foreach (var _ in new[] { 1, 2 })
        {
            var output = await FirstDayAsync();
            Assert.Contains("membership_approved", output, StringComparison.Ordinal);
            Assert.Matches("\"memberNumber\": ?\"", output);
            Assert.Contains("从 wx.login 到在册会员", output, StringComparison.Ordinal);
            Assert.Contains("与本人证件核对", output, StringComparison.Ordinal);
            Assert.Contains("从邀请到查看留痕", output, StringComparison.Ordinal);
            Assert.Matches("\"attendanceRate\": ?1", output);
            Assert.Contains("\"state\":\"offered\"", output, StringComparison.Ordinal);
            Assert.Contains("\"kind\":\"place_offered\"", output, StringComparison.Ordinal);
            Assert.Contains("从发布活动到现场签到", output, StringComparison.Ordinal);
            Assert.Matches("\"photos\": ?\\[\\{[^]]*\"check\": ?\"passed\"", output);
            Assert.Matches("\"photoFileIds\": ?\\[\"[0-9a-f]{32}\"\\]", output);
            Assert.Contains("从联谊信息到牵手", output, StringComparison.Ordinal);
            Assert.Contains("\"kind\":\"service_reminder\"", output, StringComparison.Ordinal);
            Assert.Contains("您预约的服务有新消息", output, StringComparison.Ordinal);
            Assert.Contains("从化名预约到谈完,旁人只看到时间被占用", output, StringComparison.Ordinal);
            Assert.Contains("\"class\":\"sex\"", output, StringComparison.Ordinal);
            Assert.Contains("\"state\":\"invited\"", output, StringComparison.Ordinal);
            Assert.Contains("仓储码垛工", output, StringComparison.Ordinal);
            Assert.EndsWith("从企业登记到岗位投递", output.TrimEnd(), StringComparison.Ordinal);
        }
    }

    private async Task<string> FirstDayAsync()
    {
        var start = new ProcessStartInfo("bash", [Script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["API"] = program.Api.Address.GetLeftPart(UriPartial.Authority);
        start.Environment["STAND_IN"] = $"http://127.0.0.1:{program.StandInPort}";
        start.Environment["ACCOUNTS"] = program.Accounts;
        using var script = Process.Start(start)!;
        var error = script.StandardError.ReadToEndAsync();
        var output = await script.StandardOutput.ReadToEndAsync();
        await script.WaitForExitAsync();
        Assert.True(script.ExitCode == 0, $"{output} {await error}");
        return output;
    }
}
