namespace WeChatUnion.Api.Modules.Identity.MyData;

/// <summary>Section <c>MyData</c>: what a person does with her own data.</summary>
internal sealed record MyDataSettings
{
    /// <summary>Days between asking for deletion and its being carried out; until then she may take it back.</summary>
    public int CoolingOffDays { get; init; } = 7;

    /// <summary>Exports an hour for one person, over all nodes.</summary>
    public int ExportsPerHour { get; init; } = 5;

    public IEnumerable<string> Faults(bool production)
    {
        // GB/T 35273 8.5: an account is closed within fifteen working days.
        if (CoolingOffDays is < 0 or > 15)
        {
            yield return "MyData:CoolingOffDays 应为 0 到 15(天)。";
        }

        if (ExportsPerHour < 1)
        {
            yield return "MyData:ExportsPerHour 必须是正整数(次数)。";
        }
    }
}
