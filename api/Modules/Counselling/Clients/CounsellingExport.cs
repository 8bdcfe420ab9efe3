using System.Globalization;
using System.Text.Json;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy.Registry;
using WeChatUnion.Api.Modules.Counselling.Booking;
using WeChatUnion.Api.Modules.Counselling.Scales;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>Her part of the module for her own export: consent, talks, answers, who read. A counsellor's notes are the counsellor's (PIPL art. 45; domain/counselling.md 3.8).</summary>
internal static class CounsellingExport
{
    public static ReadLocked Source(IServiceProvider services) => async (db, personId, cancellation) =>
    {
        if (services.GetRequiredService<CounsellingSettings>().LinkKey.Length == 0
            || (await services.GetRequiredService<ClientRecords>().OfPersonAsync(db, personId, cancellation))?.Record is not { } client)
        {
            return [];
        }

        var (deeds, keys) = (services.GetRequiredService<AppointmentDeeds>(), services.GetRequiredService<CaseKeys>());
        var registry = services.GetRequiredService<ColumnRegistry>();
        var talks = await AppointmentDeeds.OfClientAsync(db, client, cancellation);
        var ids = talks.Select(t => t.CounsellorId).Distinct().ToList();
        var names = await db.Counsellors.Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Name, cancellation);
        var scales = client.Scales.Count == 0
            ? []
            : await db.QueryAmongAsync<ScaleResultRow>("SELECT * FROM scale_results WHERE id IN (@among)", [.. client.Scales], cancellation);
        return
        [
            .. Table(registry, "counselling_clients", [ClientOf(client)]),
            .. Table(registry, "appointments", [.. talks.OrderBy(t => t.StartsAt).Select(t => TalkOf(t, names[t.CounsellorId], deeds.WordsOf(t)))]),
            .. Table(registry, "scale_results", [.. scales.Select(s => AnswerScale.Open(s, keys)).OrderBy(s => s.At).Select(ScaleOf)]),
        ];
    };

    private static IEnumerable<PersonalRows> Table(ColumnRegistry registry, string table, IReadOnlyList<IReadOnlyDictionary<string, string?>> rows)
    {
        var group = registry.Of(table).First(g => g.Kind == ColumnKind.Sensitive);
        return rows.Count == 0 ? [] : [new PersonalRows(table, group.Purpose, group.Basis, group.Days, rows)];
    }

    private static Dictionary<string, string?> ClientOf(ClientRecord client) => new()
    {
        ["consent_version"] = client.Consent?.Version.ToString(CultureInfo.InvariantCulture),
        ["consent_given_at"] = client.Consent is { } consent ? Told(consent.GivenAt) : null,
        ["intake"] = client.Intake is { } intake ? JsonSerializer.Serialize(intake, ContractJson.Stored) : null,
        ["referrals"] = client.Referrals.Count == 0 ? null : JsonSerializer.Serialize(client.Referrals, ContractJson.Stored),
        ["points"] = client.Points.Count == 0 ? null : JsonSerializer.Serialize(client.Points, ContractJson.Stored),
        ["readings"] = JsonSerializer.Serialize(client.Readings, ContractJson.Stored),
    };

    private static Dictionary<string, string?> TalkOf(AppointmentRow talk, string counsellor, ClientWords? words) => new()
    {
        ["state"] = Word(talk.State),
        ["counsellor"] = counsellor,
        ["starts_at"] = Told(talk.StartsAt),
        ["ends_at"] = Told(talk.EndsAt),
        ["mode"] = Word(talk.Mode),
        ["alias"] = words?.Alias,
        ["phone"] = words?.Phone,
    };

    private static Dictionary<string, string?> ScaleOf(ScaleAnswers scale) => new()
    {
        ["scale"] = Word(scale.Scale),
        ["answers"] = string.Join(' ', scale.Answers),
        ["answered_at"] = Told(scale.At),
    };

    private static string Word<T>(T word)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString());

    private static string Told(long instant) => Instants.At(instant).ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
