using LinqToDB;
using LinqToDB.Data;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

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

        public ITable<PhoneCodeRow> PhoneCodes => db.GetTable<PhoneCodeRow>();

        public ITable<ConsentTextRow> ConsentTexts => db.GetTable<ConsentTextRow>();

        public ITable<ConsentRow> Consents => db.GetTable<ConsentRow>();

        public Task<List<GrantRow>> GrantsOfAsync(string personId, CancellationToken cancellation) =>
            db.QueryToListAsync<GrantRow>(
                "SELECT person_id, role, union_id, granted_at FROM grants WHERE person_id = @personId", new { personId }, cancellation);
    }
}

[Table("persons", IsColumnAttributeRequired = false)]
internal sealed record PersonRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public string? PhoneSealed { get; init; }

    public string? PhoneIndex { get; init; }

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

    public required bool IsDemo { get; init; }

    public required long CreatedAt { get; init; }
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
