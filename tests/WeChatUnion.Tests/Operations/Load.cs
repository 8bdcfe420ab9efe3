using System.Collections.Concurrent;
using System.Net;
using WeChatUnion.Tests.House;

namespace WeChatUnion.Tests.Operations;

/// <summary>
/// Officers who note contacts until they are told to stop. Each repeats a note with its key until it is answered, at
/// whichever of the addresses answers; anything but a lost connection and a 503 is a fault.
/// </summary>
internal sealed class Load(IReadOnlyList<Uri> nodes, string token, string application) : IAsyncDisposable
{
    private const int Clients = 8;

    private readonly ConcurrentDictionary<string, Note> answered = new();
    private readonly CancellationTokenSource end = new();
    private readonly List<Task> clients = [];
    private int made;

    /// <summary>Answered so far, by id.</summary>
    public IReadOnlyDictionary<string, Note> Answered => answered;

    /// <summary>How often a connection was lost or a 503 came.</summary>
    public int Detours { get; private set; }

    public void Start() => clients.AddRange(Enumerable.Range(0, Clients).Select(ClientAsync));

    public async Task UntilAnsweredAsync(int more)
    {
        var goal = answered.Count + more;
        for (var look = 0; answered.Count < goal; look++)
        {
            Assert.True(look < 3000, "The load does not get on.");
            if (clients.FirstOrDefault(c => c.IsFaulted) is { } faulted)
            {
                await faulted;
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Lets every client finish its note.</summary>
    public async Task StopAsync()
    {
        await end.CancelAsync();
        await Task.WhenAll(clients);
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await Task.WhenAll(clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    /// <summary>Sends a note once more, with its key; the id in the answer.</summary>
    public async Task<string> RepeatAsync(Note note)
    {
        using var http = new HttpClient { BaseAddress = nodes[0] };
        return (await SendAsync(new Person(http, token), note)).MustBe(HttpStatusCode.Created)["id"];
    }

    private async Task ClientAsync(int number)
    {
        var people = nodes.Select(n => new Person(new HttpClient { BaseAddress = n, Timeout = TimeSpan.FromSeconds(20) }, token)).ToList();
        var at = number;
        while (!end.IsCancellationRequested)
        {
            var note = new Note($"第 {Interlocked.Increment(ref made)} 次电话", Guid.NewGuid().ToString("N"), DateTimeOffset.UtcNow);
            var giveUp = DateTimeOffset.UtcNow.AddMinutes(2);
            while (true)
            {
                Assert.True(DateTimeOffset.UtcNow < giveUp, "Nobody answers.");
                try
                {
                    var answer = await SendAsync(people[at % people.Count], note);
                    if (answer.Status == HttpStatusCode.Created)
                    {
                        Assert.True(answered.TryAdd(answer["id"], note), "Two notes were answered with one id.");
                        break;
                    }

                    Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, answer.Text);
                }
                catch (HttpRequestException)
                {
                    // Stopped, killed, or not yet there.
                }

                Detours++;
                at++;
                await Task.Delay(20);
            }
        }
    }

    private Task<Answer> SendAsync(Person officer, Note note) => officer.Post(
        $"/api/v1/office/membership-applications/{application}/contacts", new { way = "phone", contactedAt = note.At, note = note.Text }, note.Key);

    internal sealed record Note(string Text, string Key, DateTimeOffset At);
}
