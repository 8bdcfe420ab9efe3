using System.Globalization;
using System.Text;
using WeChatUnion.Api.Modules.Singles.Plates;

namespace WeChatUnion.Api.Modules.Singles.Ballots;

/// <summary>What a ballot is bound to: it opens where all of it is as it was.</summary>
internal sealed record BallotPlace(string RoundId, string PersonId, Plate Plate, long HandedInAt)
{
    public byte[] Bytes() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{RoundId}|{PersonId}|{Plate}|{HandedInAt}"));
}
