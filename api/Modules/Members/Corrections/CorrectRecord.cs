using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Notices;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Identity;
using WeChatUnion.Api.Modules.Members.Standing;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members.Corrections;

/// <summary>An officer corrects a member's registration form; who she is (name, document) only with a second officer.</summary>
internal static class CorrectRecord
{
    /// <param name="Version">The membership's version that the officer read.</param>
    /// <param name="Reason">Told to the member.</param>
    /// <param name="Name">This and every following field: null leaves it as it is.</param>
    /// <param name="IdNumber">For types 1 and 2 sex and birth follow from it.</param>
    public sealed record Request(
        [property: Needed] int? Version,
        [property: Needed, LengthBetween(2, 300)] string? Reason,
        [property: LengthBetween(2, 30)] string? Name,
        [property: CodeOf("id_type")] string? IdType,
        [property: LengthBetween(5, 30)] string? IdNumber,
        [property: CodeOf("sex")] string? Sex,
        DateOnly? BirthOn,
        [property: Form("^(long_term|[0-9]{4}-[0-9]{2}-[0-9]{2})$", "请填写有效期截止日期,或选择“长期”。")] string? IdValidTo,
        [property: CodeOf("ethnicity")] string? Ethnicity,
        [property: CodeOf("education")] string? Education,
        [property: CodeOf("political_status")] string? PoliticalStatus,
        [property: CodeOf("household_type")] string? HouseholdType,
        [property: Form("^[0-9]{6}$", "请填写 6 位行政区划代码。")] string? HouseholdDivision,
        [property: Form("^([0-9]{9}|[0-9]{12})$", "请选择乡镇或村(社区)。")] string? HomeDivision,
        bool? IsMigrant,
        [property: CodeOf("new_form_of_employment")] string? NewFormOfEmployment,
        [property: CodeOf("employment_status")] string? EmploymentStatus,
        [property: CodeOf("employment_form")] string? EmploymentForm,
        [property: LengthBetween(2, 120)] string? EmployerName,
        [property: LengthBetween(0, 60)] string? Department,
        [property: LengthBetween(0, 60)] string? Post,
        [property: CodeOf("skill_level")] string? SkillLevel,
        [property: CodeOf("technical_title")] string? TechnicalTitle,
        [property: CodeOf("model_worker")] string? ModelWorker);

    /// <param name="State">applied at once, or proposed until a second officer confirms.</param>
    public sealed record Response(string Id, CorrectionState State);

    /// <summary>更正会员登记表 (correct a registration form).</summary>
    internal static async Task<Created<Response>> Handle(
        string id, Request request, IdempotencyKey key, Caller caller, Reach reach, Idempotency idempotency, Correcting correcting, FieldCipher cipher, IMessenger messenger, Database database, CancellationToken cancellation)
    {
        var correctionId = await idempotency.OnceAsync(
            key,
            caller,
            request,
            async (db, correctionId, now) =>
            {
                var membership = await MembershipDeeds.FindForDeedAsync(
                    db, id, request.Version!.Value, reach, caller, MembershipRules.Live, cancellation);
                var record = await db.MemberRecords.FirstAsync(r => r.PersonId == membership.PersonId, cancellation);
                await FillInProfile.CheckHomeAsync(db, request.HomeDivision, cancellation);
                var after = correcting.Differing(record, ValuesOf(request, record, cipher, Instants.DateOf(now)));
                if (after.Count == 0)
                {
                    throw new Refusal(MembersProblems.NothingToCorrect);
                }

                var correction = correcting.New(correctionId, membership, record, after, request.Reason, caller.PersonId, now);
                await WriteAsync(db, correction, membership, record, correcting, caller, now, cancellation);
                if (correction.State == CorrectionState.Applied)
                {
                    await TellAsync(db, messenger, membership, request.Reason!, correctionId, now);
                }
            },
            cancellation);

        await using var db = database.Open();
        var made = await db.Corrections.FirstAsync(c => c.Id == correctionId, cancellation);
        return TypedResults.Created($"/api/v1/office/memberships/{id}", new Response(made.Id, made.State));
    }

    internal static Task TellAsync(Db db, IMessenger messenger, MembershipRow membership, string reason, string correctionId, long now) => messenger.AddAsync(
        db,
        new Notice(membership.PersonId, "record_corrected", "会员登记表已更正", $"工会更正了您的登记表,原因:{reason}。更正内容可在会籍变动中查看,如有疑问请联系工会。", correctionId),
        now);

    private static async Task WriteAsync(
        Db db, CorrectionRow correction, MembershipRow membership, MemberRecordRow record, Correcting correcting, Caller caller, long now, CancellationToken cancellation)
    {
        try
        {
            await db.InsertAsync(correction, token: cancellation);
        }
        catch (Exception error) when (DatabaseErrors.IsDuplicate(error))
        {
            throw new Refusal(MembersProblems.CorrectionOpen);
        }

        if (correction.State == CorrectionState.Applied)
        {
            await correcting.ApplyAsync(db, correction, membership, record, caller.PersonId, now, cancellation);
        }

        await Audit.WriteAsync(db, caller, "correct_record", "membership", membership.Id, now);
    }

    private static IEnumerable<KeyValuePair<string, string?>> ValuesOf(Request request, MemberRecordRow record, FieldCipher cipher, DateOnly today)
    {
        var idType = request.IdType ?? record.IdType;
        var values = new Dictionary<string, string?>
        {
            ["name"] = request.Name is null
                ? null
                : PersonName.Parse(request.Name, IdentityDocument.MayHaveBlanks(idType))
                    ?? throw Refusal.OfField("name", "请填写证件上的姓名,不能有数字或空格,少数民族姓名用“·”分隔。"),
            ["idValidTo"] = request.IdValidTo,
            ["ethnicity"] = request.Ethnicity,
            ["education"] = request.Education,
            ["politicalStatus"] = request.PoliticalStatus,
            ["householdType"] = request.HouseholdType,
            ["householdDivision"] = request.HouseholdDivision,
            ["homeDivision"] = request.HomeDivision,
            ["isMigrant"] = RecordFields.WordOf(request.IsMigrant),
            ["newFormOfEmployment"] = request.NewFormOfEmployment,
            ["employmentStatus"] = request.EmploymentStatus,
            ["employmentForm"] = request.EmploymentForm,
            ["employerName"] = request.EmployerName,
            ["department"] = request.Department,
            ["post"] = request.Post,
            ["skillLevel"] = request.SkillLevel,
            ["technicalTitle"] = request.TechnicalTitle,
            ["modelWorker"] = request.ModelWorker,
        };
        if (request.IdValidTo is { } validTo)
        {
            IdentityDocument.CheckValidity(validTo);
        }

        if (request.IdType is not null || request.IdNumber is not null || request.Sex is not null || request.BirthOn is not null)
        {
            var document = IdentityDocument.Read(
                idType,
                request.IdNumber ?? RecordFields.Read(record, RecordFields.IdNumber, cipher),
                request.Sex ?? record.Sex,
                request.BirthOn ?? Instants.DateOrNone(record.BirthOn),
                today);
            values["idType"] = idType;
            values[RecordFields.IdNumber] = document.Number;
            values["sex"] = document.Sex;
            values["birthOn"] = document.Birth.Stored();
        }

        return values.Where(v => v.Value is not null);
    }
}
