using System.Text.Json;
using LinqToDB;
using LinqToDB.Data;
using Microsoft.Extensions.DependencyInjection;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Messages;
using WeChatUnion.Api.Modules.Messages.Delivering;
using WeChatUnion.Tests.Activities;
using WeChatUnion.Tests.House;
using WeChatUnion.WeChatStandIn;

namespace WeChatUnion.Tests.Messages;

/// <summary>The county has chosen its templates in WeChat's console and connected the push.</summary>
public sealed class MessagingSqlite : SqliteHouse
{
    protected override void Adjust(Dictionary<string, string> settings) => MessagesHouse.Connect(this, settings);
}

/// <inheritdoc cref="MessagingSqlite"/>
public sealed class MessagingMariaDb : MariaDbHouse
{
    protected override void Adjust(Dictionary<string, string> settings) => MessagesHouse.Connect(this, settings);
}

internal static class MessagesHouse
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public const string PushToken = "AAAAA";

    public static readonly string PushKey = new('A', 43);

    public static string TemplateId(string name) => $"tmpl-{name}-0123456789";

    public static void Connect(TestHouse house, Dictionary<string, string> settings)
    {
        foreach (var (key, value) in SettingsFor(house.WeChat))
        {
            settings[key] = value;
        }
    }

    public static Dictionary<string, string> SettingsFor(StandIn weChat)
    {
        foreach (var template in NoticeKinds.Templates)
        {
            weChat.Subscriptions.AddTemplate(TemplateId(template.Name), [.. template.Fields.Select(f => f.Key)]);
        }

        return new(NoticeKinds.Templates.Select(t => KeyValuePair.Create($"Messages:Templates:{t.Name}", TemplateId(t.Name))))
        {
            ["WeChatPush:Token"] = PushToken,
            ["WeChatPush:EncodingAesKey"] = PushKey,
        };
    }

    /// <summary>A member with her openid, who pressed accept on the phone and reported it.</summary>
    public static async Task<Reachable> Reachable(this TestHouse house, params string[] templates)
    {
        var user = house.NewUser();
        var session = (await house.SignIn(user)).MustBe(System.Net.HttpStatusCode.Created);
        await house.MakeMember(session["personId"], "jinsui", "1", "1990-05-01");
        var person = new Reachable(house.NewHttp(), session["token"], session["personId"], user, house.WeChat.OpenIdOf(user));
        foreach (var template in templates)
        {
            await house.Accept(person, template);
        }

        return person;
    }

    public static async Task Accept(this TestHouse house, Reachable person, string template)
    {
        house.WeChat.Subscriptions.Accept(person.OpenId, TemplateId(template));
        (await person.Post("/api/v1/me/subscription-reports", new { results = new[] { new { templateId = TemplateId(template), choice = "accept" } } }))
            .MustBe(System.Net.HttpStatusCode.NoContent);
    }

    /// <summary>As a module does it, in its own transaction.</summary>
    public static async Task Tell(this TestHouse house, params Notice[] notices)
    {
        var messenger = house.Services.GetRequiredService<IMessenger>();
        await house.Database.TransactAsync(db => messenger.AddAsync(db, notices, house.Clock.Milliseconds()), CancellationToken.None);
    }

    /// <summary>As a node of the release before wrote it.</summary>
    public static async Task LeaveInOutbox(this TestHouse house, Applicant person, string text, long? claimedUntil = null)
    {
        var (id, now) = (Ids.New(), house.Clock.Milliseconds());
        var notice = new Notice(person.PersonId, "membership_returned", "申请被退回", text, person.ApplicationId);
        var payload = house.Services.GetRequiredService<FieldCipher>().Seal(HandOverOutbox.Place, id, JsonSerializer.Serialize(notice, ContractJson.Stored));
        await using var db = house.Database.Open();
        await db.ExecuteAsync(
            "INSERT INTO outbox (id, kind, payload_sealed, due_at, attempts, claimed_until, created_at) VALUES (@id, 'notice', @payload, @now, 0, @claimedUntil, @now)",
            new { id, payload, now, claimedUntil });
    }

    public static Notice Offer(Reachable person, long? until = null, string subject = "职工趣味运动会") =>
        Of(person, "place_offered", until, subject);

    public static Notice Of(Reachable person, string kind, long? until = null, string subject = "职工趣味运动会") =>
        new(person.PersonId, kind, "候补有名额了", "有一个名额为您保留。", Ids.New())
        {
            Facts = new Dictionary<string, string> { [Fact.Subject] = subject, [Fact.Place] = "翟坡镇文化广场", [Fact.StartsAt] = "1796090400000", [Fact.Until] = "1796090400000" },
            Deadline = until,
        };

    /// <summary>Waits until the program's loop has nothing due any more.</summary>
    public static async Task Delivered(this TestHouse house)
    {
        var quiet = QuietHours.Cover(house.Clock.Milliseconds()) ? " AND at_any_hour = 1" : "";
        for (var waited = 0; waited < Patience.TotalMilliseconds; waited += 20)
        {
            var open = await house.Number($"SELECT COUNT(*) FROM deliveries WHERE state = 'sending' OR (state = 'waiting' AND due_at <= {house.Clock.Milliseconds()}{quiet})");
            if (open == 0)
            {
                return;
            }

            await house.Wake();
        }

        throw new TimeoutException("Deliveries do not run dry.");
    }

    /// <summary>The loop looks now, rather than within a second of the wall clock.</summary>
    public static async Task Wake(this TestHouse house)
    {
        house.Services.GetRequiredService<DeliverySignal>().Raise();
        await Task.Delay(20);
    }

    public static IReadOnlyList<SentMessage> SentTo(this TestHouse house, Reachable person) =>
        [.. house.WeChat.Subscriptions.Sent.Where(m => m.OpenId == person.OpenId)];

    /// <summary>The states of a person's deliveries, oldest first.</summary>
    public static async Task<string> States(this TestHouse house, Reachable person)
    {
        await using var db = house.Database.Open();
        var rows = await LinqToDB.Async.AsyncExtensions.ToListAsync(db.Deliveries.Where(d => d.PersonId == person.PersonId).OrderBy(d => d.Id));
        return string.Join(' ', rows.Select(r => r.State));
    }

    public static Task<long> Credits(this TestHouse house, Reachable person, string template) =>
        house.Number($"SELECT COALESCE(MAX(credits), 0) FROM subscription_credits WHERE person_id = '{person.PersonId}' AND template = '{template}'");
}

/// <summary>Somebody whom WeChat can reach.</summary>
internal sealed class Reachable(HttpClient http, string token, string personId, string user, string openId) : Person(http, token)
{
    /// <summary>Of the stand-in.</summary>
    public string User { get; } = user;

    public string PersonId { get; } = personId;

    public string OpenId { get; } = openId;
}
