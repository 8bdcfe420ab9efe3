using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;
using WeChatUnion.Api.Modules.Unions;

namespace WeChatUnion.Api.Modules.Members;

/// <summary>First step of the application: who I am.</summary>
internal static class FillInIdentity
{
    /// <param name="Version">The application's version as last read; null at the very first step.</param>
    /// <param name="Name">As on the document; · for minority names.</param>
    /// <param name="IdType">Code of the table <c>id_type</c>.</param>
    /// <param name="IdNumber">For types 1 and 2 by GB 11643.</param>
    /// <param name="IdValidTo">yyyy-MM-dd or <c>long_term</c> (长期).</param>
    /// <param name="Ethnicity">Code of the table <c>ethnicity</c>.</param>
    /// <param name="Sex">Only for document types without it in the number: code of the table <c>sex</c>.</param>
    /// <param name="BirthOn">Only for document types without it in the number.</param>
    public sealed record Request(
        int? Version,
        [property: Needed, LengthBetween(2, 30)] string? Name,
        [property: Needed, CodeOf("id_type")] string? IdType,
        [property: Needed, LengthBetween(5, 30)] string? IdNumber,
        [property: Needed, Form("^(long_term|[0-9]{4}-[0-9]{2}-[0-9]{2})$", "请填写有效期截止日期,或选择“长期”。")] string? IdValidTo,
        [property: Needed, CodeOf("ethnicity")] string? Ethnicity,
        [property: CodeOf("sex")] string? Sex,
        DateOnly? BirthOn);

    /// <param name="Version">The application's version now.</param>
    public sealed record Response(int Version);

    /// <summary>入会申请:身份信息 (application, step 1).</summary>
    internal static async Task<Ok<Response>> Handle(
        Request request, Caller caller, Drafts drafts, FieldCipher cipher, LookupIndex index, TimeProvider clock, CancellationToken cancellation)
    {
        var (number, sex, birth) = IdentityDocument.Read(request.IdType, request.IdNumber, request.Sex, request.BirthOn, clock.Today());
        var name = PersonName.Parse(request.Name, mayHaveBlanks: IdentityDocument.MayHaveBlanks(request.IdType))
            ?? throw Refusal.OfField("name", "请填写证件上的姓名,不能有数字或空格,少数民族姓名用“·”分隔。");
        IdentityDocument.CheckValidity(request.IdValidTo!);
        var pair = index.PairOf(MemberRecordRow.IdNumberIndexKind, IdentityDocument.Indexed(request.IdType, number));

        var version = await drafts.FillInAsync(
            caller,
            request.Version,
            (_, record) => Task.FromResult(WithNumber(record) with
            {
                Name = name,
                IdType = request.IdType,
                IdValidTo = request.IdValidTo,
                Sex = sex,
                BirthOn = birth.Stored(),
                Ethnicity = request.Ethnicity,
            }),
            unionId: null,
            cancellation);
        return TypedResults.Ok(new Response(version));

        // A number that stands there already is left as it is, whatever keys it stands under.
        MemberRecordRow WithNumber(MemberRecordRow record) => pair.IsSameAs(record.IdNumberIndex, record.IdNumberFormerIndex)
            ? record
            : record with
            {
                IdNumberSealed = cipher.Seal(MemberRecordRow.IdNumberPlace, caller.PersonId, number),
                IdNumberIndex = pair.Index,
                IdNumberFormerIndex = pair.Former,
            };
    }
}
