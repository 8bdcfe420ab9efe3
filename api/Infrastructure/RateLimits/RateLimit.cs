using WeChatUnion.Api.Infrastructure.Cache;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Proxy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Infrastructure.RateLimits;

/// <summary>Section <c>RateLimits</c>: how many requests a minute. Generous per address: a hall of 300 shares one.</summary>
internal sealed record RateLimitSettings
{
    /// <summary>Requests a minute for one signed-in person, over all routes of one node.</summary>
    public int PerPerson { get; init; } = 240;

    /// <summary>Requests a minute for one address without a session.</summary>
    public int PerAddress { get; init; } = 3000;

    /// <summary>Searches and other costly look-ups a minute for one person, over all nodes.</summary>
    public int SearchesPerPerson { get; init; } = 30;

    /// <summary>Values seen in clear an hour for one person, over all nodes.</summary>
    public int UnmaskingsPerHour { get; init; } = 20;

    /// <summary>Searches by a full ID number an hour for one person, over all nodes.</summary>
    public int IdNumberSearchesPerHour { get; init; } = 60;

    /// <summary>Attendance sheets with full names an hour for one person, over all nodes.</summary>
    public int AttendanceExportsPerHour { get; init; } = 10;

    public IEnumerable<string> Faults(bool production)
    {
        if (PerPerson < 1 || PerAddress < 1 || SearchesPerPerson < 1 || UnmaskingsPerHour < 1 || IdNumberSearchesPerHour < 1 || AttendanceExportsPerHour < 1)
        {
            yield return "RateLimits 的各项必须是正整数(次数)。";
        }
    }
}

/// <summary>Marks a route as costly: counted per person over all nodes.</summary>
internal sealed record CostlyRoute;

/// <summary>
/// The general limits protect this node and are counted in it; costly routes are counted over all nodes.
/// </summary>
internal sealed class RateLimitMiddleware(
    RequestDelegate next, RateLimitSettings settings, LocalCache here, ICounters everywhere)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public async Task InvokeAsync(HttpContext http)
    {
        var caller = http.Features.Get<Caller>();
        var allowed = caller is not null
            ? await here.CountAsync("person:" + caller.PersonId, Minute) <= settings.PerPerson
            : await here.CountAsync("address:" + CallerAddress.SubscriberOf(http), Minute) <= settings.PerAddress;
        if (allowed && caller is not null && http.GetEndpoint()?.Metadata.GetMetadata<CostlyRoute>() is not null)
        {
            allowed = await everywhere.CountAsync("costly:" + caller.PersonId, Minute) <= settings.SearchesPerPerson;
        }

        if (!allowed)
        {
            await ProblemResponses.WriteAsync(http, CommonProblems.TooMany, retryAfterSeconds: 60);
            return;
        }

        await next(http);
    }
}
