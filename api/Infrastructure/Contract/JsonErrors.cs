using System.Text.Json;

namespace WeChatUnion.Api.Infrastructure.Contract;

/// <summary>Says in Chinese which field of an unreadable body is wrong, without repeating what was typed.</summary>
internal static class JsonErrors
{
    public static Dictionary<string, string[]> Explain(JsonException error)
    {
        var path = error.Path is { Length: > 2 } p && p.StartsWith("$.", StringComparison.Ordinal) ? p[2..] : "body";
        var sentence = error is RefusedText refused ? refused.Sentence
            : error.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "有不认识的项目,请更新小程序后重试。"
            : path == "body" ? "内容不是有效的 JSON。"
            : "填写的内容类型不对。";
        return new Dictionary<string, string[]> { [path] = [sentence] };
    }
}

/// <summary>A text that no field accepts.</summary>
internal sealed class RefusedText(string sentence) : JsonException(sentence)
{
    public string Sentence { get; } = sentence;
}
