using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Messages.Broadcasts;

/// <summary>An organiser writes to the people of an activity, an officer to the members of a union and all below; beforehand they see how many.</summary>
internal static class CreateBroadcast
{
    /// <summary>To more people only with a second person's approval.</summary>
    internal const int MostAlone = 200;

    /// <param name="Text">Plain text.</param>
    public sealed record Request([property: Needed, LengthBetween(2, 20)] string? Title, [property: Needed, LengthBetween(2, 300)] string? Text);

    /// <param name="People">Whom it goes to, as counted when it was made.</param>
    public sealed record Response(string Id, BroadcastState State, int People);

    /// <param name="People">Each gets it in her inbox.</param>
    /// <param name="WeChat">To so many of them WeChat tells it too.</param>
    /// <param name="NoCredit">So many have granted no message that it may take.</param>
    /// <param name="NeedsApproval">A second person must approve.</param>
    public sealed record Counts(long People, long WeChat, long NoCredit, bool NeedsApproval);

    /// <summary>预览活动群发 (how many people of an activity).</summary>
    internal static Task<Ok<Counts>> HandleActivityCheck(string id, Reach reach, Broadcasting broadcasting, Database database, WeChatSettings weChat, CancellationToken cancellation) =>
        CountAsync(Audience.OfActivity, id, reach, broadcasting, database, weChat, cancellation);

    /// <summary>预览工会群发 (how many members of a union and below).</summary>
    internal static Task<Ok<Counts>> HandleUnionCheck(string id, Reach reach, Broadcasting broadcasting, Database database, WeChatSettings weChat, CancellationToken cancellation) =>
        CountAsync(Audience.OfUnion, id, reach, broadcasting, database, weChat, cancellation);

    /// <summary>向活动人员群发 (write to everybody who signed up or waits).</summary>
    internal static Task<Created<Response>> HandleActivity(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Broadcasting broadcasting, Database database, WeChatSettings weChat, CancellationToken cancellation) =>
        CreateAsync(Audience.OfActivity, id, request, key, caller, reach, idempotency, broadcasting, database, weChat, cancellation);

    /// <summary>向工会会员群发 (write to the members of a union and all below).</summary>
    internal static Task<Created<Response>> HandleUnion(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Broadcasting broadcasting, Database database, WeChatSettings weChat, CancellationToken cancellation) =>
        CreateAsync(Audience.OfUnion, id, request, key, caller, reach, idempotency, broadcasting, database, weChat, cancellation);

    private static async Task<Ok<Counts>> CountAsync(
        string word, string id, Reach reach, Broadcasting broadcasting, Database database, WeChatSettings weChat, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var audience = broadcasting.AudienceOf(word);
        await FindUnionAsync(db, audience, id, reach, cancellation);
        var counts = await audience.CountAsync(db, id, weChat, cancellation);
        return TypedResults.Ok(new Counts(counts.People, counts.WeChat, counts.NoCredit, counts.People > MostAlone));
    }

    private static async Task<Created<Response>> CreateAsync(
        string word, string audienceId, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Broadcasting broadcasting, Database database, WeChatSettings weChat, CancellationToken cancellation)
    {
        var made = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, id, now) =>
            {
                var audience = broadcasting.AudienceOf(word);
                var unionId = await FindUnionAsync(db, audience, audienceId, reach, cancellation);
                var counts = await audience.CountAsync(db, audienceId, weChat, cancellation);
                if (counts.People == 0)
                {
                    throw new Refusal(MessagesProblems.NobodyToTell);
                }

                await db.InsertAsync(
                    new BroadcastRow
                    {
                        Id = id,
                        UnionId = unionId,
                        Audience = word,
                        AudienceId = audienceId,
                        Title = request.Title!,
                        Body = request.Text!,
                        State = counts.People > MostAlone ? BroadcastState.AwaitingApproval : BroadcastState.Sending,
                        PeopleCounted = (int)counts.People,
                        PeopleReached = 0,
                        Mark = "",
                        MadeBy = caller.PersonId,
                        Version = 1,
                        CreatedAt = now,
                        UpdatedAt = now,
                    },
                    token: cancellation);
                await Audit.WriteAsync(db, caller, "create_broadcast", "broadcast", id, now);
            },
            cancellation);
        await using var db = database.Open();
        var row = await db.Broadcasts.FirstAsync(b => b.Id == made, cancellation);
        return TypedResults.Created($"/api/v1/office/broadcasts/{made}", new Response(made, row.State, row.PeopleCounted));
    }

    private static async Task<string> FindUnionAsync(Db db, Audience audience, string id, Reach reach, CancellationToken cancellation) =>
        await audience.FindUnionAsync(db, id, cancellation) is { } unionId && await db.IsInReachAsync(reach, unionId, cancellation)
            ? unionId
            : throw new Refusal(CommonProblems.NotFound);
}
