using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>
/// The union approves an application; membership starts on this day (domain/members.md 1.1). Application, membership,
/// number, change row, audit and notice are one transaction.
/// </summary>
internal static class ApproveApplication
{
    /// <summary>会籍变动 01 新入会.</summary>
    private const string NewJoining = "01";

    /// <summary>Member numbers carry the county's division (domain/members.md 1.2 row 1).</summary>
    private const int CountyDigits = 6;

    /// <param name="Version">The application's version that the officer read.</param>
    public sealed record Request([property: Needed] int? Version);

    /// <param name="MemberNumber">会员编号, 18 digits.</param>
    public sealed record Response(string MembershipId, string MemberNumber, DateOnly JoinedOn, string UnionId);

    /// <summary>批准入会 (approve an application).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Decisions decisions, Database database, CancellationToken cancellation)
    {
        await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, stepId, now) =>
            {
                var application = await Decisions.TakeAsync(
                    db, id, request.Version!.Value, ApplicationState.Approved, reach, caller, now, cancellation);
                var membership = await StartMembershipAsync(db, application, caller, now, cancellation);
                var notice = new Notice(
                    application.PersonId,
                    "membership_approved",
                    "入会申请已批准",
                    $"欢迎加入工会!您的会员编号是 {membership.MemberNumber},入会日期 {membership.JoinedOn}。",
                    membership.Id);
                await decisions.RecordAsync(
                    db, stepId, application, StepKind.Approval, null, "approve_application", notice, caller, now);
            },
            cancellation);

        await using var db = database.Open();
        var started = await db.Memberships.FirstAsync(m => m.ApplicationId == id, cancellation);
        return TypedResults.Ok(new Response(started.Id, started.MemberNumber, Instants.Date(started.JoinedOn), started.UnionId));
    }

    private static async Task<MembershipRow> StartMembershipAsync(
        Db db, ApplicationRow application, Caller caller, long now, CancellationToken cancellation)
    {
        var today = Instants.DateOf(now);
        var membership = new MembershipRow
        {
            Id = Ids.New(),
            PersonId = application.PersonId,
            ApplicationId = application.Id,
            UnionId = application.UnionId!,
            MemberNumber = await NextNumberAsync(db, application.UnionId!, today.Year, cancellation),
            State = MembershipState.Active,
            JoinedOn = today.Stored(),
            LivePersonId = application.PersonId,
            LiveIdNumberIndex = application.OpenIdNumberIndex,
            LiveIdNumberFormerIndex = application.OpenIdNumberFormerIndex,
            Version = 1,
            CreatedAt = now,
        };
        try
        {
            await db.InsertAsync(membership, token: cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(MembersProblems.IdNumberTaken);
        }

        await RefuseClosedAsync(db, membership.UnionId, cancellation);
        await db.InsertAsync(
            new MembershipChangeRow
            {
                Id = Ids.New(),
                MembershipId = membership.Id,
                Kind = NewJoining,
                HappenedOn = membership.JoinedOn,
                ToUnionId = membership.UnionId,
                PersonId = caller.PersonId,
                At = now,
            },
            token: cancellation);
        return membership;
    }

    /// <summary>
    /// Asked after the insert, whose foreign key holds the union's row: a closing at the same moment either sees this
    /// member or is seen here.
    /// </summary>
    internal static async Task RefuseClosedAsync(Db db, string unionId, CancellationToken cancellation)
    {
        if (!await db.MayJoinAsync(unionId, cancellation))
        {
            throw new Refusal(MembersProblems.UnionClosed);
        }
    }

    /// <summary>Gapless per county and year: the counter's row lock holds until the commit.</summary>
    internal static async Task<string> NextNumberAsync(Db db, string unionId, int year, CancellationToken cancellation)
    {
        var division = (await db.Unions.Where(u => u.Id == unionId)
            .Select(u => u.DivisionCode).FirstAsync(cancellation)).PadRight(CountyDigits, '0')[..CountyDigits];
        var name = $"member_number_{division}_{year}";
        await db.NumberSequences.InsertOrUpdateAsync(
            () => new NumberSequenceRow { Name = name, LastNumber = 1 },
            s => new NumberSequenceRow { Name = s.Name, LastNumber = s.LastNumber + 1 },
            cancellation);
        var sequence = await db.NumberSequences.Where(s => s.Name == name).Select(s => s.LastNumber).FirstAsync(cancellation);
        return MemberNumber.Of(division, year, sequence);
    }
}
