using System.Globalization;
using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Counselling.Figures;

/// <summary>How much the support is used: of months that are over, as first published, and nothing that tells of fewer than five.</summary>
internal static class GetFigures
{
    /// <summary>Counsellors write down the last talks of a month within these days.</summary>
    internal const int DaysToClose = 3;

    /// <param name="Name">A union directly below the county's; null: workers without one there.</param>
    /// <param name="Talks">Null: kept back.</param>
    /// <param name="People">Null: kept back.</param>
    public sealed record InUnion(string? UnionId, string? Name, int? Talks, int? People);

    /// <param name="Talks">人次, talks that were held; null: of fewer than five people.</param>
    /// <param name="People">人数; null: fewer than five.</param>
    /// <param name="ByUnion">Only unions from which somebody came.</param>
    /// <param name="WaitingDays">Median from booking to the talk.</param>
    /// <param name="Crises">Calls for help; null: of fewer than five people.</param>
    /// <param name="ResponseMinutes">Median until a person answered them.</param>
    public sealed record Month(
        int? Talks, int? People, IReadOnlyList<InUnion> ByUnion, double? WaitingDays, int? Crises, double? ResponseMinutes);

    public sealed record Response(string Of, Month Figures);

    /// <summary>心理服务统计 (figures of one month).</summary>
    /// <param name="month">yyyy-MM.</param>
    /// <response code="409">month_open: published on the fourth day of the next month.</response>
    internal static async Task<Ok<Response>> Handle(
        string? month, Reach reach, MonthFigures figures, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var first = FirstOf(month);
        var of = first.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        if (clock.Today() < first.AddMonths(1).AddDays(DaysToClose))
        {
            throw new Refusal(CounsellingProblems.MonthOpen);
        }

        await using (var db = database.Open())
        {
            if (!await db.ReachesTopAsync(reach, cancellation))
            {
                throw new Refusal(CommonProblems.NotFound);
            }
        }

        return TypedResults.Ok(new Response(of, await PublishedAsync(of, first, figures, database, cancellation)));
    }

    /// <summary>By the program on the day, or by whoever asks first; from then on it stands.</summary>
    internal static async Task<Month> PublishedAsync(string of, DateOnly first, MonthFigures figures, Database database, CancellationToken cancellation)
    {
        try
        {
            return await database.TransactAsync(
                async db =>
                {
                    if (await ReadAsync(db) is { } published)
                    {
                        return published;
                    }

                    var reckoned = await figures.ReckonAsync(db, first, cancellation);
                    await db.InsertAsync(new FiguresRow { Month = of, Content = JsonSerializer.Serialize(reckoned, ContractJson.Stored) }, token: cancellation);
                    return reckoned;
                },
                cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            // Two asked first: the other's is the published one.
            await using var db = database.Open();
            return (await ReadAsync(db))!;
        }

        async Task<Month?> ReadAsync(Db db) => await db.CounsellingFigures.Where(f => f.Month == of).Select(f => f.Content).FirstOrDefaultAsync(cancellation) is { } content
            ? JsonSerializer.Deserialize<Month>(content, ContractJson.Stored)
            : null;
    }

    private static DateOnly FirstOf(string? month) =>
        DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year is >= 2000 and <= 2999
            ? first
            : throw Refusal.OfField("month", "请填写月份,例如 2026-11。");
}
