using System.Text;

namespace WeChatUnion.WeChatStandIn;

/// <summary>Pushes the word on an image by itself, a moment after it was asked about, as the platform's server does: every image passes.</summary>
internal sealed class StandInSpeaker(Uri program, StandInPush push, StandInImages images, TimeProvider clock)
{
    private const int Attempts = 3;
    private const string Nonce = "1514711492";

    private static readonly TimeSpan Thought = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    public async Task SpeakAsync()
    {
        using var http = new HttpClient { BaseAddress = program };
        try
        {
            await Task.Delay(Thought, clock);
            var word = await images.SpeakAsync(http, "pass");
            for (var attempt = 1; attempt <= Attempts && !await PushAsync(http, word); attempt++)
            {
                await Task.Delay(Between, clock);
            }
        }
        catch (HttpRequestException)
        {
            // The program is gone; it asks again when it is back.
        }
    }

    private async Task<bool> PushAsync(HttpClient http, string word)
    {
        var (query, body) = push.Safe(word, clock.GetUtcNow().ToUnixTimeSeconds(), Nonce);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync($"/api/v1/wechat-push{query}", content);
        return answer.IsSuccessStatusCode;
    }
}
