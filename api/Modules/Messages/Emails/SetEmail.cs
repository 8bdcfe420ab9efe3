using System.Net.Mail;
using LinqToDB;
using LinqToDB.Mapping;
using Microsoft.AspNetCore.Http.HttpResults;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.Sessions;

namespace WeChatUnion.Api.Modules.Messages.Emails;

/// <summary>A staff member says where she wants to be told, or that she does not any more.</summary>
internal static class SetEmail
{
    public sealed record Request([property: Needed, LengthBetween(5, 100)] string? Address);

    /// <summary>设置通知邮箱 (set my address).</summary>
    internal static async Task<NoContent> Handle(
        Request request, Caller caller, EmailSettings settings, Database database, FieldCipher cipher, TimeProvider clock, CancellationToken cancellation)
    {
        if (!settings.IsOn)
        {
            throw new Refusal(MessagesProblems.EmailOff);
        }

        if (!MailAddress.TryCreate(request.Address, out var address) || address.Address != request.Address || !request.Address.All(c => char.IsBetween(c, '!', '~')))
        {
            throw Refusal.OfField("address", "邮箱地址格式不正确。");
        }

        await database.TransactAsync(
            async db =>
            {
                var now = clock.Milliseconds();
                await db.GetTable<StaffEmailRow>().DeleteAsync(e => e.PersonId == caller.PersonId, cancellation);
                await db.InsertAsync(
                    new StaffEmailRow { PersonId = caller.PersonId, AddressSealed = cipher.Seal(StaffEmailRow.AddressPlace, caller.PersonId, request.Address), SetAt = now },
                    token: cancellation);
                await Audit.WriteAsync(db, caller, "set_email", "person", caller.PersonId, now, caller.PersonId);
            },
            cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>不再接收邮件 (remove it).</summary>
    internal static async Task<NoContent> HandleRemoval(Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        await database.TransactAsync(
            async db =>
            {
                if (await db.GetTable<StaffEmailRow>().DeleteAsync(e => e.PersonId == caller.PersonId, cancellation) > 0)
                {
                    await Audit.WriteAsync(db, caller, "remove_email", "person", caller.PersonId, clock.Milliseconds(), caller.PersonId);
                }
            },
            cancellation);
        return TypedResults.NoContent();
    }
}

[Table("staff_emails", IsColumnAttributeRequired = false)]
internal sealed record StaffEmailRow
{
    public const string AddressPlace = "staff_emails.address";

    [PrimaryKey]
    public required string PersonId { get; init; }

    public required string AddressSealed { get; init; }

    public required long SetAt { get; init; }
}
