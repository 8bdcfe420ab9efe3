namespace WeChatUnion.Api.Infrastructure.Privacy;

/// <summary><c>verify-audit</c>: says whether anybody edited, deleted, inserted or reordered sealed audit entries.</summary>
internal sealed class VerifyAudit(AuditFaults faults) : ICommand
{
    private const int MostTold = 200;

    public string Name => "verify-audit";

    public string Form => Name;

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellation)
    {
        var count = 0;
        await foreach (var fault in faults.FindAsync(cancellation))
        {
            count++;
            if (count <= MostTold)
            {
                await output.WriteLineAsync(fault);
            }
        }

        await output.WriteLineAsync(count == 0
            ? $"审计日志完整,没有发现改动。等待封存的新记录:{await faults.WaitingAsync(cancellation)} 条。"
            : $"审计日志有 {count} 处问题" + (count > MostTold ? $"(只列出前 {MostTold} 处)。" : "。"));
        return count == 0 ? 0 : 1;
    }
}
