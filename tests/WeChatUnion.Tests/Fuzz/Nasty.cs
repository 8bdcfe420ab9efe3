using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WeChatUnion.Tests.Fuzz;

/// <summary>What no client of ours sends: broken values, broken bodies, odd headers and odd addresses.</summary>
internal sealed class Nasty(Random random)
{
    // Stand in the body as a text and become what no serialiser writes.
    private const string RawMark = "\u0001raw";

    private static readonly string[] Texts =
    [
        "", " ", "\u3000", "\t", "null", "undefined", "NaN", "-1", "0", "true", "[]", "{}", "'", "\"", "\\", "''", "';--", "' OR '1'='1", "%", "_", "%%%", "*", "?",
        "\u202e\u202d", "\u200b", "\ufeff", "e\u0301\u0301\u0301", "𠮷𠮷𠮷", "𡈽", "👩‍👩‍👧‍👦", "\u00a0", "İıſK", "ﷺﷺﷺ", "Ω\u0327\u030a", "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "a,b\r\nc",
        "../../etc/passwd", "%00", "%2e%2e", "${7*7}", "{{7*7}}", "<script>1</script>", "]]>", "\u0085\u2028\u2029", "2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "2024-02-29",
        "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00-14:00", "2026-11-24T24:00:00+08:00", "2026-11-24T09:00:00", "99999999999999999999", "ffffffffffffffffffffffffffffffff",
        "00000000000000000000000000000000", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "１２３４５６", "٣٤٥٦", "41072119900101001x", "long_term", "\uffff", "\ufdd0", "\U0010ffff",
    ];

    private static readonly string[] RawTokens =
    [
        "1e400", "-1e400", "1e-400", "2147483648", "-2147483649", "9223372036854775808", "99999999999999999999999999999999", "1.5", "1.0", "-0", "1e2", "-1", "0", "2147483647", "-2147483648",
        "true", "false", "[]", "{}", "[[]]", "[null]", "{\"a\":1}", "null", "\"\\u0041\"", "\"\\/\"",
    ];

    // No JSON, or a text that no field takes: whoever accepts these is wrong.
    private static readonly string[] BrokenTokens =
    [
        "NaN", "Infinity", "-Infinity", "0x10", "01", "+1", ".5", "1.", "'a'", "undefined", "\"\\ud800\"", "\"\\udc00a\"", "\"a\\u0000b\"", "\"\\u0007\"", "\"\\u001b[31m\"", "\"\\u009f\"",
        "\"\\x41\"", "\"raw\u0002control\"", "True", "1e", "\"unterminated",
    ];

    public T One<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public string Text() => random.Next(12) switch
    {
        0 => new string('长', One<int>([31, 61, 121, 301, 501, 5000])),
        1 => string.Concat(Enumerable.Repeat("𠮷", One<int>([16, 30, 60, 300]))),
        2 => "a" + new string('\u0301', One<int>([10, 300, 2000])),
        3 => new string(' ', One<int>([1, 40, 600])),
        _ => One(Texts),
    };

    /// <summary>Changes one member, somewhere in the body; says how, and whether nobody may accept the outcome.</summary>
    public (string Json, string How, bool MustBeRefused) Member(JsonObject body)
    {
        var copy = (JsonObject)body.DeepClone();
        var places = Objects(copy).SelectMany(o => o.Select(m => (In: o, Name: m.Key))).ToArray();
        if (places.Length == 0)
        {
            copy["extra"] = 1;
            return (copy.ToJsonString(), "an extra member", true);
        }

        var (holder, name) = One(places);
        switch (random.Next(11))
        {
            case 0:
                holder.Remove(name);
                return (copy.ToJsonString(), $"{name} left out", false);
            case 1:
                holder[name] = null;
                return (copy.ToJsonString(), $"{name} null", false);
            case 2:
                copy[One<string>(["extra", "__proto__", "$type", "id", "personId", "isAdmin", "名"])] = One<JsonNode?>([1, "x", null]);
                return (copy.ToJsonString(), "an extra member", false);
            case 3:
                var token = One(BrokenTokens);
                holder[name] = RawMark;
                return (Raw(copy, token), $"{name} a broken token", true);
            case 4 or 5 or 6:
                holder[name] = RawMark;
                return (Raw(copy, One(RawTokens)), $"{name} another token", false);
            case 7:
                holder[name] = RawMark;
                return (Raw(copy, new string('[', 40) + new string(']', 40)), $"{name} nested deep", true);
            case 8:
                // The same member twice, the second one with another value.
                var again = $"\"{name}\":{(random.Next(2) == 0 ? "null" : "1")},";
                var json = holder.ToJsonString();
                var whole = ReferenceEquals(holder, copy) ? "{" + again + json[1..] : copy.ToJsonString().Replace(json, "{" + again + json[1..], StringComparison.Ordinal);
                return (whole, $"{name} twice", true);
            default:
                holder[name] = Text();
                return (copy.ToJsonString(), $"{name} a nasty text", false);
        }
    }

    /// <summary>A whole body that is no document of ours.</summary>
    public (byte[] Body, string How, Dictionary<string, string> Headers) Body(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        return random.Next(19) switch
        {
            0 => (bytes[..random.Next(bytes.Length)], "truncated", []),
            1 => ([], "empty body", []),
            2 => ("null"u8.ToArray(), "null", []),
            3 => ("[]"u8.ToArray(), "an array", []),
            4 => ("\"text\""u8.ToArray(), "a text", []),
            5 => (Encoding.UTF8.GetBytes(new string('[', 20_000)), "nested without end", []),
            6 => (Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200)), "nested deep", []),
            7 => ([.. bytes, 0xff, 0xfe], "bytes that are no text behind", []),
            8 => ([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d], "bytes that are no text", []),
            9 => ([.. bytes, .. bytes], "twice", []),
            10 => (Encoding.Unicode.GetBytes(json), "UTF-16 said to be UTF-8", []),
            11 => (bytes, "an unknown charset", new() { ["Content-Type"] = "application/json; charset=" + One<string>(["gbk", "nonsense", "utf-7", "\"\"", "utf-8;charset=gbk", "ibm037"]) }),
            12 => (Encoding.Unicode.GetBytes(json), "UTF-16", new() { ["Content-Type"] = "application/json; charset=utf-16" }),
            13 => (Encoding.Latin1.GetBytes(json), "Latin-1", new() { ["Content-Type"] = "application/json; charset=iso-8859-1" }),
            14 => (Gzip(bytes), "gzip", new() { ["Content-Encoding"] = "gzip" }),
            15 => (bytes, "another type", new()
            {
                ["Content-Type"] = One<string>(["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "*/*", "application/json/x", "json", "application/jsonp", ";", "application/json,text/plain", "text/json", "application/merge-patch+json"]),
            }),
            16 => (Encoding.UTF8.GetBytes(json.Replace("\"", "'", StringComparison.Ordinal)), "single quotes", []),
            17 => (Encoding.UTF8.GetBytes("/* c */" + json + "// end"), "comments", []),
            _ => (Encoding.UTF8.GetBytes($"{{\"code\":\"{new string('x', 300_000)}\"}}"), "too large", []),
        };
    }

    public (string Name, string Value) Header() => random.Next(10) switch
    {
        0 => ("Idempotency-Key", One<string>(["", " ", "short", new string('k', 65), new string('k', 5000), "钥匙钥匙钥匙钥匙钥匙钥匙", "key with blanks inside", "key'; drop table x;--", "a,b,c,d,e,f,g,h,i,j,k"])),
        1 => ("Accept", One<string>(["text/html", "image/png", "*/*;q=0", "application/xml", ";;;", "application/json;q=nonsense", new string('a', 2000)])),
        2 => ("Accept-Language", One<string>(["xx-YY", "*", "zh-CN,zh;q=0.9", "\u4e2d\u6587", new string('z', 500)])),
        3 => ("Accept-Encoding", One<string>(["gzip;q=0", "identity;q=0, *;q=0", "nonsense", "br"])),
        4 => ("X-Forwarded-For", One<string>(["1.2.3.4", "not-an-address", "::1", "1.2.3.4, 5.6.7.8", "' OR 1=1"])),
        5 => ("X-HTTP-Method-Override", One<string>(["DELETE", "PATCH"])),
        6 => ("traceparent", One<string>(["00-00000000000000000000000000000000-0000000000000000-00", "nonsense", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"])),
        7 => ("If-None-Match", One<string>(["*", "\"x\"", "W/"])),
        8 => ("Range", One<string>(["bytes=0-1", "bytes=99999999999999999999-", "pages=1"])),
        _ => ("User-Agent", One<string>(["", "'\"<>", new string('u', 3000), "手机浏览器"])),
    };

    public string Authorization(string? token) => One<string>(
    [
        "", "Bearer", "Bearer ", "Basic YTpi", "Bearer x", $"Basic {token}", $"Bearer {token}x", $"Bearer {token} {token}", $"{token}", "Bearer " + new string('x', 5000), "Bearer \u4e2d\u6587",
        "Bearer ../../x", "Bearer ' OR '1'='1", $"Bearer {token?.ToUpperInvariant() ?? "X"}", "Bearer %00", "Digest username=\"x\"", $"Bearer,{token}", $"Bearer \"{token}\"",
    ]);

    public string Address(string path) => random.Next(20) switch
    {
        0 => path + "%00",
        1 => path + "%2F",
        2 => path + "/%2e%2e/%2e%2e/etc/passwd",
        3 => path + "/../me",
        4 => path.Replace("/v1/", "/v1//", StringComparison.Ordinal),
        5 => path.ToUpperInvariant(),
        6 => path + "/",
        7 => path + "/" + new string('a', 3000),
        8 => path[..^1],
        9 => path + "%",
        10 => path + "%zz",
        11 => path + "%ff%fe",
        12 => path + "%E4%B8%AD",
        13 => path + ";v=1",
        14 => path.Replace("/api/v1", "/api/v2", StringComparison.Ordinal),
        15 => path.Replace("/api/v1", "/api/%76%31", StringComparison.Ordinal),
        16 => path + "%0d%0aSet-Cookie:%20a=b",
        17 => "/" + path,
        18 => path + "/" + string.Join('/', Enumerable.Repeat("a", 500)),
        _ => path + "?" + new string('q', One<int>([200, 9000])),
    };

    /// <summary>A value in the place of a path's or a query's.</summary>
    public string Parameter() => random.Next(3) switch
    {
        0 => Uri.EscapeDataString(Text() is { Length: < 400 } text ? text : "%"),
        1 => One<string>(["%00", "%", "%zz", "%ff", "%ed%a0%80", "%c0%ae", "..", ".", "%2e%2e", "%2F", "%5C", "+", "a+b", "%0a", "*", "1,2", "1;2", "%F0%A0%AE%B7"]),
        _ => One<string>(["-1", "0", "51", "2147483648", "1e3", "1.0", "0x1", "99999999999999999999", "true", "TRUE", "1", "null", "2026-13-01", "2026-1-1", "0001-01-01", "9999-12-31", "2024-02-29", "10000-01-01"]),
    };

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject o => Enumerable.Repeat(o, 1).Concat(o.SelectMany(m => Objects(m.Value))),
        JsonArray a => a.SelectMany(Objects),
        _ => [],
    };

    private static string Raw(JsonObject body, string token) =>
        body.ToJsonString().Replace(JsonSerializer.Serialize(RawMark), token, StringComparison.Ordinal);

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
