using LinqToDB.Mapping;

namespace WeChatUnion.Api.Infrastructure.Sessions;

/// <summary>The two kinds of session: the office routes accept staff sessions only, whatever grants a worker has.</summary>
public enum SessionKind
{
    /// <summary>A worker signed in through WeChat (职工).</summary>
    [MapValue("worker")]
    Worker,

    /// <summary>Somebody who acts for an organisation (工作人员).</summary>
    [MapValue("staff")]
    Staff,
}

/// <summary>Who is asking. A slice that needs it names it as a parameter.</summary>
internal sealed record Caller(string PersonId, string SessionId, SessionKind Kind, string Address)
{
    /// <summary>The word of the one role that opened the route, null when several did or none was asked for.</summary>
    public string? Role { get; init; }

    /// <summary>The one union that role was granted on, null when there are several.</summary>
    public string? UnionId { get; init; }

    public static ValueTask<Caller> BindAsync(HttpContext http) =>
        ValueTask.FromResult(http.Features.Get<Caller>()
            ?? throw new InvalidOperationException("A route that takes a Caller must demand a session."));
}
