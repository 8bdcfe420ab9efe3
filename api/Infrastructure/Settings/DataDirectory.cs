namespace WeChatUnion.Api.Infrastructure.Settings;

/// <summary>Section <c>Data</c>: the folder for what the program writes itself (SQLite file, generated keys).</summary>
internal sealed record DataDirectory
{
    /// <summary>Relative paths count from the content root.</summary>
    public string Directory { get; init; } = "data";

    public string PathOf(string file) => Path.Combine(Directory, file);

    public IEnumerable<string> Faults(bool production)
    {
        if (string.IsNullOrWhiteSpace(Directory))
        {
            yield return "Data:Directory 未填写:请给出数据目录。";
        }
    }
}
