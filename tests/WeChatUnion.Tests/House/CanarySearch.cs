using System.Buffers.Binary;
using System.Text;

namespace WeChatUnion.Tests.House;

/// <summary>A text that was planted and may be found nowhere but where its readers read it.</summary>
/// <param name="What">Told when it is found; the text itself is not.</param>
internal sealed record Canary(string What, string Text, params string[] Readers);

/// <summary>Where a canary was found, and in which form.</summary>
internal sealed record Find(string Place, string What, string Form);

/// <summary>Finds canaries in bytes, in every form that a program may have written them in.</summary>
internal sealed class CanarySearch
{
    /// <summary>Eight bytes of a form decide whether the rest is compared; shorter texts would be found by chance.</summary>
    private const int Least = 8;

    private readonly Dictionary<ulong, List<Form>> forms = [];
    private readonly bool[] beginnings = new bool[ushort.MaxValue + 1];

    public CanarySearch(IEnumerable<Canary> canaries)
    {
        foreach (var canary in canaries)
        {
            foreach (var (name, bytes) in FormsOf(canary.Text))
            {
                Assert.True(bytes.Length >= Least, $"{canary.What} is too short to search for.");
                var head = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                beginnings[(ushort)head] = true;
                if (!forms.TryGetValue(head, out var same))
                {
                    forms[head] = same = [];
                }

                same.Add(new Form(canary.What, name, bytes));
            }
        }
    }

    static CanarySearch() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Text encodings, base64 at its three offsets, hex, percent and JSON escapes.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> FormsOf(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var utf16 = Encoding.Unicode.GetBytes(text);
        yield return ("UTF-8", utf8);
        yield return ("UTF-16 LE", utf16);
        yield return ("UTF-16 BE", Encoding.BigEndianUnicode.GetBytes(text));
        foreach (var name in new[] { "GBK", "GB18030" })
        {
            var encoding = Encoding.GetEncoding(name);
            var bytes = encoding.GetBytes(text);
            if (encoding.GetString(bytes) == text)
            {
                yield return (name, bytes);
            }
        }

        for (var offset = 0; offset < 3; offset++)
        {
            var base64 = InsideOfBase64(utf8, offset);
            yield return ($"base64 at {offset}", Encoding.ASCII.GetBytes(base64));
            yield return ($"base64url at {offset}", Encoding.ASCII.GetBytes(base64.Replace('+', '-').Replace('/', '_')));
            yield return ($"base64 of UTF-16 at {offset}", Encoding.ASCII.GetBytes(InsideOfBase64(utf16, offset)));
        }

        yield return ("hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
        yield return ("HEX", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)));
        yield return ("percent", Encoding.ASCII.GetBytes(Uri.EscapeDataString(text)));
        yield return ("percent, small letters", Encoding.ASCII.GetBytes(string.Concat(utf8.Select(b => b < 128 ? $"{(char)b}" : $"%{b:x2}"))));
        yield return ("every byte in percent", Encoding.ASCII.GetBytes(string.Concat(utf8.Select(b => $"%{b:X2}"))));
        foreach (var format in new[] { "x4", "X4" })
        {
            yield return ($"JSON, {format}", Encoding.ASCII.GetBytes(string.Concat(text.Select(c => c < 128 ? $"{c}" : Escape(c, format)))));
            yield return ($"JSON, every letter, {format}", Encoding.ASCII.GetBytes(string.Concat(text.Select(c => Escape(c, format)))));
        }
    }

    public IReadOnlyList<Find> In(string place, ReadOnlySpan<byte> bytes)
    {
        var found = new HashSet<Find>();
        for (var at = 0; at <= bytes.Length - Least; at++)
        {
            if (beginnings[BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..])]
                && forms.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]), out var candidates))
            {
                foreach (var form in candidates)
                {
                    if (bytes[at..].StartsWith(form.Bytes))
                    {
                        found.Add(new Find(place, form.What, form.Name));
                    }
                }
            }
        }

        return [.. found];
    }

    private static string Escape(char letter, string format) =>
        "\\u" + ((int)letter).ToString(format, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The characters that depend on these bytes alone when <paramref name="offset"/> others stand before them.</summary>
    private static string InsideOfBase64(byte[] bytes, int offset)
    {
        var whole = Convert.ToBase64String([.. new byte[offset], .. bytes]);
        var first = ((8 * offset) + 5) / 6;
        var end = 8 * (offset + bytes.Length) / 6;
        return whole[first..end];
    }

    private sealed record Form(string What, string Name, byte[] Bytes);
}
