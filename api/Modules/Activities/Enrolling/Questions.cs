using System.Globalization;
using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>The questions of one activity (报名问题), to hold answers against.</summary>
internal sealed class Questions(IReadOnlyList<QuestionRow> rows)
{
    public const int LongestAnswer = 500;
    private const int LongestNumber = 30;

    public static async Task<Questions> ReadAsync(Db db, string activityId, CancellationToken cancellation) =>
        new(await db.ActivityQuestions.Where(q => q.ActivityId == activityId).OrderBy(q => q.Position).ToListAsync(cancellation));

    /// <summary>Question id → sentence for each answer that is missing or wrong.</summary>
    public Dictionary<string, string[]> Check(IReadOnlyDictionary<string, string> answers)
    {
        var errors = new Dictionary<string, string[]>();
        foreach (var unknown in answers.Keys.Where(id => rows.All(q => q.Id != id)))
        {
            errors[$"answers.{unknown}"] = ["没有这个问题,请刷新后重新填写。"];
        }

        foreach (var question in rows)
        {
            if (Fault(question, answers.GetValueOrDefault(question.Id)) is { } sentence)
            {
                errors[$"answers.{question.Id}"] = [sentence];
            }
        }

        return errors;
    }

    private static string? Fault(QuestionRow question, string? answer)
    {
        if (string.IsNullOrEmpty(answer))
        {
            return question.IsRequired ? "此项必填。" : null;
        }

        // The length first: a number may be written with as many noughts as one likes.
        return question.Kind switch
        {
            _ when answer.Length > LongestAnswer => "最多 500 个字。",
            QuestionKind.Text => null,
            QuestionKind.Number when answer.Length > LongestNumber => "数字最多 30 位。",
            QuestionKind.Number => decimal.TryParse(answer, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
                ? null : "请填写数字。",
            QuestionKind.Date => DateOnly.TryParseExact(answer, "yyyy-MM-dd", out _) ? null : "请填写日期,例如 2026-05-01。",
            QuestionKind.Consent => answer == "agreed" || (answer == "refused" && !question.IsRequired) ? null : "需要您同意后才能报名。",
            _ => JsonSerializer.Deserialize<List<string>>(question.Options!, ContractJson.Stored)!.Contains(answer) ? null : "请从列出的选项中选择。",
        };
    }
}
