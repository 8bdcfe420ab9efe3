using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Contract;

namespace WeChatUnion.Api.Modules.Activities.Enrolling;

/// <summary>The places of one group during a turn.</summary>
internal sealed class GroupPlaces(GroupRow row)
{
    public GroupRow Row { get; } = row;

    public EligibilityRules Rules { get; } = JsonSerializer.Deserialize<EligibilityRules>(row.Rules, ContractJson.Stored)!;

    public int Capacity { get; set; } = row.Capacity;

    public int Taken { get; private set; } = row.Taken;

    public int LastLine { get; private set; } = row.LastLine;

    /// <summary>How many stand in the line.</summary>
    public int Waiting { get; private set; } = row.Waiting;

    public int Free => Capacity - Taken;

    public bool HasChanged => Capacity != Row.Capacity || Taken != Row.Taken || Waiting != Row.Waiting || LastLine != Row.LastLine;

    public bool TryTake(int party)
    {
        if (Free < party)
        {
            return false;
        }

        Taken += party;
        return true;
    }

    public void GiveBack(int party) => Taken -= party;

    /// <summary>The mark of the next one in the line.</summary>
    public int Join()
    {
        Waiting++;
        return ++LastLine;
    }

    public void LeaveLine() => Waiting--;

    /// <summary>Somebody who held places stands in the line again.</summary>
    public void Return() => Waiting++;
}
