using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions.Records;

namespace WeChatUnion.Api.Modules.Unions.Committees;

/// <summary>The result of an election, reported to the higher union for approval: the union above records it.</summary>
internal static class RecordCommittee
{
    private const int MostPosts = 60;

    /// <param name="IsDirectlyElected">直选: by the members' meeting.</param>
    public sealed record Chair(
        [property: Needed, LengthBetween(2, 30)] string? Name,
        [property: Needed, KnownWord] PersonKind? PersonKind,
        [property: Needed] bool? IsFullTime,
        [property: Needed] bool? IsDirectlyElected);

    /// <param name="Post">The union's own chair stands in <c>chair</c>.</param>
    public sealed record Member(
        [property: Needed, KnownWord] CommitteeBody? Body,
        [property: Needed, KnownWord] CommitteePost? Post,
        [property: Needed, LengthBetween(2, 30)] string? Name);

    /// <param name="Version">The union record's version that the officer read.</param>
    /// <param name="TermNumber">届次.</param>
    /// <param name="TermYears">3 or 5.</param>
    /// <param name="Chair">Null when none was elected: the chair is vacant from the election on.</param>
    /// <param name="Members">Committee, 经审, 女职工; at most 60.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed, Between(1, 99)] int? TermNumber,
        [property: Needed, Between(3, 5)] int? TermYears,
        [property: Needed] DateOnly? ElectedOn,
        Chair? Chair,
        IReadOnlyList<Member>? Members);

    /// <summary>登记换届结果 (record an elected committee).</summary>
    internal static async Task<Created<CommitteeSummary>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, committeeId, now) =>
            {
                Check(request, Instants.DateOf(now));
                var union = await UnionDeeds.FindBelowAsync(db, id, request.Version!.Value, reach, rootMay: true, cancellation);
                var isLate = Terms.StateOf(Terms.EndOf(request.ElectedOn!.Value, request.TermYears!.Value), Instants.DateOf(now)) == TermState.Overdue;
                var state = union.State == UnionState.Preparing ? UnionState.Preparing : isLate ? UnionState.Overdue : UnionState.Established;
                await UnionDeeds.WriteAsync(db, union, union with { State = state }, cancellation);
                await InsertAsync(db, committeeId, id, request, caller, now, cancellation);
                var change = new UnionChangeRow { Id = committeeId, UnionId = id, Kind = UnionChangeKind.Election, PersonId = caller.PersonId, At = now };
                await UnionDeeds.RecordAsync(db, change, "record_committee", caller);
            },
            cancellation);

        await using var db = database.Open();
        return TypedResults.Created($"/api/v1/office/unions/{id}", await CommitteeSummary.ReadAsync(db, id, clock.Today(), cancellation));
    }

    private static void Check(Request request, DateOnly today)
    {
        var errors = new Dictionary<string, string[]>();
        if (request.TermYears is not (3 or 5))
        {
            errors["termYears"] = ["委员会每届任期为 3 年或 5 年。"];
        }

        if (request.ElectedOn > today || request.ElectedOn!.Value.Year < 1949)
        {
            errors["electedOn"] = ["选举日期不正确。"];
        }

        if (request.Members is { Count: > MostPosts })
        {
            errors["members"] = ["最多 60 人。"];
        }

        if (request.Members?.Any(m => m is null || (m.Body == CommitteeBody.Committee && m.Post == CommitteePost.Chair)) == true)
        {
            errors["members"] = ["工会主席请填写在“主席”一栏。"];
        }

        if (errors.Count > 0)
        {
            throw Refusal.OfFields(errors);
        }
    }

    private static async Task InsertAsync(
        Db db, string committeeId, string unionId, Request request, Caller caller, long now, CancellationToken cancellation)
    {
        var electedOn = request.ElectedOn!.Value;
        await db.Committees.Where(c => c.CurrentUnionId == unionId).Set(c => c.CurrentUnionId, (string?)null).UpdateAsync(cancellation);
        try
        {
            await db.InsertAsync(
                new CommitteeRow
                {
                    Id = committeeId,
                    UnionId = unionId,
                    TermNumber = request.TermNumber!.Value,
                    TermYears = request.TermYears!.Value,
                    ElectedOn = electedOn.Stored(),
                    EndsOn = Terms.EndOf(electedOn, request.TermYears.Value).Stored(),
                    CurrentUnionId = unionId,
                    RecordedBy = caller.PersonId,
                    RecordedAt = now,
                },
                token: cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(UnionsProblems.TermTaken);
        }

        if (request.Chair is { } chair)
        {
            await db.InsertAsync(ChairOf(committeeId, chair, electedOn), token: cancellation);
        }

        foreach (var member in request.Members ?? [])
        {
            await db.InsertAsync(
                new PostRow
                {
                    Id = Ids.New(),
                    CommitteeId = committeeId,
                    Body = member.Body!.Value,
                    Post = member.Post!.Value,
                    Name = member.Name!,
                    SinceOn = electedOn.Stored(),
                },
                token: cancellation);
        }
    }

    private static PostRow ChairOf(string committeeId, Chair chair, DateOnly since) => new()
    {
        Id = Ids.New(),
        CommitteeId = committeeId,
        Body = CommitteeBody.Committee,
        Post = CommitteePost.Chair,
        Name = chair.Name!,
        PersonKind = chair.PersonKind,
        IsFullTime = chair.IsFullTime,
        IsDirectlyElected = chair.IsDirectlyElected,
        SinceOn = since.Stored(),
        ChairedCommitteeId = committeeId,
    };
}
