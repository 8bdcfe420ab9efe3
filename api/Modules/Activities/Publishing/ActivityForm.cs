using System.Text.Json;
using WeChatUnion.Api.Infrastructure.Contract;
using WeChatUnion.Api.Infrastructure.Database;
using WeChatUnion.Api.Infrastructure.Errors;
using WeChatUnion.Api.Modules.Activities.Allocating;

namespace WeChatUnion.Api.Modules.Activities.Publishing;

/// <summary>活动的内容, as an organiser writes it and reads it back.</summary>
/// <param name="UnionId">The organising union (主办工会).</param>
/// <param name="Body">What it is about, plain text.</param>
/// <param name="Latitude">GCJ-02 degrees, as WeChat's maps use.</param>
/// <param name="Longitude">GCJ-02 degrees.</param>
/// <param name="DivisionCode">Where it takes place.</param>
/// <param name="CostNote">What it costs and who pays.</param>
/// <param name="Allocation">How places are given; shown to workers before sign-up opens.</param>
/// <param name="CancelUntil">Until then a place is given back without points; not after the first session begins.</param>
/// <param name="MostGuests">How many guests one person may bring.</param>
/// <param name="OfferHours">How long an offer from the waiting list holds.</param>
/// <param name="MergesAt">When unused places of the groups merge; null means never.</param>
/// <param name="Draw">With allocation draw only: the public value that decides, named before anybody can know it.</param>
/// <param name="CoverFileId">An uploaded image (purpose activity_cover).</param>
public sealed record ActivityForm(
    [property: Needed, Id] string? UnionId,
    [property: Needed, KnownWord] ActivityKind? Kind,
    [property: Needed, LengthBetween(2, 60)] string? Title,
    [property: Needed, LengthBetween(2, 5000)] string? Body,
    [property: Needed, LengthBetween(2, 120)] string? Place,
    double? Latitude,
    double? Longitude,
    [property: Needed, Form("^[0-9]{6,12}$", "请选择举办地的行政区划。")] string? DivisionCode,
    [property: LengthBetween(0, 200)] string? CostNote,
    [property: Needed, KnownWord] Allocation? Allocation,
    [property: Needed] DateTimeOffset? OpensAt,
    [property: Needed] DateTimeOffset? ClosesAt,
    [property: Needed] DateTimeOffset? CancelUntil,
    [property: Needed, AtMostItems(60)] IReadOnlyList<ActivityForm.Session>? Sessions,
    [property: Needed, AtMostItems(20)] IReadOnlyList<ActivityForm.Group>? Groups,
    [property: AtMostItems(20)] IReadOnlyList<ActivityForm.Question>? Questions,
    [property: Between(0, 5)] int? MostGuests,
    bool? HasWaitingList,
    [property: Between(1, 72)] int? OfferHours,
    DateTimeOffset? MergesAt,
    ActivityForm.PublicValue? Draw,
    [property: Id] string? CoverFileId)
{
    private const long DayInMilliseconds = 86_400_000;
    private const int DaysBack = 365;
    private const int DaysAhead = 3650;

    /// <summary>The list of a draw is frozen after closing and before its value is known.</summary>
    private static readonly TimeSpan TimeToFreeze = TimeSpan.FromMinutes(1);

    /// <summary>Two officers read the value and enter it.</summary>
    private static readonly TimeSpan TimeToDraw = TimeSpan.FromHours(2);

    /// <summary>The organiser decides one by one.</summary>
    private static readonly TimeSpan TimeToChoose = TimeSpan.FromHours(1);

    /// <param name="Id">Given by the server; leave out when writing.</param>
    /// <param name="Name">For activities of several sessions.</param>
    public sealed record Session(
        string? Id, [property: LengthBetween(0, 60)] string? Name, [property: Needed] DateTimeOffset? StartsAt, [property: Needed] DateTimeOffset? EndsAt);

    /// <param name="Id">Given by the server; leave out when writing.</param>
    /// <param name="Rules">Who may take a place here; null means everybody.</param>
    public sealed record Group(
        string? Id, [property: Needed, LengthBetween(1, 40)] string? Name, [property: Needed, Between(1, 100_000)] int? Capacity, EligibilityRules? Rules);

    /// <param name="Id">Given by the server; leave out when writing.</param>
    /// <param name="Options">The options of a choice, 2 to 20.</param>
    public sealed record Question(
        string? Id, [property: Needed, KnownWord] QuestionKind? Kind, [property: Needed, LengthBetween(1, 200)] string? Wording, bool? IsRequired, [property: AtMostItems(20)] IReadOnlyList<string>? Options);

    /// <param name="Source">Whose published number it is; 福彩双色球 (the winning numbers) when left out.</param>
    /// <param name="Issue">期号, e.g. 2026138.</param>
    /// <param name="KnownAt">When it becomes known: a minute or more after sign-up closes, two hours or more before the first session begins.</param>
    public sealed record PublicValue(
        [property: LengthBetween(2, 60)] string? Source, [property: Needed, LengthBetween(1, 40)] string? Issue, [property: Needed] DateTimeOffset? KnownAt);

    internal static ActivityForm Of(
        ActivityRow a, IEnumerable<SessionRow> sessions, IEnumerable<GroupRow> groups, IEnumerable<QuestionRow> questions, DrawRow? draw) => new(
        a.UnionId,
        a.Kind,
        a.Title,
        a.Body,
        a.Place,
        Degrees(a.LatitudeE6),
        Degrees(a.LongitudeE6),
        a.DivisionCode,
        a.CostNote,
        a.Allocation,
        Instants.At(a.OpensAt),
        Instants.At(a.ClosesAt),
        Instants.At(a.CancelUntil),
        [.. sessions.Select(s => new Session(s.Id, s.Name, Instants.At(s.StartsAt), Instants.At(s.EndsAt)))],
        [.. groups.Select(g => new Group(g.Id, g.Name, g.Capacity, JsonSerializer.Deserialize<EligibilityRules>(g.Rules, ContractJson.Stored)))],
        [.. questions.Select(q => new Question(
            q.Id, q.Kind, q.Wording, q.IsRequired, q.Options is null ? null : JsonSerializer.Deserialize<List<string>>(q.Options, ContractJson.Stored)))],
        a.MostGuests,
        a.HasWaitingList,
        a.OfferHours,
        Instants.At(a.MergesAt),
        draw is null ? null : new PublicValue(draw.Source, draw.Issue, Instants.At(draw.KnownAt)),
        a.CoverFileId);

    /// <summary>Within the years that every database and phone can tell: from a year ago until ten years from now.</summary>
    internal static bool IsTellable(DateTimeOffset? at, long now) =>
        at is null || (at.Value.ToUnixTimeMilliseconds() - now) / (double)DayInMilliseconds is >= -DaysBack and <= DaysAhead;

    /// <summary>What single fields cannot see: times in order, options of choices, whole coordinates.</summary>
    internal void Check(long now, IEnumerable<KindRule> kindRules)
    {
        var errors = new Dictionary<string, string[]>();
        foreach (var (field, at) in Times())
        {
            Unless(IsTellable(at, now), field, "时间应在过去一年到今后十年之间。");
        }

        var begin = Sessions is { Count: > 0 } ? Sessions.Min(s => s.StartsAt!.Value) : (DateTimeOffset?)null;
        Unless(begin is not null, "sessions", "请至少填写一个场次。");
        Unless(Groups is { Count: > 0 }, "groups", "请至少填写一个名额组。");
        Unless(Sessions?.All(s => s.StartsAt < s.EndsAt) != false, "sessions", "每个场次的结束时间应晚于开始时间。");
        Unless(OpensAt < ClosesAt, "closesAt", "报名截止时间应晚于报名开始时间。");
        Unless(begin is null || ClosesAt <= begin, "closesAt", "报名截止时间不应晚于第一个场次开始。");
        Unless(begin is null || CancelUntil <= begin, "cancelUntil", "取消截止时间不应晚于第一个场次开始。");
        Unless(MergesAt is null || (MergesAt > OpensAt && (begin is null || MergesAt < begin)), "mergesAt", "名额合并时间应在报名开始之后、活动开始之前。");
        Unless(Latitude is null == Longitude is null, "latitude", "请同时填写经度和纬度。");
        Unless(Latitude is null or (>= -90 and <= 90), "latitude", "纬度应在 -90 到 90 之间。");
        Unless(Longitude is null or (>= -180 and <= 180), "longitude", "经度应在 -180 到 180 之间。");
        Unless(Questions?.All(HasItsOptions) != false, "questions", "选择题请填写 2 到 20 个选项,其他题型不填选项。");
        Unless(Groups?.All(g => !(g.Rules?.LeastAge > g.Rules?.MostAge)) != false, "groups", "年龄下限不应大于上限。");
        Unless((Allocation == Activities.Allocation.Draw) == (Draw is not null), "draw", "抽签分配请填写公开值的期号和公布时间,其他分配方式不填写。");
        Unless(
            Allocation != Activities.Allocation.Choice || begin is null || begin - ClosesAt >= TimeToChoose,
            "closesAt",
            "由组织者审定名额的,报名截止时间应比第一个场次至少早 1 小时,留出审定的时间。");
        if (Draw is { } draw)
        {
            Unless(draw.KnownAt - ClosesAt >= TimeToFreeze, "draw.knownAt", "公开值的公布时间应比报名截止时间至少晚 1 分钟。");
            Unless(begin is null || begin - draw.KnownAt >= TimeToDraw, "draw.knownAt", "公开值的公布时间应比第一个场次至少早 2 小时,留出核对和抽签的时间。");
            var isIssue = DrawValueForm.OfIssue(draw.Source).IsMatch(draw.Issue!);
            Unless(isIssue, "draw.issue", "双色球期号为 7 位数字,例如 2026138。");
            if (isIssue && DrawValueForm.IsUsual(draw.Source))
            {
                Unless(UsualIssues.IsEvening(draw.KnownAt!.Value), "draw.knownAt", UsualIssues.EveningSentence);
                var fault = UsualIssues.Fault(draw.Issue!, draw.KnownAt.Value);
                Unless(fault is null, "draw.issue", fault!);
            }
        }

        if (errors.Count == 0)
        {
            foreach (var (field, sentence) in kindRules.Where(r => r.Kind == Kind).SelectMany(r => r.Faults(this)))
            {
                Unless(false, field, sentence);
            }
        }

        if (errors.Count > 0)
        {
            throw Refusal.OfFields(errors);
        }

        void Unless(bool isRight, string field, string sentence)
        {
            if (!isRight)
            {
                errors.TryAdd(field, [sentence]);
            }
        }
    }

    private IEnumerable<(string Field, DateTimeOffset? At)> Times() =>
    [
        ("opensAt", OpensAt), ("closesAt", ClosesAt), ("cancelUntil", CancelUntil), ("mergesAt", MergesAt), ("draw.knownAt", Draw?.KnownAt),
        .. (Sessions ?? []).SelectMany(s => new[] { ("sessions", s.StartsAt), ("sessions", s.EndsAt) }),
    ];

    private static bool HasItsOptions(Question q) => q.Kind == QuestionKind.Choice
        ? q.Options is { Count: >= 2 } && q.Options.All(o => o is { Length: > 0 and <= 60 }) && q.Options.Distinct().Count() == q.Options.Count
        : q.Options is null or { Count: 0 };

    private static double? Degrees(int? millionths) => millionths is { } m ? m / 1e6 : null;
}
