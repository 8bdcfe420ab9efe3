using LinqToDB;
using LinqToDB.Mapping;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Counselling.Supervision;

internal enum SupervisionState
{
    [MapValue("sent")]
    Sent,
    [MapValue("answered")]
    Answered,
}

/// <summary>What a counsellor wrote for her supervisor (督导). It leads to her, and to no talk and no client.</summary>
[Table("supervision_texts", IsColumnAttributeRequired = false)]
internal sealed record SupervisionTextRow
{
    public const string TextPlace = "supervision_texts.text";

    [PrimaryKey]
    public required string Id { get; init; }

    public required string CounsellorId { get; init; }

    public required SupervisionState State { get; init; }

    /// <summary><see cref="SupervisionWords"/> as JSON.</summary>
    public required string TextLocked { get; init; }

    /// <summary>The end of a year, as of notes.</summary>
    public required string KeptUntil { get; init; }
}

/// <param name="SentOn">A civil date.</param>
internal sealed record SupervisionWords(string Text, string SentOn)
{
    public string? Answer { get; init; }

    public string? AnsweredOn { get; init; }

    /// <summary>The supervisor's account.</summary>
    public string? AnsweredBy { get; init; }
}

internal static class SupervisionTables
{
    extension(Db db)
    {
        public ITable<SupervisionTextRow> SupervisionTexts => db.GetTable<SupervisionTextRow>();
    }
}
