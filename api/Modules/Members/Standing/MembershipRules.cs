namespace WeChatUnion.Api.Modules.Members.Standing;

/// <summary>What a state means (the table of domain/members.md 1.3).</summary>
internal static class MembershipRules
{
    /// <summary>Whom the member statistics count: retained members are left out.</summary>
    public static readonly IReadOnlyList<MembershipState> Counted = [MembershipState.Active, MembershipState.Transferring];

    /// <summary>One person has at most one membership in these.</summary>
    public static readonly IReadOnlyList<MembershipState> Live = [MembershipState.Active, MembershipState.Transferring, MembershipState.Retained];

    public static bool IsCounted(this MembershipState state) => Counted.Contains(state);

    /// <summary>While transferring still in the old union, which <c>union_id</c> names until the new one accepts.</summary>
    public static bool PaysDues(this MembershipState state) => state is MembershipState.Active or MembershipState.Transferring;

    /// <inheritdoc cref="PaysDues"/>
    public static bool Votes(this MembershipState state) => state is MembershipState.Active or MembershipState.Transferring;

    public static bool IsLive(this MembershipState state) => Live.Contains(state);
}

/// <summary>会籍变动: codes of the table <c>membership_change</c>.</summary>
internal static class ChangeKind
{
    public const string TransferIn = "02";
    public const string TransferOut = "03";
    public const string Retention = "04";
    public const string Resumption = "05";
    public const string Withdrawal = "06";
    public const string AutomaticLeaving = "07";
    public const string Expulsion = "08";
    public const string Death = "09";
    public const string Correction = "10";
}
