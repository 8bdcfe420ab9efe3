using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Counselling.Clients;

/// <summary>
/// The module's own keys. Whoever has the database without them can join no person to a client, no client to an
/// appointment and no two appointments to each other.
/// </summary>
internal sealed class CaseKeys(CounsellingSettings settings, PrivacySettings privacy)
{
    /// <summary>The module writes this kind of deed only from places that show nothing of the caller.</summary>
    private const string Nowhere = "";

    private readonly byte[] linkKey = Convert.FromBase64String(settings.LinkKey);

    public FieldCipher Cipher { get; } = new(new PrivacySettings
    {
        Cipher = privacy.Cipher,
        CurrentFieldKey = settings.CurrentNoteKey,
        FieldKeys = settings.NoteKeys,
    });

    /// <summary>An id that only the key can make again; the kind keeps equal texts of different meaning apart.</summary>
    public string IdOf(string kind, string value) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(linkKey, Encoding.UTF8.GetBytes($"{kind}|{value}")).AsSpan(0, Ids.Length / 2));

    public string ClientOf(string personId) => IdOf("client", personId);

    /// <summary>How a worker stands in audit entries: anew for each deed, without session and address, which would lead to her.</summary>
    /// <param name="deed">What the deed is told apart by; an operator who knows person, deed and key finds the entry.</param>
    public Caller Masked(Caller caller, string deed) =>
        new(IdOf("deed", $"{caller.PersonId}|{deed}"), IdOf("deed", $"{caller.SessionId}|{deed}"), caller.Kind, Nowhere);

    /// <summary>How a record stands in the audit entry of one deed.</summary>
    public string Masked(string recordId, string deed) => IdOf("record", $"{recordId}|{deed}");

    /// <summary>A key's row tells neither who nor on which record.</summary>
    public IdempotencyKey Masked(IdempotencyKey key, Caller caller) => new(IdOf("key", $"{caller.PersonId}|{key.Key}"), IdOf("route", key.Route));

    public string Lock(string place, string recordId, string text) => Cipher.Seal(place, recordId, text);

    public string Unlock(string place, string recordId, string stored) => Cipher.Open(place, recordId, stored);

    /// <summary>What is locked as JSON.</summary>
    public string LockJson<T>(string place, string recordId, T value) => Lock(place, recordId, JsonSerializer.Serialize(value, ContractJson.Stored));

    public T UnlockJson<T>(string place, string recordId, string stored) => JsonSerializer.Deserialize<T>(Unlock(place, recordId, stored), ContractJson.Stored)!;
}
