using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace WeChatUnion.Api.Infrastructure.Contract;

/// <summary>How JSON is read and written on every route.</summary>
internal static class ContractJson
{
    /// <summary>The same rules for JSON that we store ourselves: Chinese stays readable.</summary>
    public static JsonSerializerOptions Stored { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 16;
        options.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new CleanText());
        return options;
    }

    /// <summary>
    /// Text is NFC-normalised and trimmed before anything looks at it (under the usual collations 𠮷 equals 𡈽, so
    /// we compare bytes and must store one form), and control characters are refused.
    /// </summary>
    private sealed class CleanText : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Clean(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);

        // Dictionary keys pass through unchanged: they are ours, never a person's.
        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString()!;

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value);
    }

    private static string Clean(string text) => Normal(text).Trim();

    /// <summary>One form of the same text, without control characters other than blanks.</summary>
    internal static string Normal(string text)
    {
        foreach (var letter in text)
        {
            if (letter is not ('\n' or '\r' or '\t') && char.GetUnicodeCategory(letter) is UnicodeCategory.Control)
            {
                throw new RefusedText("含有不可见的控制字符,请删除后重试。");
            }
        }

        try
        {
            return text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            throw new RefusedText("含有无效的字符,请删除后重试。");
        }
    }
}

/// <summary>For passwords: normalised like other text, but a blank at either end belongs to the secret.</summary>
internal sealed class SecretText : JsonConverter<string>
{
    // A trailing NUL would even be the same password: PBKDF2 pads with zeros.
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ContractJson.Normal(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Secrets are read, never written.");
}
