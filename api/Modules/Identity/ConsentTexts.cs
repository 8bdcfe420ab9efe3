using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>
/// Loads <c>seeds/reference/consent-texts/{purpose}-{version}.md</c>; the first line is the title. A text that people
/// agreed to is never changed: a new wording is a new version.
/// </summary>
internal sealed class ConsentTexts(Database database, TimeProvider clock) : IReferenceData
{
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "seeds", "reference", "consent-texts");
        foreach (var file in Directory.EnumerateFiles(folder, "*.md").Order(StringComparer.Ordinal))
        {
            var text = ReadFile(file, clock.Milliseconds());
            await database.TransactAsync(
                async db =>
                {
                    var known = await db.ConsentTexts.FirstOrDefaultAsync(
                        t => t.Purpose == text.Purpose && t.Version == text.Version, cancellation);
                    if (known is null)
                    {
                        await db.InsertAsync(text, token: cancellation);
                    }
                    else if (known.TextHash != text.TextHash)
                    {
                        throw new InvalidOperationException($"告知同意书 {text.Purpose} 第 {text.Version} 版的内容已改变:请改为新版本文件。");
                    }
                },
                cancellation);
        }
    }

    /// <summary>A text as a file has it: title, body, and purpose and version by its name.</summary>
    internal static ConsentTextRow ReadFile(string file, long now)
    {
        var lines = File.ReadAllText(file).ReplaceLineEndings("\n").Split('\n', 2);
        var name = Path.GetFileNameWithoutExtension(file);
        var dash = name.LastIndexOf('-');
        var body = lines[1].Trim();
        return new ConsentTextRow
        {
            Purpose = name[..dash],
            Version = int.Parse(name.AsSpan(dash + 1), CultureInfo.InvariantCulture),
            Title = lines[0].TrimStart('#', ' '),
            Body = body,
            TextHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))),
            CreatedAt = now,
        };
    }
}
