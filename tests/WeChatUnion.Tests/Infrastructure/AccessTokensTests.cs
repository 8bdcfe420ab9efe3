using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Tests.House;
using WeChatUnion.WeChatStandIn;

namespace WeChatUnion.Tests.Infrastructure;

/// <summary>The access token against the stand-in, which keeps the platform's limits.</summary>
public sealed class AccessTokensTests : IAsyncLifetime
{
    private const string Path = "/cgi-bin/stable_token";
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider clock = new(TestHouse.Start);
    private readonly HttpClient http = new();
    private StandIn weChat = null!;
    private LocalCache counters = null!;

    public async ValueTask InitializeAsync()
    {
        weChat = await StandIn.StartAsync(new StandInOptions { Clock = clock });
        http.BaseAddress = weChat.Address;
        counters = new LocalCache(clock);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await weChat.DisposeAsync();
        Assert.Empty(weChat.Unexpected);
    }

    [Fact]
    public async Task Twenty_at_once_ask_the_platform_once()
    {
        using var node = NewNode();
        var tokens = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => node.GetAsync(CancellationToken.None)));
        Assert.Single(tokens.Distinct());
        Assert.Equal(1, Asked);
    }

    [Fact]
    public async Task A_token_is_kept_until_five_minutes_before_its_end()
    {
        using var node = NewNode();
        var first = await node.GetAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromMinutes(115) - Instant);
        Assert.Equal(first, await node.GetAsync(CancellationToken.None));
        Assert.Equal(1, Asked);

        // At the edge itself the platform may still answer the old one: then it is asked again a minute later.
        clock.Advance(Instant);
        await node.GetAsync(CancellationToken.None);
        Assert.Equal(2, Asked);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(first, await node.GetAsync(CancellationToken.None));
        Assert.Equal(3, Asked);
    }

    [Fact]
    public async Task Two_nodes_hold_the_same_token_and_one_replacing_it_does_not_force()
    {
        using var here = NewNode();
        using var there = NewNode();
        var first = await here.GetAsync(CancellationToken.None);
        Assert.Equal(first, await there.GetAsync(CancellationToken.None));

        weChat.InvalidateTokenNow();
        var fresh = await here.ReplaceAsync(first, CancellationToken.None);
        Assert.NotEqual(first, fresh);
        var asked = Asked;
        Assert.Equal(fresh, await there.ReplaceAsync(first, CancellationToken.None));
        Assert.Equal(asked + 1, Asked);
    }

    [Fact]
    public async Task Twenty_that_were_refused_the_same_token_replace_it_once()
    {
        using var node = NewNode();
        var first = await node.GetAsync(CancellationToken.None);
        weChat.InvalidateTokenNow();
        var asked = Asked;
        var tokens = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => node.ReplaceAsync(first, CancellationToken.None)));
        Assert.NotEqual(first, Assert.Single(tokens.Distinct()));
        Assert.Equal(asked + 1, Asked);
    }

    [Fact]
    public async Task A_token_that_normal_mode_keeps_answering_is_forced_away_at_most_once_in_thirty_seconds()
    {
        using var here = NewNode();
        using var there = NewNode();
        var first = await here.GetAsync(CancellationToken.None);
        var second = await here.ReplaceAsync(first, CancellationToken.None);
        Assert.NotEqual(first, second);

        clock.Advance(TimeSpan.FromSeconds(30) - Instant);
        var failure = await Assert.ThrowsAsync<WeChatException>(() => there.ReplaceAsync(second, CancellationToken.None));
        Assert.Equal(WeChatFailure.Unavailable, failure.Kind);

        clock.Advance(Instant);
        Assert.NotEqual(second, await there.ReplaceAsync(second, CancellationToken.None));
    }

    [Fact]
    public async Task Forcing_stops_before_the_limit_of_the_day()
    {
        using var node = NewNode();
        var forced = 0;
        for (var attempt = 0; attempt < 40; attempt++)
        {
            var refused = await node.GetAsync(CancellationToken.None);
            try
            {
                await node.ReplaceAsync(refused, CancellationToken.None);
                forced++;
            }
            catch (WeChatException)
            {
            }

            clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(18, forced);
        clock.Advance(TimeSpan.FromDays(1));
        await node.ReplaceAsync(await node.GetAsync(CancellationToken.None), CancellationToken.None);
    }

    [Theory]
    [InlineData(-1, WeChatFailure.Busy)]
    [InlineData(45009, WeChatFailure.Busy)]
    [InlineData(45011, WeChatFailure.Busy)]
    [InlineData(40164, WeChatFailure.Misconfigured)]
    [InlineData(40125, WeChatFailure.Misconfigured)]
    [InlineData(89503, WeChatFailure.Misconfigured)]
    public async Task A_refusal_is_passed_on_and_the_next_call_asks_again(int errorCode, object kind)
    {
        using var node = NewNode();
        weChat.Faults.AnswerError(Path, errorCode, calls: 1);
        var failure = await Assert.ThrowsAsync<WeChatException>(() => node.GetAsync(CancellationToken.None));
        Assert.Equal(kind, failure.Kind);
        Assert.Equal(errorCode, failure.ErrorCode);
        Assert.NotNull(failure.RequestId);
        Assert.NotEmpty(await node.GetAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Garbage_a_drop_and_a_412_are_no_token()
    {
        using var node = NewNode();
        foreach (var fail in new Action[]
        {
            () => weChat.Faults.AnswerGarbage(Path, calls: 1),
            () => weChat.Faults.Drop(Path, calls: 1),
            () => weChat.Faults.AnswerStatus(Path, 412, calls: 1),
            () => weChat.Faults.Delay(Path, TimeSpan.FromSeconds(10), calls: 1),
        })
        {
            fail();
            var failure = await Assert.ThrowsAsync<WeChatException>(() => node.GetAsync(CancellationToken.None));
            Assert.Equal(WeChatFailure.Unavailable, failure.Kind);
        }

        Assert.NotEmpty(await node.GetAsync(CancellationToken.None));
    }

    private int Asked => weChat.Calls.Count(c => c.Path == Path);

    private AccessTokens NewNode()
    {
        var settings = new WeChatSettings
        {
            AppId = new StandInOptions().AppId,
            AppSecret = new StandInOptions().AppSecret,
            BaseAddress = weChat.Address,
            TimeoutSeconds = 1,
        };
        return new AccessTokens(new WeChatTransport(http, settings, NullLogger<WeChatTransport>.Instance), settings, counters, clock);
    }
}
