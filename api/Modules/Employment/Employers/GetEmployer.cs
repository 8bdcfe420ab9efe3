using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Employers;

/// <summary>A verified firm.</summary>
/// <param name="VerifiedUntil">Until then it may offer vacancies.</param>
public sealed record Employer(
    string Id, int Version, string CreditCode, string Name, string Kind, string DivisionCode, string Address, EmployerState State, DateTimeOffset VerifiedUntil)
{
    internal static Employer Of(EmployerRow e) =>
        new(e.Id, e.Version, e.CreditCode, e.Name, e.Kind, e.DivisionCode, e.Address, e.State, Instants.At(e.VerifiedUntil));
}

/// <summary>The clerk sees her own firm.</summary>
internal static class GetMyEmployer
{
    /// <summary>我的用人单位 (the firm whose clerk I am).</summary>
    /// <response code="409">no_employer: register it first.</response>
    internal static async Task<Ok<Employer>> Handle(Caller caller, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        return TypedResults.Ok(Employer.Of(await db.MyFirmAsync(caller, cancellation)));
    }
}

/// <summary>The officer's list of firms.</summary>
internal static class ListEmployers
{
    /// <summary>用人单位清单 (firms in my reach), newest first.</summary>
    /// <param name="words">Part of the name, or the whole credit code.</param>
    internal static async Task<Ok<Listing<Employer>>> Handle(
        string? words, int? take, string? after, Reach reach, Database database, CancellationToken cancellation)
    {
        var (count, mark) = (Page.Take(take), Page.AfterId(after));
        var part = words?.Normalize().Trim() ?? "";

        // Credit codes are kept in ASCII; MySQL compares such a column with nothing else.
        var code = part.All(char.IsAscii) ? part : null;
        await using var db = database.Open();
        var ancestors = db.UnionAncestors;
        var rows = await db.Employers
            .Where(e => ancestors.Any(u => u.UnionId == e.UnionId && reach.UnionIds.Contains(u.AncestorId)))
            .Where(e => part == "" || e.Name.Contains(part) || e.CreditCode == code)
            .Where(e => mark == null || e.Id.CompareTo(mark) < 0)
            .OrderByDescending(e => e.Id).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Employer>.Of(rows, count, Employer.Of, e => e.Id));
    }
}

/// <summary>The officer opens a firm with what was decided about it.</summary>
internal static class GetEmployer
{
    /// <param name="By">Who, or null for the program itself.</param>
    public sealed record Step(EmployerStepKind Kind, DateTimeOffset At, string? By, string? Reason);

    public sealed record Response(Employer Employer, IReadOnlyList<Step> Steps);

    /// <summary>查看用人单位 (open a firm).</summary>
    internal static async Task<Ok<Response>> Handle(string id, Reach reach, FieldCipher cipher, Database database, CancellationToken cancellation)
    {
        await using var db = database.Open();
        var employer = await db.EmployerInReachAsync(id, reach, cancellation);
        var accounts = db.StaffAccounts;
        var steps = await (from step in db.EmployerSteps
                           from account in accounts.Where(a => a.PersonId == step.PersonId).DefaultIfEmpty()
                           where step.EmployerId == id
                           orderby step.Id
                           select new { step, Name = (string?)account.DisplayName }).ToListAsync(cancellation);
        return TypedResults.Ok(new Response(
            Employer.Of(employer),
            [.. steps.Select(s => new Step(
                s.step.Kind, Instants.At(s.step.At), s.Name, s.step.ReasonSealed is { } reason ? cipher.Open(EmployerStepRow.ReasonPlace, s.step.Id, reason) : null))]));
    }
}
