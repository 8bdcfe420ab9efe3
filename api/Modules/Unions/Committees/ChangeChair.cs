using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions.Records;

namespace WeChatUnion.Api.Modules.Unions.Committees;

/// <summary>The chair goes within the term, and a new one comes: at once or within three months.</summary>
internal static class ChangeChair
{
    /// <param name="Name">The new chair; null: the chair is vacant from <paramref name="On"/>.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed] DateOnly? On,
        [property: Needed, LengthBetween(2, 300)] string? Reason,
        [property: LengthBetween(2, 30)] string? Name,
        [property: KnownWord] PersonKind? PersonKind,
        bool? IsFullTime,
        bool? IsDirectlyElected);

    /// <summary>主席变更 (the chair goes or comes).</summary>
    internal static async Task<NoContent> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, changeId, now) =>
            {
                var union = await UnionDeeds.FindBelowAsync(db, id, request.Version!.Value, reach, rootMay: true, cancellation);
                var committee = await db.Committees.FirstOrDefaultAsync(c => c.CurrentUnionId == id, cancellation)
                    ?? throw new Refusal(UnionsProblems.NoCommittee);
                await CheckAsync(db, request, committee, Instants.DateOf(now), cancellation);
                await UnionDeeds.WriteAsync(db, union, union, cancellation);
                await ReplaceAsync(db, committee.Id, request, cancellation);
                var change = new UnionChangeRow
                {
                    Id = changeId,
                    UnionId = id,
                    Kind = request.Name is null ? UnionChangeKind.ChairVacancy : UnionChangeKind.Chair,
                    Reason = request.Reason,
                    PersonId = caller.PersonId,
                    At = now,
                };
                await UnionDeeds.RecordAsync(db, change, "change_chair", caller);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task CheckAsync(Db db, Request request, CommitteeRow committee, DateOnly today, CancellationToken cancellation)
    {
        var errors = new Dictionary<string, string[]>();
        var earliest = await db.Posts.Where(p => p.CommitteeId == committee.Id && p.Body == CommitteeBody.Committee && p.Post == CommitteePost.Chair)
            .MaxAsync(p => p.UntilOn ?? p.SinceOn, cancellation) ?? committee.ElectedOn;
        if (request.On > today || request.On < Instants.Date(earliest))
        {
            errors["on"] = ["日期应在本届选举和上一次变更之后、今天之前(含今天)。"];
        }

        if (request.Name is not null && (request.PersonKind is null || request.IsFullTime is null || request.IsDirectlyElected is null))
        {
            errors["personKind"] = ["请填写新任主席的身份、专兼职和是否直选。"];
        }

        if (errors.Count > 0)
        {
            throw Refusal.OfFields(errors);
        }
    }

    private static async Task ReplaceAsync(Db db, string committeeId, Request request, CancellationToken cancellation)
    {
        await db.Posts.Where(p => p.ChairedCommitteeId == committeeId)
            .Set(p => p.UntilOn, request.On!.Value.Stored())
            .Set(p => p.ChairedCommitteeId, (string?)null)
            .UpdateAsync(cancellation);
        if (request.Name is { } name)
        {
            await db.InsertAsync(
                new PostRow
                {
                    Id = Ids.New(),
                    CommitteeId = committeeId,
                    Body = CommitteeBody.Committee,
                    Post = CommitteePost.Chair,
                    Name = name,
                    PersonKind = request.PersonKind,
                    IsFullTime = request.IsFullTime,
                    IsDirectlyElected = request.IsDirectlyElected,
                    SinceOn = request.On.Value.Stored(),
                    ChairedCommitteeId = committeeId,
                },
                token: cancellation);
        }
    }
}
