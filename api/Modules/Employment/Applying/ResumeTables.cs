using LinqToDB.Mapping;

namespace WeChatUnion.Api.Modules.Employment.Applying;

[Table("resumes", IsColumnAttributeRequired = false)]
internal sealed record ResumeRow
{
    public const string DetailsPlace = "resumes.details";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    /// <summary>JSON of a <see cref="ResumeForm"/>.</summary>
    public required string DetailsSealed { get; init; }

    public required int Version { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }
}

/// <summary>An officer has confirmed that somebody is to be helped first.</summary>
[Table("hardship_marks", IsColumnAttributeRequired = false)]
internal sealed record HardshipMarkRow
{
    public const string BasisPlace = "hardship_marks.basis";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    /// <summary>The person while it holds, null after: UNIQUE.</summary>
    public string? LivePersonId { get; init; }

    /// <summary>Word of a <see cref="HardshipBasis"/>.</summary>
    public required string BasisSealed { get; init; }

    public required string MadeBy { get; init; }

    public required long At { get; init; }

    public string? EndedBy { get; init; }

    public long? EndedAt { get; init; }
}

/// <summary>
/// A person's separate consent that one employer sees her résumé, and perhaps her phone (PIPL art. 23): to which text, when
/// given and when taken back.
/// </summary>
[Table("employer_disclosures", IsColumnAttributeRequired = false)]
internal sealed record EmployerDisclosureRow
{
    [PrimaryKey]
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required string EmployerId { get; init; }

    /// <summary>The person while it holds, null after: UNIQUE with the employer.</summary>
    public string? LivePersonId { get; init; }

    public required int Version { get; init; }

    public required string TextHash { get; init; }

    public required string Channel { get; init; }

    public required long GivenAt { get; init; }

    /// <summary>Null: this employer does not see her phone.</summary>
    public long? PhoneGivenAt { get; init; }

    /// <summary>When she took it back, or it came to its end (<see cref="EndDisclosures"/>).</summary>
    public long? WithdrawnAt { get; init; }
}
