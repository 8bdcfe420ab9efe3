using LinqToDB.Data;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Messages.Emails;
using WeChatUnion.Api.Modules.Messages.Reminders;

namespace WeChatUnion.Api.Modules.Messages.Delivering;

/// <summary>
/// Takes due deliveries under a lease, many in one transaction; many nodes may, each passes over what another holds. One
/// person's go one after the other. What need not be sent any more is closed here.
/// </summary>
internal sealed class Claims(Database database, WeChatSettings weChat, FieldCipher cipher, IEnumerable<UpcomingBookings> bookings)
{
    /// <summary>Of the table <c>deliveries d</c>.</summary>
    public const string Columns =
        "d.id, d.message_id, d.person_id, d.channel, d.kind, d.template, d.record_id, d.broadcast_id, d.payload_sealed, d.hurry, d.at_any_hour, d.due_at, d.expires_at, d.attempts, d.unknowns, d.created_at";

    private readonly Dictionary<string, UpcomingBookings> bookings = bookings.ToDictionary(b => b.Kind);

    /// <param name="most">At most so many.</param>
    /// <param name="busy">People who have something under way here.</param>
    /// <param name="weChatIsOpen">Else only what goes by other channels.</param>
    public async Task<List<Claimed>> TakeAsync(
        Db db, string worker, int most, IReadOnlySet<string> busy, bool weChatIsOpen, long now, long until, CancellationToken cancellation)
    {
        var taken = new List<Claimed>();
        for (var hurry = 0; hurry <= 1 && taken.Count < most; hurry++)
        {
            var ids = await FindAsync(db, hurry, most - taken.Count, weChatIsOpen, now, cancellation);
            if (ids.Count > 0)
            {
                taken.AddRange(await SortAsync(db, ids, busy, now, cancellation));
            }
        }

        if (taken.Count > 0)
        {
            var changed = await db.ExecuteAmongAsync(
                "UPDATE deliveries SET state = 'sending', claimed_by = @worker, claimed_until = @until WHERE state = 'waiting' AND id IN (@among)",
                [.. taken.Select(t => t.Id)],
                cancellation,
                ("worker", worker),
                ("until", until));
            if (changed != taken.Count)
            {
                // A cluster with many writers knows no lock that others wait for: there the later one begins anew.
                throw new InvalidOperationException("Another worker was faster.");
            }
        }

        return taken;
    }

    private Task<List<string>> FindAsync(Db db, int hurry, int most, bool weChatIsOpen, long now, CancellationToken cancellation)
    {
        var quiet = QuietHours.Cover(now) ? " AND d.at_any_hour = 1" : "";
        var open = weChatIsOpen ? "" : " AND d.channel <> 'subscribe'";
        return db.QueryToListAsync<string>(
            $"""
            SELECT d.id FROM deliveries d
            WHERE d.state = 'waiting' AND d.hurry = @hurry AND d.due_at <= @now{quiet}{open}
                AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.person_id = d.person_id AND o.state = 'sending' AND o.channel = d.channel)
            ORDER BY d.due_at, d.id LIMIT @most{(database.IsSqlite ? "" : " FOR UPDATE SKIP LOCKED")}
            """,
            new { hurry, now, most },
            cancellation);
    }

    /// <summary>Those that shall be sent now; the others are closed or left for the next time.</summary>
    private async Task<List<Claimed>> SortAsync(Db db, List<string> ids, IReadOnlySet<string> busy, long now, CancellationToken cancellation)
    {
        var rows = await db.QueryAmongAsync<Claimed>(
            $"""
            SELECT {Columns}, w.open_id, c.credits, e.address_sealed, p.phone_sealed, b.state AS broadcast_state FROM deliveries d
            JOIN persons p ON p.id = d.person_id
            LEFT JOIN wechat_accounts w ON w.person_id = d.person_id AND w.app_id = @app
            LEFT JOIN subscription_credits c ON c.person_id = d.person_id AND c.template = d.template
            LEFT JOIN staff_emails e ON e.person_id = d.person_id
            LEFT JOIN broadcasts b ON b.id = d.broadcast_id
            WHERE d.id IN (@among) ORDER BY d.due_at, d.id
            """,
            ids,
            cancellation,
            ("app", weChat.AppId));
        var gone = await GoneAsync(db, rows, cancellation);
        var (send, close, people) = (new List<Claimed>(), new List<(Claimed Delivery, string End)>(), new HashSet<string>());
        foreach (var row in rows)
        {
            if (EndOf(row, gone, now) is { } end)
            {
                close.Add((row, end));
            }
            else if (!busy.Contains(row.PersonId) && people.Add(row.PersonId))
            {
                send.Add(row);
            }
        }

        foreach (var some in close.GroupBy(c => c.End))
        {
            await db.ExecuteAmongAsync(
                "UPDATE deliveries SET state = @state, closed_at = @now WHERE state = 'waiting' AND id IN (@among)",
                [.. some.Select(c => c.Delivery.Id)],
                cancellation,
                ("state", some.Key),
                ("now", now));
        }

        await TextMessages.AddAsync(db, cipher, close, now);
        return send;
    }

    /// <summary>Reminders of what was given up or moved meanwhile.</summary>
    private async Task<HashSet<string>> GoneAsync(Db db, List<Claimed> rows, CancellationToken cancellation)
    {
        var gone = new HashSet<string>();
        foreach (var some in rows.GroupBy(r => r.Kind).Where(g => bookings.ContainsKey(g.Key)))
        {
            var standing = await bookings[some.Key].StillStand(db, [.. some.Select(r => (r.RecordId, r.ExpiresAt)).Distinct()], cancellation);
            gone.UnionWith(some.Where(r => !standing.Contains((r.RecordId, r.ExpiresAt))).Select(r => r.Id));
        }

        return gone;
    }

    /// <summary>The state in which it ends without being sent, or null.</summary>
    private static string? EndOf(Claimed row, HashSet<string> gone, long now)
    {
        if (row.ExpiresAt <= now)
        {
            return "expired";
        }

        if (gone.Contains(row.Id))
        {
            return "dropped";
        }

        if (row.BroadcastState == "stopped")
        {
            return "stopped";
        }

        if (row.Channel != SubscribeChannel.Word)
        {
            var hasAddress = row.Channel == EmailChannel.Word ? row.AddressSealed is not null : row.PhoneSealed is not null;
            return hasAddress ? null : "no_account";
        }

        // Sent once with an unknown outcome, it took a right along already: if that was the last, a repeat arrives or is refused.
        var template = NoticeKinds.TemplateOf(row.Template);
        return row.OpenId is null ? "no_account"
            : row.Unknowns > 0 ? null
            : template is null || (row.Credits ?? 0) <= NoticeKinds.KeptBack(template, NoticeKinds.Of(row.Kind).Importance) ? "no_credit"
            : null;
    }
}
