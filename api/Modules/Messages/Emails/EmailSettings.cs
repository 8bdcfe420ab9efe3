using System.Net.Mail;

namespace WeChatUnion.Api.Modules.Messages.Emails;

/// <summary>Section <c>Email</c>: the mail server (SMTP) by which staff are told.</summary>
internal sealed record EmailSettings
{
    /// <summary>Empty: no e-mail is sent.</summary>
    public string Host { get; init; } = "";

    public int Port { get; init; } = 465;

    /// <summary>tls (from the start, usually port 465), starttls (587) or none (a relay on this machine only).</summary>
    public string Security { get; init; } = "tls";

    public string User { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>The sender's address.</summary>
    public string From { get; init; } = "";

    public bool IsOn => Host.Length > 0;

    public IEnumerable<string> Faults(bool production)
    {
        if (!IsOn)
        {
            yield break;
        }

        if (Port is < 1 or > 65535)
        {
            yield return "Email:Port 应为 1 到 65535。";
        }

        if (Security is not ("tls" or "starttls" or "none"))
        {
            yield return "Email:Security 应为 tls、starttls 或 none。";
        }
        else if (production && Security == "none" && Host is not ("localhost" or "127.0.0.1"))
        {
            yield return "Email:Security 为 none:生产环境只能对本机的邮件服务器不加密。";
        }

        if (!MailAddress.TryCreate(From, out _))
        {
            yield return "Email:From 不是邮箱地址。";
        }
    }
}
