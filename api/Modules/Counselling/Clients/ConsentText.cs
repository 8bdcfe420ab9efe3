using System.Security.Cryptography;
using System.Text;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>
/// 心理咨询知情同意书, <c>seeds/reference/counselling-consent-{version}.md</c>, the newest: what secrecy means and its exceptions
/// (精神卫生法 art. 23, 28; PIPL art. 29). A text that people agreed to is never changed: a new wording is a new version.
/// </summary>
internal sealed class ConsentText
{
    private const string Prefix = "counselling-consent-";

    public ConsentText()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "seeds", "reference");
        var newest = Directory.EnumerateFiles(folder, Prefix + "*.md")
            .Select(f => (File: f, Version: int.Parse(Path.GetFileNameWithoutExtension(f).AsSpan(Prefix.Length), System.Globalization.CultureInfo.InvariantCulture)))
            .MaxBy(f => f.Version);
        var whole = File.ReadAllText(newest.File).ReplaceLineEndings("\n").Trim();
        var end = whole.IndexOf('\n', StringComparison.Ordinal);
        (Version, Title, Body) = (newest.Version, whole[..end].TrimStart('#', ' '), whole[end..].Trim());
        TextHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body)));
    }

    public int Version { get; }

    public string Title { get; }

    public string Body { get; }

    public string TextHash { get; }
}
