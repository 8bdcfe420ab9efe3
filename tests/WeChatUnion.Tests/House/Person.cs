using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace WeChatUnion.Tests.House;

/// <summary>What a person got back.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Body, string Text, HttpResponseMessage Response)
{
    /// <summary>The answer as it came, of a file.</summary>
    public Task<byte[]> Bytes => Response.Content.ReadAsByteArrayAsync();

    /// <summary>The problem's code, or null for an answer that went well.</summary>
    public string? Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    public string this[string name] => Body.GetProperty(name).ToString();

    public int Version => Body.GetProperty("version").GetInt32();

    public JsonElement[] Items => [.. Body.GetProperty("items").EnumerateArray()];

    public Answer MustBe(HttpStatusCode status)
    {
        Assert.True(Status == status, $"expected {status}, got {Status}: {Text}");
        return this;
    }

    /// <summary>A refusal with this code, complete as every problem is.</summary>
    public Answer MustBe(HttpStatusCode status, string code)
    {
        MustBe(status);
        Assert.Equal(code, Code);
        Assert.Equal("application/problem+json", Response.Content.Headers.ContentType?.MediaType);
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", this["detail"]);
        Assert.NotEmpty(this["traceId"]);
        return this;
    }
}

/// <summary>Somebody with a phone or a browser.</summary>
public class Person(HttpClient http, string? token)
{
    public string? Token { get; } = token;

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path, null, null);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path, null, null);

    public Task<Answer> Put(string path, object? body) => Send(HttpMethod.Put, path, Json(body), null);

    /// <summary>Puts with a fresh idempotency key, or the given one.</summary>
    public Task<Answer> PutWithKey(string path, object? body, string? key = null) =>
        Send(HttpMethod.Put, path, Json(body), key ?? Guid.NewGuid().ToString("N"));

    /// <summary>Posts with a fresh idempotency key, or the given one.</summary>
    public Task<Answer> Post(string path, object? body, string? key = null) =>
        Send(HttpMethod.Post, path, Json(body), key ?? Guid.NewGuid().ToString("N"));

    public Task<Answer> PostWithoutKey(string path, object? body) => Send(HttpMethod.Post, path, Json(body), null);

    public Task<Answer> SendRaw(HttpMethod method, string path, string body, string contentType = "application/json") =>
        Send(method, path, new StringContent(body, Encoding.UTF8, contentType), Guid.NewGuid().ToString("N"));

    /// <summary>Posts a file as it is, with a fresh idempotency key, or the given one.</summary>
    public Task<Answer> PostFile(string path, byte[] file, string? key = null, string contentType = "image/jpeg")
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new(contentType);
        return Send(HttpMethod.Post, path, content, key ?? Guid.NewGuid().ToString("N"));
    }

    private static JsonContent? Json(object? body) => body is null ? null : JsonContent.Create(body, body.GetType());

    private async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, string? key)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (Token is not null)
        {
            request.Headers.Authorization = new("Bearer", Token);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        JsonElement body = default;
        if (text.Length > 0 && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true)
        {
            body = JsonDocument.Parse(text).RootElement;
        }

        return new Answer(response.StatusCode, body, text, response);
    }
}
