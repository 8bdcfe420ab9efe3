using LinqToDB;
using LinqToDB.Data;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Identity;

internal static class Tables
{
    extension(Db db)
    {
        public ITable<PersonRow> Persons => db.GetTable<PersonRow>();

        public ITable<WeChatAccountRow> WeChatAccounts => db.GetTable<WeChatAccountRow>();

        public ITable<StaffAccountRow> StaffAccounts => db.GetTable<StaffAccountRow>();

        public ITable<SignInAttemptsRow> SignInAttempts => db.GetTable<SignInAttemptsRow>();

        public ITable<GrantRow> Grants => db.GetTable<GrantRow>();

        public ITable<PastGrantRow> PastGrants => db.GetTable<PastGrantRow>();

        public ITable<StaffLinkRow> StaffLinks => db.GetTable<StaffLinkRow>();

        public ITable<RecoveryCodeRow> RecoveryCodes => db.GetTable<RecoveryCodeRow>();

        public ITable<StaffDisablingRow> StaffDisablings => db.GetTable<StaffDisablingRow>();

        public ITable<PhoneCodeRow> PhoneCodes => db.GetTable<PhoneCodeRow>();

        public ITable<ConsentTextRow> ConsentTexts => db.GetTable<ConsentTextRow>();

        public ITable<ConsentRow> Consents => db.GetTable<ConsentRow>();

        public Task<List<GrantRow>> GrantsOfAsync(string personId, CancellationToken cancellation) =>
            db.QueryToListAsync<GrantRow>(
                "SELECT person_id, role, union_id, granted_at, granted_by FROM grants WHERE person_id = @personId", new { personId }, cancellation);

        /// <summary>The unions for which the caller has a role that passes this policy; none for a worker's session.</summary>
        public async Task<string[]> UnionsForAsync(Caller caller, string policy, CancellationToken cancellation)
        {
            if (caller.Kind != SessionKind.Staff)
            {
                return [];
            }

            var roles = Policies.RolesOf(policy);
            return [.. (await db.GrantsOfAsync(caller.PersonId, cancellation)).Where(g => roles.Contains(g.Role)).Select(g => g.UnionId)];
        }
    }
}

[Table("persons", IsColumnAttributeRequired = false)]
internal sealed record PersonRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public string? PhoneSealed { get; init; }

    public string? PhoneIndex { get; init; }

    public string? PhoneFormerIndex { get; init; }

    public string? PhoneTail { get; init; }

    public long? PhoneVerifiedAt { get; init; }

    public required long CreatedAt { get; init; }
}

[Table("wechat_accounts", IsColumnAttributeRequired = false)]
internal sealed record WeChatAccountRow
{
    [PrimaryKey(1)]
    public required string AppId { get; init; }

    [PrimaryKey(2)]
    public required string OpenId { get; init; }

    /// <summary>WeChat's unionid; named apart from our unions.</summary>
    public string? UnionAccountId { get; init; }

    public required string PersonId { get; init; }

    public required long CreatedAt { get; init; }
}

[Table("staff_accounts", IsColumnAttributeRequired = false)]
internal sealed record StaffAccountRow
{
    [PrimaryKey]
    public required string PersonId { get; init; }

    public required string Name { get; init; }

    public required string DisplayName { get; init; }

    public required string PasswordHash { get; init; }

    /// <summary>Signs in without a TOTP code, and in Production not at all.</summary>
    public required bool IsDemo { get; init; }

    public required long CreatedAt { get; init; }

    public string? TotpSealed { get; init; }

    /// <summary>The newest 30-second step whose code was used; this one and older ones never pass again.</summary>
    public long TotpStep { get; init; }

    /// <summary>What all her grants belong to (<see cref="Duties"/>); null while she has none.</summary>
    public string? Duty { get; init; }

    /// <summary>Counts up with each change to her grants: who changes them takes this row first.</summary>
    public int GrantChanges { get; init; }

    public long? DisabledAt { get; init; }

    public long? LastSignInAt { get; init; }

    /// <summary>When she last set her password by a link that somebody else made; null: never, since her first.</summary>
    public long? ResetAt { get; init; }
}

/// <summary>Attempts since the last success, by HMAC of the name: there need not be such an account.</summary>
[Table("sign_in_attempts", IsColumnAttributeRequired = false)]
internal sealed record SignInAttemptsRow
{
    [PrimaryKey]
    public required string NameIndex { get; init; }

    public required int Attempts { get; init; }

    public required long NextAttemptAt { get; init; }

    public required long LastAt { get; init; }
}

[Table("grants", IsColumnAttributeRequired = false)]
internal sealed record GrantRow
{
    [PrimaryKey(1)]
    public required string PersonId { get; init; }

    [PrimaryKey(2)]
    public required Role Role { get; init; }

    [PrimaryKey(3)]
    public required string UnionId { get; init; }

    public required long GrantedAt { get; init; }

    /// <summary>Null when given by a command.</summary>
    public string? GrantedBy { get; init; }
}

/// <summary>A grant that ended: who gave it, who took it back, when.</summary>
[Table("past_grants", IsColumnAttributeRequired = false)]
internal sealed record PastGrantRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required Role Role { get; init; }

    public required string UnionId { get; init; }

    public required long GrantedAt { get; init; }

    public string? GrantedBy { get; init; }

    public required long EndedAt { get; init; }

    public required string EndedBy { get; init; }
}

/// <summary>What a one-time link is for.</summary>
public enum StaffLinkKind
{
    /// <summary>邀请: a new account.</summary>
    [MapValue("invitation")]
    Invitation,

    /// <summary>重新启用: an account that was disabled.</summary>
    [MapValue("enabling")]
    Enabling,

    /// <summary>重设: a forgotten password, a lost TOTP.</summary>
    [MapValue("reset")]
    Reset,
}

[Table("staff_links", IsColumnAttributeRequired = false)]
internal sealed record StaffLinkRow
{
    public const string TotpPlace = "staff_links.totp";
    public const string ReasonPlace = "staff_links.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required StaffLinkKind Kind { get; init; }

    public required string TokenHash { get; init; }

    /// <summary>Null while an invitation is open: the person comes into being with its acceptance.</summary>
    public string? PersonId { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>Null for a reset, which gives nothing.</summary>
    public Role? Role { get; init; }

    public string? UnionId { get; init; }

    /// <summary>The secret that her authenticator is to learn; null when she needs none.</summary>
    public string? TotpSealed { get; init; }

    public string? ReasonSealed { get; init; }

    /// <summary>Null when made by a command.</summary>
    public string? MadeBy { get; init; }

    public required long MadeAt { get; init; }

    public required long ExpiresAt { get; init; }

    public long? UsedAt { get; init; }

    public long? WithdrawnAt { get; init; }
}

[Table("recovery_codes", IsColumnAttributeRequired = false)]
internal sealed record RecoveryCodeRow
{
    [PrimaryKey(1)]
    public required string PersonId { get; init; }

    [PrimaryKey(2)]
    public required string CodeHash { get; init; }

    public required long MadeAt { get; init; }

    public long? UsedAt { get; init; }
}

[Table("staff_disablings", IsColumnAttributeRequired = false)]
internal sealed record StaffDisablingRow
{
    public const string ReasonPlace = "staff_disablings.reason";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required string ReasonSealed { get; init; }

    public required string DisabledBy { get; init; }

    public required long DisabledAt { get; init; }
}

[Table("phone_codes", IsColumnAttributeRequired = false)]
internal sealed record PhoneCodeRow
{
    [PrimaryKey(1)]
    public required string PersonId { get; init; }

    [PrimaryKey(2)]
    public required string CodeHash { get; init; }

    /// <summary><c>asking</c>, <c>bound</c> or the code of the refusal.</summary>
    public required string Outcome { get; init; }

    public required long AskedAt { get; init; }
}

[Table("consent_texts", IsColumnAttributeRequired = false)]
internal sealed record ConsentTextRow
{
    [PrimaryKey(1)]
    public required string Purpose { get; init; }

    [PrimaryKey(2)]
    public required int Version { get; init; }

    public required string Title { get; init; }

    public required string Body { get; init; }

    public required string TextHash { get; init; }

    public required long CreatedAt { get; init; }
}

[Table("consents", IsColumnAttributeRequired = false)]
internal sealed record ConsentRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required string Purpose { get; init; }

    public required int Version { get; init; }

    public required string TextHash { get; init; }

    public required string Channel { get; init; }

    public required long GivenAt { get; init; }

    public long? WithdrawnAt { get; init; }

    /// <summary>The purpose while the consent lives, null after: UNIQUE with the person.</summary>
    public string? LivePurpose { get; init; }
}
