using System.Globalization;
using System.Text.Json;
using LinqToDB;
using LinqToDB.Async;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Modules.Activities.Attending;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Activities.Reporting;

/// <summary>The rows of the attendance sheet: the enrolled, group by group, in order of their numbers.</summary>
/// <param name="PersonIds">Who stands on it.</param>
internal sealed record AttendanceSheet(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows, IReadOnlyList<string> PersonIds)
{
    private static readonly string[] Before = ["报名序号", "姓名", "手机尾号", "所属工会", "名额组", "同行人数"];
    private static readonly string[] After = ["签到", "备注"];

    public static async Task<AttendanceSheet> ReadAsync(Db db, string activityId, FieldCipher cipher, CancellationToken cancellation)
    {
        var questions = await db.ActivityQuestions.Where(q => q.ActivityId == activityId).OrderBy(q => q.Position).ToListAsync(cancellation);
        var (groups, persons, records, memberships, unions) = (db.ActivityGroups, db.Persons, db.MemberRecords, db.Memberships, db.Unions);
        var rows = await (
            from enrolment in db.Enrolments
            join grouped in groups on enrolment.GroupId equals grouped.Id
            join person in persons on enrolment.PersonId equals person.Id
            from record in records.LeftJoin(r => r.PersonId == enrolment.PersonId)
            from membership in memberships.LeftJoin(m => m.LivePersonId == enrolment.PersonId)
            from union in unions.LeftJoin(u => u.Id == membership.UnionId)
            where enrolment.ActivityId == activityId && enrolment.State == EnrolmentState.Enrolled
            orderby grouped.Position, enrolment.Number
            select new { enrolment, Group = grouped.Name, person.PhoneTail, record.Name, Union = union.Name }).ToListAsync(cancellation);
        var seen = await SeenAsync(db, activityId, cancellation);
        return new AttendanceSheet(
            [.. Before, .. questions.Select((q, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1}. {q.Wording}")), .. After],
            [.. rows.Select(r => (IReadOnlyList<string?>)
            [
                r.enrolment.Number.ToString(CultureInfo.InvariantCulture),
                r.Name,
                r.PhoneTail,
                r.Union,
                r.Group,
                r.enrolment.Guests.ToString(CultureInfo.InvariantCulture),
                .. AnswersOf(r.enrolment, questions, cipher),
                seen.GetValueOrDefault(r.enrolment.Id, ""),
                "",
            ])],
            [.. rows.Select(r => r.enrolment.PersonId)]);
    }

    /// <summary>Sign-up → when she was first checked in; who was not is not in it, and there is room to sign by hand.</summary>
    private static async Task<Dictionary<string, string>> SeenAsync(Db db, string activityId, CancellationToken cancellation)
    {
        var enrolments = db.Enrolments;
        var first = await db.CheckIns.Where(c => enrolments.Any(e => e.Id == c.EnrolmentId && e.ActivityId == activityId))
            .GroupBy(c => c.EnrolmentId).Select(g => new { EnrolmentId = g.Key, At = g.Min(c => c.ScannedAt ?? c.At) }).ToListAsync(cancellation);
        return first.ToDictionary(f => f.EnrolmentId, f => Instants.At(f.At).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
    }

    private static IEnumerable<string?> AnswersOf(EnrolmentRow enrolment, List<QuestionRow> questions, FieldCipher cipher)
    {
        var answers = enrolment.AnswersSealed is null
            ? []
            : JsonSerializer.Deserialize<Dictionary<string, string>>(
                cipher.Open(EnrolmentRow.AnswersPlace, enrolment.Id, enrolment.AnswersSealed), ContractJson.Stored)!;
        return questions.Select(q => (q.Kind, answers.GetValueOrDefault(q.Id)) switch
        {
            (QuestionKind.Consent, "agreed") => "同意",
            (QuestionKind.Consent, "refused") => "不同意",
            var (_, answer) => answer,
        });
    }
}
