using System.Globalization;
using System.Text;
using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.WeChat;

namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>A delivery and what became of it.</summary>
internal sealed record Outcome(Claimed Delivery, SubscribeAnswer Answer);

/// <summary>Writes down what became of deliveries, many in one transaction; only those that this worker still holds.</summary>
internal static class Outcomes
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    public static async Task WriteAsync(Db db, FieldCipher cipher, string worker, IReadOnlyList<Outcome> outcomes, long now)
    {
        var sent = outcomes.Where(o => o.Answer.Result == SubscribeResult.Sent).ToList();
        if (sent.Count > 0)
        {
            await db.ExecuteAmongAsync(
                $"UPDATE deliveries SET state = 'sent', closed_at = @now, platform_id = {PlatformIds(sent)} "
                + "WHERE state = 'sending' AND claimed_by = @worker AND id IN (@among)",
                [.. sent.Select(s => s.Delivery.Id)],
                CancellationToken.None,
                ("worker", worker),
                ("now", now));
        }

        foreach (var some in outcomes.Where(o => o.Delivery.Template is not null && MayHaveSpent(o.Answer.Result)).GroupBy(o => o.Delivery.Template!))
        {
            await db.ExecuteAmongAsync(
                "UPDATE subscription_credits SET credits = credits - 1, updated_at = @now WHERE template = @template AND credits > 0 AND person_id IN (@among)",
                [.. some.Select(o => o.Delivery.PersonId)],
                CancellationToken.None,
                ("template", some.Key),
                ("now", now));
        }

        foreach (var other in outcomes.Where(o => o.Answer.Result != SubscribeResult.Sent))
        {
            await WriteAsync(db, cipher, worker, other, now);
        }
    }

    /// <summary>When to try again after so many attempts.</summary>
    public static long Next(long now, int attempts) =>
        now + (long)Math.Min(FirstWait.TotalMilliseconds * Math.Pow(2, Math.Min(attempts, 20)), LongestWait.TotalMilliseconds);

    private static bool MayHaveSpent(SubscribeResult result) => result is SubscribeResult.Sent or SubscribeResult.Unknown;

    private static async Task WriteAsync(Db db, FieldCipher cipher, string worker, Outcome outcome, long now)
    {
        var (delivery, answer) = outcome;
        if (answer.Result == SubscribeResult.NoCredit)
        {
            await db.ExecuteAsync(
                "UPDATE subscription_credits SET credits = 0, updated_at = @now WHERE person_id = @PersonId AND template = @Template",
                new { delivery.PersonId, delivery.Template, now });
        }

        var end = EndOf(delivery, answer.Result);
        var due = answer.Result == SubscribeResult.Concurrent ? now + 1000 : Next(now, delivery.Attempts);
        var isWritten = await db.ExecuteAsync(
            "UPDATE deliveries SET state = @state, due_at = @due, attempts = attempts + 1, unknowns = unknowns + @unknown, error_code = @ErrorCode, closed_at = @closed, claimed_until = NULL "
            + "WHERE id = @Id AND state = 'sending' AND claimed_by = @worker",
            new
            {
                delivery.Id,
                worker,
                state = end ?? "waiting",
                due,
                unknown = answer.Result == SubscribeResult.Unknown ? 1 : 0,
                answer.ErrorCode,
                closed = end is null or "parked" ? null : (long?)now,
            });
        if (end is not null && isWritten == 1)
        {
            await TextMessages.AddAsync(db, cipher, [(delivery, end)], now);
        }
    }

    private static string? EndOf(Claimed delivery, SubscribeResult result) => result switch
    {
        SubscribeResult.NoCredit when delivery.Unknowns > 0 => "unknown",
        SubscribeResult.NoCredit => "no_credit",
        SubscribeResult.NoSuchPerson => "no_account",
        SubscribeResult.Banned => "banned",
        SubscribeResult.Wrong => "parked",
        SubscribeResult.Unknown => NoticeKinds.Of(delivery.Kind).MayRepeat ? null : "unknown",
        _ => null,
    };

    private static string PlatformIds(List<Outcome> sent)
    {
        var known = sent.Where(s => s.Answer.MessageId is not null).ToList();
        if (known.Count == 0)
        {
            return "NULL";
        }

        var sql = new StringBuilder("CASE id");
        foreach (var (delivery, answer) in known.Where(k => Ids.IsId(k.Delivery.Id)))
        {
            sql.Append(CultureInfo.InvariantCulture, $" WHEN '{delivery.Id}' THEN {answer.MessageId}");
        }

        return sql.Append(" END").ToString();
    }
}
