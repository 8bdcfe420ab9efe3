using System.Runtime.CompilerServices;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using WeChatUnion.Api.Infrastructure.Privacy;
using WeChatUnion.Api.Infrastructure.WeChat;
using WeChatUnion.Api.Modules.Messages.Delivering;

namespace WeChatUnion.Api.Modules.Messages.Emails;

/// <summary>电子邮件 to staff. The mail library is loaded with the first mail, not with the program.</summary>
internal sealed class EmailChannel(EmailSettings settings, FieldCipher cipher, TimeProvider clock) : IDeliveryChannel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>As stored.</summary>
    public const string Word = "email";

    public string Name => Word;

    public Task<SubscribeAnswer> SendAsync(Claimed delivery, Payload payload, CancellationToken cancellation) =>
        settings.IsOn ? MailAsync(delivery, payload, cancellation) : Task.FromResult(new SubscribeAnswer(SubscribeResult.Unreachable));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<SubscribeAnswer> MailAsync(Claimed delivery, Payload payload, CancellationToken cancellation)
    {
        var hasLeft = false;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            using var message = MessageOf(cipher.Open(StaffEmailRow.AddressPlace, delivery.PersonId, delivery.AddressSealed!), delivery.Id, payload);
            using var client = new SmtpClient();
            await client.ConnectAsync(settings.Host, settings.Port, SecurityOf(settings.Security), limit.Token);
            if (settings.User.Length > 0)
            {
                await client.AuthenticateAsync(settings.User, settings.Password, limit.Token);
            }

            hasLeft = true;
            await client.SendAsync(message, limit.Token);
            await client.DisconnectAsync(quit: true, limit.Token);
            return new SubscribeAnswer(SubscribeResult.Sent);
        }
        catch (SmtpCommandException refused)
        {
            // 4xx: come again; so a server answers a sender whom it does not know yet.
            var isForGood = refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted && (int)refused.StatusCode >= 500;
            return new SubscribeAnswer(isForGood ? SubscribeResult.NoSuchPerson : SubscribeResult.Busy, (int)refused.StatusCode);
        }
        catch (AuthenticationException)
        {
            return new SubscribeAnswer(SubscribeResult.Wrong, 535);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or System.Net.Sockets.SocketException or SslHandshakeException or SmtpProtocolException)
        {
            return new SubscribeAnswer(hasLeft ? SubscribeResult.Unknown : SubscribeResult.Unreachable);
        }
    }

    private MimeMessage MessageOf(string address, string id, Payload payload)
    {
        var message = new MimeMessage { Subject = payload.Subject!, Date = clock.GetUtcNow(), Body = new TextPart("plain") { Text = payload.Text! } };
        message.From.Add(MailboxAddress.Parse(settings.From));
        message.To.Add(new MailboxAddress("", address));

        // The same for a repeat, so that a mail program can show it once.
        message.MessageId = $"{id}@wechat-union";
        return message;
    }

    private static SecureSocketOptions SecurityOf(string word) => word switch
    {
        "tls" => SecureSocketOptions.SslOnConnect,
        "starttls" => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };
}
