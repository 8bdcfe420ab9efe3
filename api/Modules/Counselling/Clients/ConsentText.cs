using WeChatUnion.Api.Modules.Identity;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>
/// 心理咨询知情同意书, <c>seeds/reference/counselling-consent-{version}.md</c>, the newest: what secrecy means and its exceptions
/// (精神卫生法 art. 23, 28; PIPL art. 29). A text that people agreed to is never changed: a new wording is a new version.
/// </summary>
internal sealed class ConsentText
{
    public ConsentText()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "seeds", "reference");
        var newest = Directory.EnumerateFiles(folder, "counselling-consent-*.md")
            .Select(f => ConsentTexts.ReadFile(f, now: 0)).MaxBy(t => t.Version)!;
        (Version, Title, Body, TextHash) = (newest.Version, newest.Title, newest.Body, newest.TextHash);
    }

    public int Version { get; }

    public string Title { get; }

    public string Body { get; }

    public string TextHash { get; }
}
