using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Messages;

/// <summary>I have read one message, or everything up to one; the first time counts.</summary>
internal static class ReadMessages
{
    /// <param name="UpTo">A message of mine; it and all older ones are read.</param>
    public sealed record Request([property: Needed, Id] string? UpTo);

    /// <summary>标为已读 (mark one read).</summary>
    internal static async Task<NoContent> HandleOne(string id, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                await MustBeMineAsync(db, id, caller, cancellation);
                await db.Messages.Where(m => m.Id == id && m.ReadAt == null).Set(m => m.ReadAt, clock.Milliseconds()).UpdateAsync(cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>全部标为已读 (mark all read up to one, so that one which arrives meanwhile stays unread).</summary>
    internal static async Task<NoContent> HandleAll(Request request, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                await MustBeMineAsync(db, request.UpTo!, caller, cancellation);
                await db.Messages.Where(m => m.PersonId == caller.PersonId && m.ReadAt == null && m.Id.CompareTo(request.UpTo!) <= 0)
                    .Set(m => m.ReadAt, clock.Milliseconds()).UpdateAsync(cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>归档 (put away); it counts as read.</summary>
    internal static async Task<NoContent> HandleArchive(string id, Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                await MustBeMineAsync(db, id, caller, cancellation);
                var now = clock.Milliseconds();
                await db.Messages.Where(m => m.Id == id && m.ArchivedAt == null)
                    .Set(m => m.ArchivedAt, now).Set(m => m.ReadAt, m => m.ReadAt ?? now).UpdateAsync(cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>取消归档 (take out again).</summary>
    internal static async Task<NoContent> HandleTakeOut(string id, Caller caller, Database database, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                await MustBeMineAsync(db, id, caller, cancellation);
                await db.Messages.Where(m => m.Id == id).Set(m => m.ArchivedAt, (long?)null).UpdateAsync(cancellation);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    private static async Task MustBeMineAsync(Db db, string id, Caller caller, CancellationToken cancellation)
    {
        if (!await db.Messages.AnyAsync(m => m.Id == id && m.PersonId == caller.PersonId, cancellation))
        {
            throw new Refusal(CommonProblems.NotFound);
        }
    }
}
