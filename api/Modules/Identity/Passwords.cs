using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace WeChatUnion.Api.Modules.Identity;

/// <summary>Hashes and checks staff passwords with the framework's hasher.</summary>
internal sealed class Passwords
{
    private static readonly object Nobody = new();

    private readonly PasswordHasher<object> hasher;
    private readonly string nobodysHash;

    public Passwords(StaffSettings settings)
    {
        hasher = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = settings.PasswordIterations }));
        nobodysHash = hasher.HashPassword(Nobody, Guid.NewGuid().ToString());
    }

    public string Hash(string password) => hasher.HashPassword(Nobody, password);

    /// <summary>
    /// With no hash to compare (an unknown name, an account that was disabled), as much time is spent: the answer must
    /// not come sooner.
    /// </summary>
    public bool Matches(string? hash, string password)
    {
        var isThere = !string.IsNullOrEmpty(hash);
        return hasher.VerifyHashedPassword(Nobody, isThere ? hash! : nobodysHash, password) != PasswordVerificationResult.Failed && isThere;
    }
}
