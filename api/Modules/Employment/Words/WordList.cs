using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Employment.Words;

/// <summary>A line of the list (用语清单), as officers write it and read it back.</summary>
/// <param name="Patterns">See <c>Modules/Employment/Words/WordPattern.cs</c>: 限/只招+男/女.</param>
/// <param name="Exceptions">A hit that one of these touches is none.</param>
/// <param name="Clears">A clause in which one of these stands is not looked at.</param>
/// <param name="Alike">Characters written for others: 押=压鸭;肝=干.</param>
/// <param name="IsNegatable">Whether 不收, 无 and the like before a hit excuse it.</param>
/// <param name="FromOn">The first day on which it holds.</param>
/// <param name="UntilOn">The last day; left out: until further notice.</param>
public sealed record WordLine(
    [property: Needed, KnownWord] WordClass? Class,
    [property: Needed, KnownWord] WordLevel? Level,
    [property: Needed, AtMostItems(60)] IReadOnlyList<string>? Patterns,
    [property: AtMostItems(60)] IReadOnlyList<string>? Exceptions,
    [property: AtMostItems(60)] IReadOnlyList<string>? Clears,
    [property: LengthBetween(0, 200)] string? Alike,
    bool? IsNegatable,
    [property: Needed, LengthBetween(2, 120)] string? Law,
    [property: Needed, LengthBetween(2, 200)] string? Advice,
    [property: Needed] DateOnly? FromOn,
    DateOnly? UntilOn)
{
    private const int MostLetters = 15_000;

    internal static WordLine Of(WordRuleRow r) => new(
        r.Class, r.Level, Lines(r.Patterns), Lines(r.Exceptions), Lines(r.Clears), r.Alike, r.IsNegatable, r.Law, r.Advice, Instants.Date(r.FromOn), Instants.DateOrNone(r.UntilOn));

    /// <exception cref="Refusal">A pattern cannot be read, or the days are out of order.</exception>
    internal WordRuleRow Into(WordRuleRow row)
    {
        var made = row with
        {
            Class = Class!.Value,
            Level = Level!.Value,
            Patterns = Joined("patterns", Patterns),
            Exceptions = Joined("exceptions", Exceptions),
            Clears = Joined("clears", Clears),
            Alike = Alike ?? "",
            IsNegatable = IsNegatable ?? false,
            Law = Law!,
            Advice = Advice!,
            FromOn = FromOn!.Value.Stored(),
            UntilOn = UntilOn?.Stored(),
        };
        if (made.Patterns.Length == 0)
        {
            throw Refusal.OfField("line.patterns", "请至少填写一条用语。");
        }

        if (UntilOn < FromOn)
        {
            throw Refusal.OfField("line.untilOn", "停用日期不能早于生效日期。");
        }

        WordRule.Of(made);
        return made;
    }

    private static string[] Lines(string stored) => stored.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Joined(string field, IReadOnlyList<string>? lines)
    {
        var joined = string.Join('\n', (lines ?? []).Select(l => (l ?? "").ReplaceLineEndings("").Trim()).Where(l => l.Length > 0));
        return joined.Length <= MostLetters ? joined : throw Refusal.OfField($"line.{field}", "内容过长,请分成几行登记。");
    }
}

/// <summary>The list as it is, with lines that hold no longer or not yet.</summary>
internal static class ListWordRules
{
    public sealed record Item(string Id, int Version, bool IsOurs, WordLine Line);

    /// <summary>用语清单 (the list of the word check).</summary>
    internal static async Task<Ok<Listing<Item>>> Handle(int? take, string? after, Database database, CancellationToken cancellation)
    {
        var (count, mark) = (Page.Take(take), Page.AfterId(after));
        await using var db = database.Open();
        var rows = await db.WordRules.Where(r => mark == null || r.Id.CompareTo(mark) > 0).OrderBy(r => r.Id).Take(count + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Listing<Item>.Of(rows, count, r => new Item(r.Id, r.Version, r.SeedKey is null, WordLine.Of(r)), r => r.Id));
    }
}

/// <summary>The top union's officer adds a line.</summary>
internal static class AddWordRule
{
    public sealed record Request([property: Needed] WordLine? Line);

    public sealed record Response(string Id, int Version);

    /// <summary>新增用语 (add a line).</summary>
    /// <response code="409">only_top_union.</response>
    internal static async Task<Created<Response>> Handle(
        Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, CancellationToken cancellation)
    {
        var id = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, id, now) =>
            {
                await TopUnion.RefuseUnlessAsync(db, reach, cancellation);
                var row = request.Line!.Into(Empty(id, caller, now));
                await db.InsertAsync(row, token: cancellation);
                await Audit.WriteAsync(db, caller, "add_word_rule", "word_rule", id, now);
            },
            cancellation);
        return TypedResults.Created("/api/v1/office/word-rules", new Response(id, 1));
    }

    private static WordRuleRow Empty(string id, Caller caller, long now) => new()
    {
        Id = id,
        Class = WordClass.Other,
        Level = WordLevel.Warn,
        Patterns = "",
        Exceptions = "",
        Clears = "",
        Alike = "",
        IsNegatable = false,
        Law = "",
        Advice = "",
        FromOn = "",
        MadeBy = caller.PersonId,
        Version = 1,
        CreatedAt = now,
        UpdatedAt = now,
    };
}

/// <summary>A line is changed, or ended by its last day. Vacancies that are shown keep; the next reading finds by the new list.</summary>
internal static class ChangeWordRule
{
    /// <param name="Version">The version that was read.</param>
    public sealed record Request([property: Needed] int? Version, [property: Needed] WordLine? Line);

    public sealed record Response(int Version);

    /// <summary>修改用语 (change a line).</summary>
    /// <response code="409">changed_meanwhile, only_top_union.</response>
    internal static async Task<Ok<Response>> Handle(
        string id, Request request, Caller caller, Reach reach, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var version = await database.TransactAsync(
            async db =>
            {
                await TopUnion.RefuseUnlessAsync(db, reach, cancellation);
                var before = await db.WordRules.FirstOrDefaultAsync(r => r.Id == id, cancellation) ?? throw new Refusal(CommonProblems.NotFound);
                var now = clock.Milliseconds();
                var after = request.Line!.Into(before) with { MadeBy = caller.PersonId, Version = before.Version + 1, UpdatedAt = now };
                var taken = await db.WordRules.Where(r => r.Id == id && r.Version == request.Version).Set(r => r.Version, after.Version).UpdateAsync(cancellation);
                if (taken == 0)
                {
                    throw new Refusal(CommonProblems.ChangedMeanwhile) { Present = new { before.Version } };
                }

                await db.UpdateAsync(after, token: cancellation);
                await Audit.WriteAsync(db, caller, "change_word_rule", "word_rule", id, now);
                return after.Version;
            },
            cancellation);
        return TypedResults.Ok(new Response(version));
    }
}

/// <summary>The list is one for the whole county, so its officers at the top union keep it.</summary>
internal static class TopUnion
{
    public static async Task RefuseUnlessAsync(Db db, Reach reach, CancellationToken cancellation)
    {
        if (!await db.ReachesTopAsync(reach, cancellation))
        {
            throw new Refusal(EmploymentProblems.OnlyTopUnion);
        }
    }
}
