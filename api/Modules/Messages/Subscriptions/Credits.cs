using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Messages.Subscriptions;

/// <summary>
/// How many messages WeChat will let us send to a person by a template: a guess. The phone reports an accept and the
/// platform pushes the same one, in either order or only one of both; whichever comes first counts, and the other, within ten
/// minutes, does not.
/// </summary>
internal static class Credits
{
    private const int Most = 1000;
    private static readonly TimeSpan SameAccept = TimeSpan.FromMinutes(10);

    public static Task AcceptReportedAsync(Db db, string personId, string template, long now, CancellationToken cancellation) =>
        ChangeAsync(db, personId, template, now, AfterReport, cancellation);

    public static Task AcceptPushedAsync(Db db, string personId, string template, long now, CancellationToken cancellation) =>
        ChangeAsync(db, personId, template, now, AfterPush, cancellation);

    /// <summary>She refused in the pop-up: what the phone just reported as an accept was none.</summary>
    public static Task RefusePushedAsync(Db db, string personId, string template, long now, CancellationToken cancellation) => ChangeAsync(
        db,
        personId,
        template,
        now,
        row => row.ReportsAhead > 0 ? row with { Credits = Math.Max(0, row.Credits - 1), ReportsAhead = row.ReportsAhead - 1 } : row,
        cancellation);

    /// <summary>She switched the template off in the settings, or the platform told us that nothing is left.</summary>
    public static Task EndAsync(Db db, string personId, string template, long now, CancellationToken cancellation) =>
        ChangeAsync(db, personId, template, now, row => row with { Credits = 0, ReportsAhead = 0, PushesAhead = 0 }, cancellation);

    internal static CreditRow AfterReport(CreditRow row) => row.PushesAhead > 0
        ? row with { PushesAhead = row.PushesAhead - 1 }
        : row with { Credits = Math.Min(Most, row.Credits + 1), ReportsAhead = row.ReportsAhead + 1 };

    internal static CreditRow AfterPush(CreditRow row) => row.ReportsAhead > 0
        ? row with { ReportsAhead = row.ReportsAhead - 1 }
        : row with { Credits = Math.Min(Most, row.Credits + 1), PushesAhead = row.PushesAhead + 1 };

    private static async Task ChangeAsync(Db db, string personId, string template, long now, Func<CreditRow, CreditRow> change, CancellationToken cancellation)
    {
        // The person's row makes two changes to her credits wait for each other, also before there is a row of them.
        if (await db.ExecuteAsync("UPDATE persons SET created_at = created_at WHERE id = @personId", new { personId }, cancellation) == 0)
        {
            return;
        }

        var before = await db.SubscriptionCredits.FirstOrDefaultAsync(c => c.PersonId == personId && c.Template == template, cancellation);
        var row = before ?? new CreditRow { PersonId = personId, Template = template, Credits = 0, ReportsAhead = 0, PushesAhead = 0, AheadAt = now, UpdatedAt = now };
        if (now - row.AheadAt > SameAccept.TotalMilliseconds)
        {
            row = row with { ReportsAhead = 0, PushesAhead = 0 };
        }

        row = change(row) with { AheadAt = now, UpdatedAt = now };
        if (before is null)
        {
            await db.InsertAsync(row, token: cancellation);
        }
        else
        {
            await db.UpdateAsync(row, token: cancellation);
        }
    }
}
