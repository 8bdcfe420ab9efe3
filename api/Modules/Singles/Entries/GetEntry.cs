using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Singles.Photos;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Singles.Entries;

/// <summary>An officer opens one entry; looking is audited. Her own union sees what it vouches for, the county all of it.</summary>
internal static class GetEntry
{
    public const string Deed = "read_singles_entry";

    /// <param name="Name">In clear: the union vouches for a person.</param>
    /// <param name="Sex">This and the birthday: for the county alone.</param>
    /// <param name="DeclaredAt">When she declared to be single, by which version of the text; null when that was taken back.</param>
    /// <param name="Entry">This and the photos: for the county alone.</param>
    /// <param name="MayApprove">The caller acts for the county and did not confirm it herself.</param>
    public sealed record Response(
        string Id,
        EntryState State,
        int Version,
        string? Name,
        string? Sex,
        DateOnly? BirthOn,
        UnionSummary Union,
        MaritalStatus MaritalStatus,
        int? DeclarationVersion,
        DateTimeOffset? DeclaredAt,
        EntryForm? Entry,
        TextCheck TextCheck,
        bool MayApprove,
        IReadOnlyList<Photo>? Photos);

    /// <summary>查看联谊信息 (one entry).</summary>
    internal static async Task<Ok<Response>> Handle(
        string id, Caller caller, Reach reach, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        var entry = await database.TransactAsync(
            async writing =>
            {
                var found = await EntryDecisions.FindAsync(writing, id, reach, cancellation);
                await Audit.WriteAsync(writing, caller, Deed, "singles_entry", id, clock.Milliseconds(), found.PersonId);
                return found;
            },
            cancellation);

        await using var db = database.Open();
        var record = await db.MemberRecords.FirstOrDefaultAsync(r => r.PersonId == entry.PersonId, cancellation);
        var union = await db.Unions.FirstAsync(u => u.Id == entry.UnionId, cancellation);
        var declaration = await db.LiveConsentAsync(entry.PersonId, SinglesConsents.Declaration, cancellation);
        var isCounty = await EntryDecisions.IsCountyAsync(db, reach, union.Id, cancellation);
        var form = EntryForm.Of(entry, cipher);
        return TypedResults.Ok(new Response(
            entry.Id,
            entry.State,
            entry.Version,
            record?.Name,
            isCounty ? record?.Sex : null,
            isCounty ? Instants.DateOrNone(record?.BirthOn) : null,
            UnionSummary.Of(union),
            form.MaritalStatus!.Value,
            declaration?.Version,
            Instants.At(declaration?.GivenAt),
            isCounty ? form : null,
            entry.TextCheck,
            isCounty && entry.ConfirmedBy != caller.PersonId,
            isCounty ? await EntryPhotos.OfAsync(db, entry.Id, cancellation) : null));
    }
}
