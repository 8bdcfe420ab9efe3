namespace WeChatUnion.Api.Infrastructure.Cache;

/// <summary>Short-lived copies of what the database knows; losing all of it loses nothing.</summary>
internal interface ICache
{
    /// <summary>Null when absent or when the cache cannot be reached.</summary>
    ValueTask<string?> GetAsync(string key);

    /// <summary>Stores the value unless the key is taken.</summary>
    ValueTask AddAsync(string key, string value, TimeSpan life);

    /// <summary>Stores the value, replacing what is there.</summary>
    ValueTask SetAsync(string key, string value, TimeSpan life);

    /// <summary>Stores the value, replacing what is there unless that is <paramref name="final"/>.</summary>
    ValueTask SetUnlessAsync(string key, string value, TimeSpan life, string final);
}

/// <summary>Counts events within fixed windows, for rate limits.</summary>
internal interface ICounters
{
    /// <summary>Counts one more and says how many there are in the present window.</summary>
    ValueTask<long> CountAsync(string key, TimeSpan window);
}
