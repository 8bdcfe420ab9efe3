using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace WeChatUnion.Api.Modules.Messages.Pushes;

/// <summary>
/// What WeChat pushes, read alike from JSON and XML. Names are trimmed (some copies carry blanks), numbers may come as
/// texts, a list of one as its only entry (trap T8).
/// </summary>
/// <param name="Fields">Top-level values, and those one level below as <c>result.suggest</c>.</param>
/// <param name="Entries">Those of the events that carry a list.</param>
internal sealed record PushMessage(IReadOnlyDictionary<string, string> Fields, IReadOnlyList<IReadOnlyDictionary<string, string>> Entries)
{
    private const string ListName = "List";

    /// <summary>Whom it is about; only where the platform names her apart is <c>FromUserName</c> not the person.</summary>
    public string? OpenId => Of("OpenID") ?? Of("FromUserName");

    public string? Event => Of("MsgType") == "event" ? Of("Event") : null;

    /// <summary>The same for each repeat of one push: its MsgId, or else all that tells two apart.</summary>
    public string Id
    {
        get
        {
            var parts = Of("MsgId") is { Length: > 0 } id
                ? [id]
                : new[] { Of("FromUserName"), Of("OpenID"), Of("CreateTime"), Of("Event"), Of("trace_id") }
                    .Concat(Entries.SelectMany(e => e.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}")));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
        }
    }

    public string? Of(string name) => Fields.GetValueOrDefault(name);

    public static bool IsJson(string body) => body.AsSpan().TrimStart().StartsWith("{");

    /// <summary>Null when it can be read as neither.</summary>
    public static PushMessage? Read(string body)
    {
        try
        {
            return IsJson(body) ? OfJson(body) : OfXml(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Without document types, entities and anything from elsewhere; null when it is no XML.</summary>
    public static XDocument? Xml(string body)
    {
        try
        {
            using var reader = XmlReader.Create(
                new StringReader(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 64 * 1024 });
            return XDocument.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static PushMessage? OfXml(string body)
    {
        if (Xml(body)?.Root is not { } root)
        {
            return null;
        }

        var entries = root.Elements().SelectMany(e => e.Name.LocalName == ListName ? [e] : e.Elements(ListName))
            .Select(e => Map(e.Elements().Where(f => !f.HasElements).Select(f => (f.Name.LocalName, f.Value))));
        var below = root.Elements().SelectMany(e => e.Elements().Where(f => !f.HasElements).Select(f => ($"{e.Name.LocalName}.{f.Name.LocalName}", f.Value)));
        return new PushMessage(Map(root.Elements().Where(e => !e.HasElements).Select(e => (e.Name.LocalName, e.Value)).Concat(below)), [.. entries]);
    }

    private static PushMessage? OfJson(string body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        var holders = root.EnumerateObject().Select(p => p.Value).Where(v => v.ValueKind == JsonValueKind.Object).Prepend(root);
        var lists = holders.SelectMany(h => h.EnumerateObject()).Where(p => p.Name.Trim() == ListName).Select(p => p.Value).ToList();
        var entries = lists.SelectMany(l => l.ValueKind == JsonValueKind.Array ? l.EnumerateArray() : Enumerable.Repeat(l, 1))
            .Where(e => e.ValueKind == JsonValueKind.Object).Select(Values);
        var below = root.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Object)
            .SelectMany(p => Scalars(p.Value).Select(f => ($"{p.Name.Trim()}.{f.Name.Trim()}", f.Value)));
        return new PushMessage(Map(Scalars(root).Concat(below)), [.. entries]);
    }

    private static Dictionary<string, string> Values(JsonElement holder) => Map(Scalars(holder));

    private static IEnumerable<(string Name, string Value)> Scalars(JsonElement holder) =>
        holder.EnumerateObject().Where(p => p.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number).Select(p => (p.Name, p.Value.ToString()));

    /// <summary>Of two by the same name the first counts.</summary>
    private static Dictionary<string, string> Map(IEnumerable<(string Name, string Value)> fields)
    {
        var map = new Dictionary<string, string>();
        foreach (var (name, value) in fields)
        {
            map.TryAdd(name.Trim(), value.Trim());
        }

        return map;
    }
}
